import { type MessageKey, messages } from '../../lib/messages.ts'
import { type Locale, locales } from '../site/site.ts'
import { translated } from '../site/translations.ts'
import type { Reason } from './revision.ts'

type Translated = Parameters<typeof translated>[0]

/** A reason as somebody gave it, which is written in `original`. */
export function reasonOf(given: { readonly reason: string; readonly reasons?: Translated }, original: Locale): Reason {
  return { reason: given.reason, translations: translated(given.reasons, ['reason'], original) }
}

/** A reason that nobody has to write, in every language that Candor speaks. */
export function usualReasonOf(key: MessageKey, original: Locale): Reason {
  const others = locales.filter((locale) => locale !== original)
  return {
    reason: messages(original)(key),
    translations: Object.fromEntries(others.map((locale) => [locale, { reason: messages(locale)(key) }])),
  }
}
