import type { UpdateText } from '../../domain/incidents/incident.ts'
import { type Locale, type Translations, locales } from '../../domain/site/site.ts'
import { type Form, text } from '../shared/forms.ts'

const prefix = 'translations.'
const ofReasons = 'reasons.'

/** Texts by language and field, as the commands take them; which of them there are, the commands know. */
export type GivenTranslations = Readonly<Record<string, Readonly<Record<string, string>>>>

interface Apart {
  readonly rest: Form
  readonly translations: GivenTranslations | undefined
  /** Why something is corrected, which is no text of what is corrected. */
  readonly reasons: GivenTranslations | undefined
}

/**
 * The fields `translations.fr.name` and `reasons.fr.reason` of a form, apart from its others. Undefined where the form has
 * none of them: then nothing is said about translations. Fields that were left empty say that there is none.
 */
export function apart(form: Form): Apart {
  const isApart = (name: string): boolean => name.startsWith(prefix) || name.startsWith(ofReasons)
  const rest = Object.fromEntries(Object.entries(form).filter(([name]) => !isApart(name)))
  return { rest, translations: byLanguage(form, prefix), reasons: byLanguage(form, ofReasons) }
}

function byLanguage(form: Form, begin: string): GivenTranslations | undefined {
  const names = Object.keys(form).filter((name) => name.startsWith(begin))
  if (names.length === 0) return undefined
  const byLocale = new Map<string, [string, string][]>()
  for (const name of names) {
    const [locale = '', ...field] = name.slice(begin.length).split('.')
    byLocale.set(locale, [...(byLocale.get(locale) ?? []), [field.join('.'), text(form, name)]])
  }
  return Object.fromEntries([...byLocale].map(([locale, texts]) => [locale, Object.fromEntries(texts)]))
}

/**
 * Without those that stand as they stood while their original was rewritten: readers would be told two things. What was
 * rewritten with it stays.
 */
export function renewed<Field extends 'name' | UpdateText>(
  given: GivenTranslations | undefined,
  stored: Form,
  originals: { readonly [Name in Field]: readonly [before: string, after: string] },
): GivenTranslations | undefined {
  if (!given) return undefined
  const isRewritten = (field: string): boolean => {
    const original = Object.hasOwn(originals, field) ? originals[field as Field] : undefined
    return original !== undefined && !isSame(original[0], original[1])
  }
  const kept = Object.entries(given).map(([locale, texts]) => {
    const pairs = Object.entries(texts).filter(
      ([field, words]) => !(isRewritten(field) && isSame(words, text(stored, `${prefix}${locale}.${field}`))),
    )
    return [locale, Object.fromEntries(pairs)] as const
  })
  return Object.fromEntries(kept)
}

/** Browsers send other ends of lines than are stored. */
function isSame(one: string, other: string): boolean {
  const tidied = [one, other].map((words) => words.replace(/\r\n?/g, '\n').normalize('NFC').trim())
  return tidied[0] === tidied[1]
}

/** The fields that show these translations. */
export function translationValues(...all: readonly Translations<'name' | 'description' | UpdateText>[]): Form {
  const named = (locale: Locale, texts: object): [string, string][] =>
    Object.entries(texts).map(([field, words]: [string, string]) => [`${prefix}${locale}.${field}`, words])
  return Object.fromEntries(all.flatMap((each) => locales.flatMap((locale) => named(locale, each[locale] ?? {}))))
}
