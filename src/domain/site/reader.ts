import { type Locale, type Site, type Text, type Translations, inLocale, locales } from './site.ts'
import type { Instant } from '../../lib/clock.ts'
import { type DateWords, dateWords } from '../../lib/dates.ts'
import type { DayName } from '../../lib/days.ts'
import { type MessageKey, type Say, messages, phrases, shownMessages } from '../../lib/messages.ts'
import { hasGaps, isMixed, isolated, withGaps } from '../../lib/script.ts'

/** An instant inside a sentence. Documents carry instants, never "12 seconds ago": that would go stale by the clock alone. */
export interface TimePart {
  readonly kind: 'time'
  readonly text: string
  readonly instant: Instant
  /** In full, with the zone. */
  readonly exact: string
  /** How it is worded, so that a script can word it in another zone. */
  readonly form: 'moment' | 'zoned' | 'day' | 'full'
  /** Where it is a window: its end. */
  readonly until: Instant | null
}

/** A name or text inside a sentence; `lang` and `dir` are there only if its language is not the page's. */
export interface NamePart {
  readonly kind: 'name'
  readonly text: string
  readonly lang: Locale | null
  readonly dir: 'ltr' | 'rtl' | null
}

export type Part = string | TimePart | NamePart
/** A sentence in pieces. */
export type Words = readonly Part[]

/** How things are said to a reader: language, zone, and the addresses of that language's pages. */
export interface Reader {
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
  readonly dates: DateWords
  readonly say: Say
  phrase(key: MessageKey, params: Readonly<Record<string, string | number | Words>>): Words
  time(instant: Instant): TimePart
  /** With the zone: `14:30 CET`. */
  clock(instant: Instant): TimePart
  /** Without the day, where it stands beside: `14:30`. */
  timeOfDay(instant: Instant): TimePart
  exact(instant: Instant): TimePart
  /** Of planned work. */
  window(from: Instant, until: Instant): TimePart
  /** `A, B and C`. */
  list(items: readonly Words[]): Words
  /** A field of a thing in the reader's language, or in the original's with its own. */
  name<Field extends string>(
    thing: { readonly [key in Field]: string | null } & { readonly translations: Translations<Field> },
    field: Field,
    original?: Locale,
  ): NamePart
  /** `/fr/history` for `/history`. */
  href(path: string): string
  languageName(locale: Locale): string
}

/** The site, and today in its zone. */
interface About {
  readonly site: Site
  readonly today: DayName
}

export function readerOf({ site, today }: About, locale: Locale): Reader {
  const say = shownMessages(locale)
  const pieces = phrases<Put>(locale)
  const formats = say('language.formats')
  const dates = dateWords(formats, site.zone)
  const { lists, languages } = formatsOf(formats)
  const isSpaced = hasGaps(locale)
  const spaced = isSpaced ? withGaps<Part> : (words: Words) => words
  const timePart = (
    form: TimePart['form'],
    text: string,
    instant: Instant,
    until: Instant | null = null,
  ): TimePart => ({
    kind: 'time',
    text,
    instant,
    exact: until === null ? dates.exact(instant) : text,
    form,
    until,
  })
  const prefix = locale === site.locale ? '' : `/${locale}`
  return {
    locale,
    dir: directionOf(locale),
    dates,
    say,
    phrase(key, params) {
      const wrapped: Record<string, string | number | Put> = {}
      for (const [name, value] of Object.entries(params)) {
        if (typeof value === 'object') wrapped[name] = { parts: value }
        // Apart from what is around it, where a space may have to come between; `select` reads it all the same.
        else wrapped[name] = isSpaced && typeof value === 'string' ? { parts: [value], toString: () => value } : value
      }
      const words = pieces(key, wrapped).flatMap((piece) => (typeof piece === 'string' ? [piece] : piece.parts))
      return spaced(words)
    },
    time: (instant) => timePart('moment', dates.moment(instant, today), instant),
    clock: (instant) => timePart('zoned', dates.clock(instant, today), instant),
    timeOfDay: (instant) => timePart('day', dates.time(instant), instant),
    exact: (instant) => timePart('full', dates.exact(instant), instant),
    window: (from, until) => timePart('full', dates.window(from, until), from, until),
    list: (items) => spaced(lists(items)),
    name: (thing, field, original = site.locale) => nameOf(inLocale(thing, field, locale, original), locale),
    href: (path) => prefix + path,
    languageName: (other) => languages.of(other) ?? other,
  }
}

/** What is put into a sentence. */
interface Put {
  readonly parts: Words
  toString?(): string
}

/** A page has a reader of its own, and a language has thousands of pages. */
const known = new Map<string, ReturnType<typeof makeFormats>>()

function formatsOf(formats: string): ReturnType<typeof makeFormats> {
  const made = known.get(formats) ?? makeFormats(formats)
  known.set(formats, made)
  return made
}

function makeFormats(formats: string) {
  return { lists: listWords(formats), languages: new Intl.DisplayNames(formats, { type: 'language' }) }
}

/** `A, B and C`, of things that are words themselves. */
function listWords(formats: string): (items: readonly Words[]) => Words {
  const format = new Intl.ListFormat(formats)
  // ICU writes a comma before the Persian "and", which Persian does not have.
  const tidied = (between: string): string => (between === '، و ' ? ' و ' : between)
  return (items) =>
    format
      .formatToParts(items.map((_, index) => String(index)))
      .flatMap((part): Words => (part.type === 'element' ? (items[Number(part.value)] ?? []) : [tidied(part.value)]))
}

/** What is called so in every language, or in one that is not known. */
export function bareName(text: string): NamePart {
  return { kind: 'name', text, lang: null, dir: null }
}

export function nameOf({ text, locale: written }: Text, locale: Locale): NamePart {
  const foreign = written !== locale
  return { kind: 'name', text, lang: foreign ? written : null, dir: foreign ? directionOf(written) : null }
}

export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  return messages(locale)('language.direction') === 'rtl' ? 'rtl' : 'ltr'
}

/** A sentence without its marks, for titles, descriptions and labels. Where directions meet, names move nothing else. */
export function plain(words: Words): string {
  const textOf = (part: Part): string => (typeof part === 'string' ? part : part.text)
  const text = words.map(textOf).join('')
  if (!isMixed(text)) return text
  return words
    .map((part) => (typeof part === 'object' && part.kind === 'name' ? isolated(part.text) : textOf(part)))
    .join('')
}

export interface Language {
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
  readonly name: string
  /** Before the paths of its pages: nothing for the site's own. */
  readonly prefix: string
}

/** Every language with its own name, the site's first. */
export function languagesOf(site: Locale): readonly Language[] {
  const ordered = [site, ...locales.filter((locale) => locale !== site)]
  return ordered.map((locale) => ({
    locale,
    dir: directionOf(locale),
    name: messages(locale)('language.name'),
    prefix: locale === site ? '' : `/${locale}`,
  }))
}
