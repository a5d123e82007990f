import { type DateWords, dateWords } from '../../lib/dates.ts'
import { type Say, messages } from '../../lib/messages.ts'
import type { Incident, Update } from '../incidents/incident.ts'
import { type Locale, inLocale, locales } from '../site/site.ts'
import { type Action, type Review, heads } from './review.ts'

/**
 * What was said on an incident with its review as the newest word: for feeds and for programs, which know updates and
 * the stage `postmortem`, and nothing else.
 */
export function withReview({ updates, review }: Pick<Incident, 'updates' | 'review'>): readonly Update[] {
  if (!review) return updates
  const said = asUpdate(review)
  const at = said.displayedAt ?? said.createdAt
  const later = updates.filter(({ displayedAt }) => displayedAt !== null && displayedAt > at)
  return [...later, said, ...updates.slice(later.length)]
}

function asUpdate(review: Review): Update {
  const publishedAt = review.finalAt ?? review.preliminaryAt ?? review.updatedAt
  const others = locales.filter((locale) => locale !== review.locale && isIn(review, locale))
  return {
    id: review.id,
    stage: 'postmortem',
    body: reviewText(review, review.locale),
    locale: review.locale,
    translations: Object.fromEntries(others.map((locale) => [locale, { body: reviewText(review, locale) }])),
    author: review.author,
    source: 'person',
    affected: null,
    delivered: 'yes',
    nextUpdateBy: null,
    noPromiseReason: null,
    displayedAt: publishedAt,
    revision: 0,
    translates: {},
    createdAt: review.preliminaryAt ?? publishedAt,
    updatedAt: review.updatedAt,
  }
}

/** What became of what a review promised, each a word of its own: what it was, and what was done, or why it will not be. */
export function settledActions(review: Review): readonly Update[] {
  return review.actions.flatMap((action): Update[] => {
    const { id, locale, settledAt } = action
    if (settledAt === null) return []
    const others = locales.filter((one) => one !== locale && action.translations[one]?.word)
    const bodyIn = (one: Locale): string => {
      const word = inLocale({ word: action.word ?? '', translations: action.translations }, 'word', one, locale).text
      return `**${inLocale(action, 'title', one, locale).text}**\n\n${word}`
    }
    return [
      {
        ...asUpdate(review),
        id,
        body: bodyIn(locale),
        locale,
        translations: Object.fromEntries(others.map((one) => [one, { body: bodyIn(one) }])),
        displayedAt: settledAt,
        createdAt: settledAt,
      },
    ]
  })
}

function isIn({ translations }: Review, locale: Locale): boolean {
  return Object.keys(translations[locale] ?? {}).length > 0
}

/** A review as one text, in Markdown, with a heading of the second level for each head; in a language as far as it goes. */
export function reviewText(review: Review, locale: Locale): string {
  const say = messages(locale)
  const dates = dateWords(say('language.formats'), 'UTC')
  const parts = heads.flatMap((head) => {
    const text = review.translations[locale]?.[head]?.text ?? review.heads[head]?.text
    const actions =
      head === 'next' ? review.actions.map((action) => `- ${actionLine(action, { locale, say, dates })}`) : []
    const body = [...(text ? [text] : []), ...(actions.length > 0 ? [actions.join('\n')] : [])]
    return body.length === 0 ? [] : [`## ${say(`review.head.${head}`)}\n\n${body.join('\n\n')}`]
  })
  return parts.join('\n\n')
}

interface Words {
  readonly locale: Locale
  readonly say: Say
  readonly dates: DateWords
}

function actionLine(action: Action, { locale, say, dates }: Words): string {
  const title = inLocale(action, 'title', locale, action.locale).text
  const state = action.state === 'open' && action.overdueAt !== null ? 'overdue' : action.state
  const line = say('action.line', {
    title,
    state: say(`action.${state}`),
    day: say('action.due', { day: dates.day(action.dueOn) }),
  })
  const { text: word } = inLocale(action, 'word', locale, action.locale)
  return word ? `${line}. ${word}` : line
}
