import type { Incident } from '../../domain/incidents/incident.ts'
import type { MadePromise, PromiseKind } from '../../domain/promises/promise.ts'
import { type Action, type Head, type Review, heads, isOverdue } from '../../domain/reviews/review.ts'
import type { Revision } from '../../domain/revisions/revision.ts'
import { type Locale, inLocale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { secondsBetween } from '../../lib/clock.ts'
import { type SafeHtml, markdownIn } from '../../lib/markdown.ts'
import { type NamePart, type Reader, type Words, bareName, directionOf, nameOf } from '../../domain/site/reader.ts'
import type { Promised } from './promises.ts'

/** What was learned from an incident, as it is shown. */
export interface ReviewModel {
  /** When it was published, and who signed it. */
  readonly facts: readonly Words[]
  /** Each correction with its reason, newest first. */
  readonly corrected: readonly (readonly Words[])[]
  readonly heads: readonly HeadSection[]
  readonly actions: readonly ActionLine[]
  readonly kept: readonly { readonly words: Words; readonly kept: boolean }[]
  readonly earlier: readonly Earlier[]
}

interface HeadSection extends Told {
  readonly id: string
  readonly title: string
  /** The original says something else by now. */
  readonly newer: { readonly words: string; readonly href: string; readonly link: string } | null
}

/** A text with its language, if that is not the page's. */
interface Told {
  /** Safe HTML, from `markdownIn()` and nowhere else. */
  readonly html: SafeHtml | null
  readonly lang: Locale | null
  readonly dir: 'ltr' | 'rtl' | null
}

export interface ActionLine {
  readonly id: string
  /** The shape in `views/partials/review.eta`, and the colour. */
  readonly tone: 'done' | 'todo' | 'dropped' | 'overdue'
  readonly word: string
  readonly title: NamePart
  readonly facts: readonly Words[]
  readonly said: NamePart | null
}

/** What stood under its heads until some moment. */
interface Earlier {
  readonly until: Words
  readonly texts: readonly (Told & { readonly title: string })[]
}

/** `revisions`: all of the review, oldest first. */
export function reviewModel(
  review: Review,
  { promises }: Pick<Incident, 'promises'>,
  revisions: readonly Revision[],
  snapshot: Pick<Snapshot, 'today' | 'site'>,
  reader: Reader,
): ReviewModel {
  return {
    facts: factsOf(review, reader),
    corrected: revisions
      .filter(({ shown }) => shown === 'yes')
      .toReversed()
      .map((revision) => [
        reader.phrase('review.corrected', { when: [reader.time(revision.at)] }),
        ...(revision.reason === null
          ? []
          : [
              reader.phrase('review.reason', {
                reason: [nameOf(inLocale(revision, 'reason', reader.locale, review.locale), reader.locale)],
              }),
            ]),
      ]),
    heads: headSections(review, snapshot.site.locale, reader),
    actions: actionLines(review, snapshot, reader),
    kept: promises.flatMap((promise) => outcomeOf(promise, reader) ?? []),
    earlier: revisions.toReversed().map((revision) => earlierTexts(revision, review, reader)),
  }
}

/**
 * The review that is owed next on an incident that is over; null where none is. That its time has passed is written down
 * by the clock, and until then the page sees it by itself.
 */
export function owedReview({ overAt, promises }: Incident, reader: Reader): Promised | null {
  if (!overAt) return null
  const [owed] = promises
    .filter(({ kind, outcome, cameAt }) => isOfReview(kind) && cameAt === null && outcome !== 'let-go')
    .toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
  if (!owed) return null
  const when = [reader.time(owed.dueAt)]
  const isFinal = owed.kind === 'final-review'
  const late = reader.phrase(isFinal ? 'review.lateFinal' : 'review.late', { when })
  const isLate = owed.outcome === 'missed'
  return {
    state: isLate ? 'late' : 'open',
    words: isLate ? late : reader.phrase(isFinal ? 'review.owedFinal' : 'review.owed', { when }),
    late,
    by: owed.dueAt,
    reason: null,
    record: null,
  }
}

function isOfReview(kind: PromiseKind): boolean {
  return kind === 'review' || kind === 'final-review'
}

export function factsOf(review: Review, reader: Reader): Words[] {
  const { preliminaryAt, finalAt, author, locale, translations } = review
  const facts: Words[] = []
  if (finalAt && preliminaryAt) {
    const both = { when: [reader.time(finalAt)], first: [reader.time(preliminaryAt)] }
    facts.push(reader.phrase('review.finalAfter', both))
  } else if (finalAt) facts.push(reader.phrase('review.final', { when: [reader.time(finalAt)] }))
  else if (preliminaryAt) facts.push(reader.phrase('review.preliminary', { when: [reader.time(preliminaryAt)] }))
  if (author) facts.push(reader.phrase('review.by', { name: [bareName(author)] }))
  if (locale !== reader.locale && !translations[reader.locale])
    facts.push([reader.say('text.only', { language: reader.languageName(locale) })])
  return facts
}

/** In a preliminary review of which not all is known, each head stands there all the same. */
function headSections(review: Review, site: Locale, reader: Reader): HeadSection[] {
  return heads.flatMap((head): HeadSection[] => {
    const original = review.heads[head]
    const title = reader.say(`review.head.${head}`)
    const id = `review-${head}`
    const nothing = { html: null, lang: null, dir: null, newer: null }
    if (!original) {
      const isOpen = review.finalAt === null || (head === 'next' && review.actions.length > 0)
      return isOpen ? [{ id, title, ...nothing }] : []
    }
    const translation = reader.locale === review.locale ? undefined : review.translations[reader.locale]?.[head]
    const locale = translation ? reader.locale : review.locale
    const lags = translation !== undefined && translation.of !== original.at
    return [
      {
        id,
        title,
        ...told(translation?.text ?? original.text, locale, reader),
        newer: lags ? newerText(review, head, { site, reader }) : null,
      },
    ]
  })
}

function newerText(
  review: Review,
  head: Head,
  { site, reader }: { readonly site: Locale; readonly reader: Reader },
): HeadSection['newer'] {
  const language = reader.languageName(review.locale)
  const at = review.heads[head]?.at ?? review.updatedAt
  return {
    words: reader.say('review.newer', { language, when: reader.time(at).text }),
    href: `${review.locale === site ? '' : `/${review.locale}`}/incidents/${review.incidentId}#review-${head}`,
    link: reader.say('review.toNewer', { language }),
  }
}

function told(text: string, locale: Locale, reader: Reader): Told {
  const { lang, dir } = nameOf({ text, locale }, reader.locale)
  return { html: markdownIn(text, dir ?? directionOf(reader.locale)), lang, dir }
}

export function actionLines({ actions }: Review, { today }: Pick<Snapshot, 'today'>, reader: Reader): ActionLine[] {
  return actions.map((action) => actionLine(action, today, reader))
}

function actionLine(action: Action, today: string, reader: Reader): ActionLine {
  const { state, dueOn, firstDueOn, owner, settledAt, word } = action
  const isLate = isOverdue(action, today)
  const day = (name: string): Words => [reader.dates.day(name)]
  const facts: Words[] = []
  if (state === 'open') facts.push(reader.phrase('action.due', { day: day(dueOn) }))
  else if (settledAt) {
    const key = state === 'done' ? 'action.doneOn' : 'action.droppedOn'
    facts.push(reader.phrase(key, { day: [reader.time(settledAt)] }))
    facts.push(reader.phrase('action.due', { day: day(dueOn) }))
  }
  if (firstDueOn !== dueOn) facts.push(reader.phrase('action.first', { day: day(firstDueOn) }))
  if (owner) facts.push(reader.phrase('action.owner', { name: [bareName(owner)] }))
  return {
    id: action.id,
    tone: isLate ? 'overdue' : state === 'open' ? 'todo' : state,
    word: reader.say(`action.${isLate ? 'overdue' : state}`),
    title: reader.name(action, 'title', action.locale),
    facts,
    said: word === null ? null : nameOf(inLocale(action, 'word', reader.locale, action.locale), reader.locale),
  }
}

function outcomeOf({ kind, outcome, dueAt, cameAt }: MadePromise, reader: Reader): ReviewModel['kept'][number] | null {
  if (!isOfReview(kind) || cameAt === null) return null
  const isFinal = kind === 'final-review'
  const when = [reader.time(dueAt)]
  if (outcome === 'kept')
    return { words: reader.phrase(isFinal ? 'review.keptFinal' : 'review.kept', { when }), kept: true }
  const delay = reader.dates.duration(secondsBetween(dueAt, cameAt))
  const words = reader.phrase(isFinal ? 'review.brokenFinal' : 'review.broken', { when, delay })
  return { words, kept: false }
}

function earlierTexts({ at, before, after }: Revision, review: Review, reader: Reader): Earlier {
  const texts = heads.flatMap((head) => {
    if (!Object.hasOwn(before ?? {}, head) && !Object.hasOwn(after ?? {}, head)) return []
    const text = before?.[head]
    const title = reader.say(`review.head.${head}`)
    return typeof text === 'string'
      ? [{ title, ...told(text, review.locale, reader) }]
      : [{ title, html: null, lang: null, dir: null }]
  })
  return { until: reader.phrase('review.was', { when: [reader.time(at)] }), texts }
}
