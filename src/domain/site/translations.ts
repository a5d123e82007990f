import { type Schema, fields, optional } from '../../lib/fields.ts'
import { type Locale, type Translations, locales } from './site.ts'

/** The field of an input that carries texts in other languages: `{ fr: { name: '…' } }`. */
export function translationsOf<Texts extends Record<string, Schema>>(texts: Texts) {
  const inOneLanguage = optional(fields(texts))
  return optional(fields(Object.fromEntries(locales.map((locale) => [locale, inOneLanguage]))))
}

type Given =
  | { readonly [Key in Locale]?: { readonly [field: string]: string | null | undefined } | null | undefined }
  | null
  | undefined

/** Those texts of these fields that were given, without the language of the original and without empty ones. */
export function translated<Field extends string>(
  given: Given,
  names: readonly Field[],
  original: Locale,
): Translations<Field> {
  const kept: Translations<Field> = {}
  for (const locale of locales) {
    const texts = given?.[locale]
    if (!texts || locale === original) continue
    const pairs = names.flatMap((name): [Field, string][] => (texts[name] ? [[name, texts[name]]] : []))
    if (pairs.length > 0) kept[locale] = Object.fromEntries(pairs) as Partial<Record<Field, string>>
  }
  return kept
}

/** Without the fields whose original was just rewritten: words about other words are no translation. */
export function withoutFields<Field extends string>(
  translations: Translations<Field>,
  rewritten: readonly Field[],
): Translations<Field> {
  const kept: Translations<Field> = {}
  for (const locale of locales) {
    const pairs = Object.entries(translations[locale] ?? {}).filter(
      ([name]) => !(rewritten as readonly string[]).includes(name),
    )
    if (pairs.length > 0) kept[locale] = Object.fromEntries(pairs) as Partial<Record<Field, string>>
  }
  return kept
}

/** Both, of texts that have fields in each; where they say the same field, what is said last. */
export function together<Field extends string>(
  one: Translations<Field>,
  other: Translations<Field>,
): Translations<Field> {
  const all = locales.filter((locale) => one[locale] ?? other[locale])
  return Object.fromEntries(all.map((locale) => [locale, { ...one[locale], ...other[locale] }])) as Translations<Field>
}
