import type { Instant } from '../../lib/clock.ts'
import { catalogues } from '../../lib/messages.ts'
import type { Measuring } from '../probes/checks/keeping.ts'
import type { Terms } from '../promises/terms.ts'
import type { ReportSettings } from '../reports/report.ts'

/** A BCP 47 tag, one of `locales`: where one comes in, `choice(locales)` or `isLocale` have looked. */
export type Locale = string

/** The languages of the product, the default one first: those that have a file in `locales/`, and nothing else. */
export const locales: readonly Locale[] = ['en', ...catalogues.filter((locale) => locale !== 'en')]

export function isLocale(text: string): text is Locale {
  return locales.includes(text)
}

/** Texts in other languages than the original: `{ fr: { name: '…' } }`. */
export type Translations<Field extends string> = Partial<Record<Locale, Partial<Record<Field, string>>>>

/** The page itself. */
export interface Site {
  readonly id: string
  readonly name: string
  readonly description: string | null
  /** IANA name of the zone in which days are counted and times are told: `Europe/Lisbon`. */
  readonly zone: string
  /** The language at `/`, in which operators write unless they say otherwise. */
  readonly locale: Locale
  readonly translations: Translations<'name' | 'description'>
  readonly look: Look
  readonly terms: Terms
  readonly reports: ReportSettings
  readonly measuring: Measuring
  /** Whether readers see on incidents what was measured. */
  readonly evidence: 'yes' | 'no'
  readonly setUpAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** How a site looks beside what all of them share; null: as they all do. */
export interface Look {
  /** Of links and promises: `#23407a`. */
  readonly accent: string | null
  /** In the dark; null: what follows from the other. */
  readonly accentDark: string | null
  /** The site's own style sheet. */
  readonly css: string | null
  readonly logo: Logo | null
}

export interface Logo {
  /** Named by its content: `1f0c….svg`. */
  readonly name: string
  readonly width: number
  readonly height: number
}

/** A reader's text: the translation if there is one, else the original with its own language. */
export interface Text {
  readonly text: string
  readonly locale: Locale
}

/** Picks a field in the reader's language, else the original. */
export function inLocale<Field extends string>(
  thing: { readonly [key in Field]: string | null } & { readonly translations: Translations<Field> },
  field: Field,
  locale: Locale,
  original: Locale,
): Text {
  const translated = locale === original ? undefined : thing.translations[locale]?.[field]
  return translated === undefined ? { text: thing[field] ?? '', locale: original } : { text: translated, locale }
}
