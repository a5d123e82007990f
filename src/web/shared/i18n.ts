import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Locale, type Text, inLocale, locales } from '../../domain/site/site.ts'
import type { Translations } from '../../domain/site/site.ts'
import type { Instant } from '../../lib/clock.ts'
import { type DateWords, dateWords } from '../../lib/dates.ts'
import { type MessageKey, type Say, messages, phrases } from '../../lib/messages.ts'

/** An instant inside a sentence. Documents carry instants, never "12 seconds ago": that would go stale by the clock alone. */
export interface TimePart {
  readonly kind: 'time'
  readonly text: string
  readonly instant: Instant
  /** In full, with the zone. */
  readonly exact: string
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

export function readerOf({ site, today }: Pick<Snapshot, 'site' | 'today'>, locale: Locale): Reader {
  const say = messages(locale)
  const pieces = phrases<{ readonly parts: Words }>(locale)
  const formats = say('language.formats')
  const dates = dateWords(formats, site.zone)
  const lists = new Intl.ListFormat(formats)
  const languages = new Intl.DisplayNames(formats, { type: 'language' })
  const timePart = (instant: Instant, text: string): TimePart => ({
    kind: 'time',
    text,
    instant,
    exact: dates.exact(instant),
  })
  const prefix = locale === site.locale ? '' : `/${locale}`
  return {
    locale,
    dir: directionOf(locale),
    dates,
    say,
    phrase(key, params) {
      const wrapped: Record<string, string | number | { readonly parts: Words }> = {}
      for (const [name, value] of Object.entries(params)) {
        wrapped[name] = typeof value === 'object' ? { parts: value } : value
      }
      return pieces(key, wrapped).flatMap((piece) => (typeof piece === 'string' ? [piece] : piece.parts))
    },
    time: (instant) => timePart(instant, dates.moment(instant, today)),
    clock: (instant) => timePart(instant, dates.clock(instant, today)),
    timeOfDay: (instant) => timePart(instant, dates.time(instant)),
    exact: (instant) => timePart(instant, dates.exact(instant)),
    list: (items) =>
      lists
        .formatToParts(items.map((_, index) => String(index)))
        .flatMap((part): Words => (part.type === 'element' ? (items[Number(part.value)] ?? []) : [part.value])),
    name: (thing, field, original = site.locale) => nameOf(inLocale(thing, field, locale, original), locale),
    href: (path) => prefix + path,
    languageName: (other) => languages.of(other) ?? other,
  }
}

export function nameOf({ text, locale: written }: Text, locale: Locale): NamePart {
  const foreign = written !== locale
  return { kind: 'name', text, lang: foreign ? written : null, dir: foreign ? directionOf(written) : null }
}

export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  return messages(locale)('language.direction') === 'rtl' ? 'rtl' : 'ltr'
}

/** A sentence without its marks: for titles, descriptions and labels. */
export function plain(words: Words): string {
  return words.map((part) => (typeof part === 'string' ? part : part.text)).join('')
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
