import type { Locale } from '../../domain/site/site.ts'
import type { NamePart } from '../../domain/site/reader.ts'

/**
 * Whether a single name takes a plural verb: "Card payments are down", "API is down". Names carry no grammar, so this
 * reads their endings; where it errs, the sentence is still understood. What agrees with it stands in the catalogues.
 */
export function isPlural({ text: name, lang }: Pick<NamePart, 'text' | 'lang'>, sentence: Locale): boolean {
  // Chinese verbs have no number.
  if (!isReadIn(sentence)) return false
  // A name that is not translated has the endings of its own language.
  const locale = lang ?? sentence
  // A Persian verb follows the ending of a Persian name; a foreign one is a single thing to it.
  if (sentence === 'fa' && locale !== 'fa') return false
  return isReadIn(locale) && readings[locale](name)
}

type Read = 'en' | 'fr' | 'pt-BR' | 'fa'

const readings: Readonly<Record<Read, (name: string) => boolean>> = {
  // The last word is the head, before any "for …" or "in …": `Payments in Europe`.
  en: (name) => endsInPlural(beforePreposition(name).split(' ').at(-1) ?? '', 'en'),
  // The first word is the head: `Paiements par carte`, `Pagamentos com cartão`.
  fr: (name) => endsInPlural(firstWord(name), 'fr'),
  'pt-BR': (name) => endsInPlural(firstWord(name), 'pt-BR'),
  // With the sign that joins it to the next word: `پرداخت‌ها`, `پرداخت‌های کارتی`.
  fa: (name) => /ها(?:ی|یی)?$/.test(firstWord(name)) && firstWord(name).length > 3,
}

function isReadIn(locale: Locale): locale is Read {
  return Object.hasOwn(readings, locale)
}

type Inflected = Exclude<Read, 'fa'>

/** Endings that are singular although they are an s: `Access`, `Status`, `Analysis`, `Accès`. */
const singular: Readonly<Record<Inflected, RegExp>> = {
  en: /(?:ss|us|is|news|redis|kubernetes|gres)$/i,
  fr: /(?:ss|us|ès|relais|colis|redis|kubernetes|gres)$/i,
  'pt-BR': /(?:ss|us|redis|kubernetes|gres)$/i,
}

function endsInPlural(word: string, locale: Inflected): boolean {
  // `SMS` and `AWS` are names, `APIs` are many.
  if (/^\p{Lu}+$/u.test(word)) return false
  if (/^\p{Lu}{2,}s$/u.test(word)) return true
  if (locale === 'fr' && /(?:eaux|eux)$/i.test(word)) return true
  return word.length > 3 && word.endsWith('s') && !singular[locale].test(word)
}

function firstWord(name: string): string {
  return name.split(/[\s\u00a0’']/)[0] ?? ''
}

function beforePreposition(name: string): string {
  return name.split(/ (?:for|in|of|to|from|on|at|by|with|via) | [(–—-]/i)[0] ?? name
}
