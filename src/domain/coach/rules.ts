import { existsSync, readFileSync } from 'node:fs'
import { type Phrases, indexed, phraseOf } from './phrases.ts'

/** What a text should say, each at the stages where readers look for it. */
export const wanted = ['who', 'act', 'since', 'again', 'data', 'next'] as const
/** What it should rather not. */
export const unwanted = ['jargon', 'empty', 'passive', 'long', 'loud'] as const

export type Wanted = (typeof wanted)[number]
export type Unwanted = (typeof unwanted)[number]
export type RuleName = Wanted | Unwanted

/** What every rule of a language says for itself, in that language. */
export interface Told {
  readonly hint: string
  readonly reason: string
  readonly before: string
  readonly after: string
}

/**
 * `locales/coach/<tag>.json`, beside the catalogues because the same people write them, in a folder of its own because
 * no language has to have one: without it, texts of that language simply have no coach.
 */
export interface RuleFile extends Record<
  Wanted,
  Told & { readonly done: string; readonly phrases: readonly string[] }
> {
  /** Words that customers do not use, each with what to say instead, which may be left empty. */
  readonly jargon: Told & { readonly instead: string; readonly words: Readonly<Record<string, string>> }
  readonly empty: Told & { readonly phrases: readonly string[] }
  readonly passive: Told & { readonly phrases: readonly string[] }
  /** How many words, or characters where words have no spaces, a sentence may have. */
  readonly long: Told & { readonly most: number }
  readonly loud: Told
}

/** The rules of a language, ready to be held against texts. */
export interface Rules {
  readonly file: RuleFile
  readonly phrases: Readonly<Record<Wanted | 'empty' | 'passive', Phrases<null>>>
  readonly jargon: Phrases<string>
}

const folder = new URL('../../../locales/coach/', import.meta.url)
const known = new Map<string, Rules | null>()

/** Null: nobody has written rules for this language. Read once. */
export function rulesOf(locale: string): Rules | null {
  const before = known.get(locale)
  if (before !== undefined) return before
  const path = new URL(`${locale}.json`, folder)
  const rules = existsSync(path) ? ready(JSON.parse(readFileSync(path, 'utf8')) as RuleFile, locale) : null
  known.set(locale, rules)
  return rules
}

function ready(file: RuleFile, locale: string): Rules {
  const phrases = (name: Wanted | 'empty' | 'passive'): Phrases<null> =>
    indexed(file[name].phrases.map((written) => ({ phrase: phraseOf(written, locale), of: null })))
  return {
    file,
    phrases: {
      who: phrases('who'),
      act: phrases('act'),
      since: phrases('since'),
      again: phrases('again'),
      data: phrases('data'),
      next: phrases('next'),
      empty: phrases('empty'),
      passive: phrases('passive'),
    },
    jargon: indexed(
      Object.entries(file.jargon.words).map(([written, instead]) => ({
        phrase: phraseOf(written, locale),
        of: instead,
      })),
    ),
  }
}
