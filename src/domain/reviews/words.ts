import type { Selectable } from 'kysely'
import type { ReviewRow } from '../../database/tables/reviews.ts'
import type { Instant } from '../../lib/clock.ts'
import { type Locale, locales } from '../site/site.ts'
import { translated } from '../site/translations.ts'
import { type Head, type HeadTexts, type HeadTranslations, heads } from './review.ts'

type Given = Readonly<Partial<Record<Head, string | null | undefined>>>

/** Without heads that were left empty. */
export function textsOf(given: Given): Partial<Record<Head, string>> {
  return Object.fromEntries(heads.flatMap((head) => (given[head] ? [[head, given[head]]] : [])))
}

/** What stands under each head now. Words that stayed as they were keep their instant. */
export function rewritten(before: HeadTexts, given: Given, now: Instant): HeadTexts {
  return Object.fromEntries(
    heads.flatMap((head) => {
      const text = given[head]
      if (!text) return []
      const known = before[head]
      return [[head, known?.text === text ? known : { text, at: now }]]
    }),
  )
}

/**
 * The translations with the words that each of them translates. One that stayed as it was while its original was
 * rewritten is kept and lags: readers are told so, and see the original one step away.
 */
export function retranslated(
  { translations, locale: original }: Pick<Selectable<ReviewRow>, 'translations' | 'locale'>,
  after: HeadTexts,
  given: Parameters<typeof translated>[0],
): HeadTranslations {
  const known = JSON.parse(translations) as HeadTranslations
  if (!given) return withoutLost(known, after)
  const texts = translated(given, heads, original)
  const kept: HeadTranslations = {}
  for (const locale of locales) {
    const entries = heads.flatMap((head) => {
      const text = texts[locale]?.[head]
      const said = after[head]
      if (!text || !said) return []
      const before = known[locale]?.[head]
      return [[head, before?.text === text ? before : { text, of: said.at }] as const]
    })
    if (entries.length > 0) kept[locale] = Object.fromEntries(entries)
  }
  return kept
}

/** Words about a head that says nothing any more are no translation. */
function withoutLost(known: HeadTranslations, after: HeadTexts): HeadTranslations {
  const kept: HeadTranslations = {}
  for (const [locale, texts] of Object.entries(known) as [Locale, NonNullable<HeadTranslations[Locale]>][]) {
    kept[locale] = Object.fromEntries(
      heads.flatMap((head) => (texts[head] && after[head] ? [[head, texts[head]]] : [])),
    )
  }
  return kept
}
