import type { Locale } from '../../domain/site/site.ts'
import type { NamePart } from '../shared/i18n.ts'

/**
 * Whether a single name takes a plural verb: "Card payments are down", "API is down". Names carry no grammar, so this
 * reads their endings; where it errs, the sentence is still understood. Languages without such agreement never ask.
 */
export function isPlural({ text: name, lang }: Pick<NamePart, 'text' | 'lang'>, sentence: Locale): boolean {
  if (sentence === 'fa' || sentence === 'zh-Hant') return false
  // A name that is not translated has the endings of its own language.
  const locale = lang ?? sentence
  switch (locale) {
    case 'en':
      // The last word is the head, before any "for …" or "in …": `Payments in Europe`.
      return endsInPlural(
        head(name, / (?:for|in|of|to|from|on|at|by|with|via) /i)
          .split(' ')
          .at(-1) ?? '',
        locale,
      )
    case 'fr':
    case 'pt-BR':
      // The first word is the head: `Paiements par carte`, `Pagamentos com cartão`.
      return endsInPlural(name.split(/[\s\u00a0’']/)[0] ?? '', locale)
    case 'fa':
    case 'zh-Hant':
      return false
  }
}

/** What a verb agrees with after "everything in Europe and Asia", or what a language says in its place. */
export function numberOfGroups(count: number, locale: Locale): 'one' | 'other' {
  switch (locale) {
    case 'fr':
      return count === 1 ? 'one' : 'other'
    case 'fa':
      return 'other'
    case 'en':
    case 'pt-BR':
    case 'zh-Hant':
      return 'one'
  }
}

/** Endings that are singular although they are an s: `Access`, `Status`, `Analysis`, `Accès`. */
const singular: Readonly<Record<'en' | 'fr' | 'pt-BR', RegExp>> = {
  en: /(?:ss|us|is|news|redis|kubernetes|gres)$/i,
  fr: /(?:ss|us|ès|relais|colis|redis|kubernetes|gres)$/i,
  'pt-BR': /(?:ss|us|redis|kubernetes|gres)$/i,
}

function endsInPlural(word: string, locale: 'en' | 'fr' | 'pt-BR'): boolean {
  // `SMS` and `AWS` are names, `APIs` are many.
  if (/^\p{Lu}+$/u.test(word)) return false
  if (/^\p{Lu}{2,}s$/u.test(word)) return true
  if (locale === 'fr' && /(?:eaux|eux)$/i.test(word)) return true
  return word.length > 3 && word.endsWith('s') && !singular[locale].test(word)
}

function head(name: string, before: RegExp): string {
  return name.split(before)[0] ?? name
}
