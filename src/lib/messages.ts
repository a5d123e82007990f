import { readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import type english from '../../locales/en.json'

/** The name of a message: its path in the catalogues, `verdict.all`. English is the list of what there is. */
export type MessageKey = Paths<typeof english>

type Paths<Tree> = {
  [Name in keyof Tree & string]: Tree[Name] extends string ? Name : `${Name}.${Paths<Tree[Name]>}`
}[keyof Tree & string]

export type Params = Readonly<Record<string, string | number>>

/** Words in one language. */
export type Say = (key: MessageKey, params?: Params) => string

/**
 * The messages of a language, `locales/<locale>.json`: ICU MessageFormat, compiled when first said. A name that is not
 * in the catalogue throws, and so does a placeholder without its value.
 */
export function messages(locale: string): Say {
  const catalogue = catalogueOf(locale)
  return (key, params) => {
    const words = compiled(catalogue, key).format({ ...params })
    return typeof words === 'string' ? words : String(words)
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
}

const catalogues = new Map<string, Catalogue>()

function catalogueOf(locale: string): Catalogue {
  const known = catalogues.get(locale)
  if (known) return known
  const tree = JSON.parse(readFileSync(new URL(`../../locales/${locale}.json`, import.meta.url), 'utf8')) as Tree
  const flat = new Map(flattened(tree, ''))
  const catalogue = { patterns: flat, compiled: new Map(), formats: flat.get('language.formats') ?? locale }
  catalogues.set(locale, catalogue)
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
  const known = catalogue.compiled.get(key)
  if (known) return known
  const pattern = catalogue.patterns.get(key)
  if (pattern === undefined) throw new Error(`There is no message “${key}” in the catalogue.`)
  const message = new IntlMessageFormat(pattern, catalogue.formats, undefined, { ignoreTag: true })
  catalogue.compiled.set(key, message)
  return message
}
