import type { Instant } from '../../lib/clock.ts'

/** The languages of the product, the default one first. A locale is a BCP 47 tag. */
export const locales = ['en', 'fr', 'pt-BR', 'fa', 'zh-Hant'] as const
export type Locale = (typeof locales)[number]

export function isLocale(text: string): text is Locale {
  return (locales as readonly string[]).includes(text)
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
  readonly setUpAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
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
