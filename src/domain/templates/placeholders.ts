import type { Instant } from '../../lib/clock.ts'
import { dateWords } from '../../lib/dates.ts'
import { dayOf } from '../../lib/days.ts'
import { messages } from '../../lib/messages.ts'
import type { Locale } from '../site/site.ts'

/** What may stand in a place of a template, and how it is said in each language. */
const types = ['text', 'component', 'time', 'duration', 'link'] as const
export type PlaceholderType = (typeof types)[number]

/** `{{time:since when}}`: what it holds, and what to ask for. */
export interface Placeholder {
  /** As it stands between the braces. */
  readonly key: string
  readonly type: PlaceholderType
  readonly label: string
}

/** What is put into a place: said by each language in its own manner. */
export type Filling =
  | { readonly type: 'text' | 'link'; readonly text: string }
  | { readonly type: 'component'; readonly names: readonly string[] }
  | { readonly type: 'time'; readonly at: Instant }
  | { readonly type: 'duration'; readonly seconds: number }

export interface Manner {
  readonly locale: Locale
  readonly zone: string
  readonly now: Instant
}

const place = /\{\{\s*(text|component|time|duration|link)(?:\s*:\s*([\p{L}\p{N}][\p{L}\p{N} '’?_-]{0,59}?))?\s*\}\}/gu

/** Those of these texts, each once, in the order in which they stand. */
export function placeholdersIn(...texts: readonly string[]): Placeholder[] {
  const found = texts.flatMap((text) =>
    [...text.matchAll(place)].map(([, type, label]): Placeholder => {
      const known = type as PlaceholderType
      return { key: label === undefined ? known : `${known}:${label}`, type: known, label: label ?? usual[known] }
    }),
  )
  return [...new Map(found.map((one) => [one.key, one])).values()]
}

/** What is wrong with the places of a template, as a sentence; null: nothing. */
export function placeholderFault(text: string): string | null {
  const rest = text.replaceAll(place, '')
  const strange = /\{\{([^{}]*)\}\}/.exec(rest)
  if (strange) {
    return `“{{${strange[1]}}}” is no placeholder: there are ${types.map((type) => `{{${type}}}`).join(', ')}, each also with what to ask for, such as {{text:who is affected}}.`
  }
  return /\{\{|\}\}/.test(rest) ? 'A placeholder begins with {{ and ends with }}.' : null
}

/** The text with what was put into its places; those without a filling stay. */
export function filledIn(text: string, fillings: ReadonlyMap<string, Filling>, manner: Manner): string {
  return text.replaceAll(place, (whole, type: string, label: string | undefined) => {
    const filling = fillings.get(label === undefined ? type : `${type}:${label}`)
    return filling === undefined ? whole : worded(filling, manner)
  })
}

function worded(filling: Filling, { locale, zone, now }: Manner): string {
  const formats = messages(locale)('language.formats')
  switch (filling.type) {
    case 'text':
    case 'link':
      return filling.text
    case 'component':
      return new Intl.ListFormat(formats, { type: 'conjunction' }).format(filling.names)
    case 'time':
      return dateWords(formats, zone).clock(filling.at, dayOf(now, zone))
    case 'duration':
      return dateWords(formats, zone).duration(filling.seconds)
  }
}

const usual: Record<PlaceholderType, string> = {
  text: 'Text',
  component: 'Systems',
  time: 'Time',
  duration: 'How long',
  link: 'Link',
}
