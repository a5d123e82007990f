import { readFileSync, readdirSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import type english from '../../locales/en.json'
import { beginsIn, hasGaps, isolated, withGaps } from './script.ts'

/** The name of a message: its path in the catalogues, `verdict.all`. English is the list of what there is. */
export type MessageKey = Paths<typeof english>

type Paths<Tree> = {
  [Name in keyof Tree & string]: Tree[Name] extends string ? Name : `${Name}.${Paths<Tree[Name]>}`
}[keyof Tree & string]

export type Params = Readonly<Record<string, string | number>>

const folder = new URL('../../locales/', import.meta.url)

/** The languages there are catalogues of, by their tags. */
export const catalogues: readonly string[] = readdirSync(folder)
  .flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []))
  .toSorted()

/** Words in one language. */
export type Say = (key: MessageKey, params?: Params) => string

/**
 * The messages of a language, `locales/<locale>.json`: ICU MessageFormat, compiled when first said. A name that is not
 * in the catalogue throws, and so does a placeholder without its value.
 */
export function messages(locale: string): Say {
  const { hasGaps } = catalogueOf(locale)
  return saying(locale, { isApart: () => hasGaps, piece: ({ text }) => text })
}

/**
 * The same for text that is shown and not kept: what has another direction than the sentence is isolated in it. Texts
 * that are kept hold no such characters.
 */
export function shownMessages(locale: string): Say {
  const { hasGaps, direction } = catalogueOf(locale)
  return saying(locale, {
    isApart: (values) => hasGaps || values.some((value) => typeof value === 'string' && turns(value, direction)),
    piece: ({ text }) => (turns(text, direction) ? isolated(text) : text),
  })
}

interface Manner {
  /** Whether texts that are put into a sentence have to be looked at; most need not. */
  isApart(values: readonly (string | number)[]): boolean
  piece(given: Given): string
}

function saying(locale: string, { isApart, piece }: Manner): Say {
  const catalogue = catalogueOf(locale)
  const pieces = phrases<Given>(locale)
  return (key, params = {}) => {
    if (!isApart(Object.values(params))) {
      const words = compiled(catalogue, key).format({ ...params })
      return typeof words === 'string' ? words : String(words)
    }
    const given: Record<string, number | Given> = {}
    for (const [name, value] of Object.entries(params)) {
      given[name] = typeof value === 'string' ? new Given(value) : value
    }
    const words = pieces(key, given)
    const spaced = catalogue.hasGaps ? withGaps(words) : words
    return spaced.map((one) => (typeof one === 'string' ? one : piece(one))).join('')
  }
}

/** Whether a text that is put into a sentence would carry what stands around it to the other side. */
function turns(text: string, direction: 'ltr' | 'rtl'): boolean {
  return (beginsIn(text) ?? direction) !== direction
}

/** A text that was put into a sentence, still apart from it, so that where they meet can be looked at. */
class Given {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** Also what `select` reads. */
  toString(): string {
    return this.text
  }
}

/** Like `messages`, where some values are not text but things to be shown in their place: the sentence in pieces. */
export function phrases<Thing extends object>(
  locale: string,
): (key: MessageKey, params: Readonly<Record<string, string | number | Thing>>) => readonly (string | Thing)[] {
  const catalogue = catalogueOf(locale)
  return (key, params) => {
    const pieces = compiled(catalogue, key).format<Thing>({ ...params }) as string | Thing | (string | Thing)[]
    return Array.isArray(pieces) ? pieces : [pieces]
  }
}

/** Every name of a catalogue with its pattern, for tests and tools. */
export function patterns(locale: string): ReadonlyMap<string, string> {
  return catalogueOf(locale).patterns
}

interface Catalogue {
  readonly patterns: ReadonlyMap<string, string>
  readonly compiled: Map<string, IntlMessageFormat>
  readonly formats: string
  readonly direction: 'ltr' | 'rtl'
  /** Written without spaces between words, but with thin ones around what is in another script. */
  readonly hasGaps: boolean
}

const known = new Map<string, Catalogue>()

function catalogueOf(locale: string): Catalogue {
  const before = known.get(locale)
  if (before) return before
  const tree = JSON.parse(readFileSync(new URL(`${locale}.json`, folder), 'utf8')) as Tree
  const flat = new Map(flattened(tree, ''))
  const formats = flat.get('language.formats') ?? locale
  const direction = flat.get('language.direction') === 'rtl' ? 'rtl' : 'ltr'
  const catalogue: Catalogue = { patterns: flat, compiled: new Map(), formats, direction, hasGaps: hasGaps(locale) }
  known.set(locale, catalogue)
  return catalogue
}

interface Tree {
  readonly [name: string]: string | Tree
}

function flattened(tree: Tree, prefix: string): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + name, value]] : flattened(value, `${prefix}${name}.`),
  )
}

function compiled(catalogue: Catalogue, key: string): IntlMessageFormat {
  const before = catalogue.compiled.get(key)
  if (before) return before
  const pattern = catalogue.patterns.get(key)
  if (pattern === undefined) throw new Error(`There is no message “${key}” in the catalogue.`)
  const message = new IntlMessageFormat(pattern, catalogue.formats, undefined, { ignoreTag: true })
  catalogue.compiled.set(key, message)
  return message
}
