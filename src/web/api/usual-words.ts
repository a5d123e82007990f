import { usualReasonOf } from '../../domain/revisions/reasons.ts'
import type { Reason } from '../../domain/revisions/revision.ts'
import { type Locale, locales } from '../../domain/site/site.ts'
import { messages } from '../../lib/messages.ts'

/** What is said where a program says nothing: a status alone is no word to readers. */
export type UsualWord =
  | 'investigating'
  | 'identified'
  | 'monitoring'
  | 'resolved'
  | 'update'
  | 'scheduled'
  | 'moved'
  | 'begun'
  | 'verifying'
  | 'completed'
  | 'cancelled'

/** The word as a command takes it: in the language of what it is said on, and in all others. */
export function usualWord(word: UsualWord, locale: string) {
  const others = locales.filter((other) => other !== locale)
  return {
    body: messages(locale)(`program.${word}`),
    translations: Object.fromEntries(others.map((other) => [other, { body: messages(other)(`program.${word}`) }])),
  }
}

/** Why something was corrected, where the program does not say, as a command takes it. */
export function usualReason(locale: Locale): { readonly reason: string; readonly reasons: Reason['translations'] } {
  const { reason, translations: reasons } = usualReasonOf('program.reason', locale)
  return { reason, reasons }
}
