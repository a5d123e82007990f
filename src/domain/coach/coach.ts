import type { Locale } from '../site/site.ts'
import { type Atoms, atomsOf } from './atoms.ts'
import { type Match, indexed, literalPhrase, matches } from './phrases.ts'
import { type RuleName, type Rules, type Told, type Wanted, rulesOf, wanted } from './rules.ts'

/** A text before it is said. */
export interface Draft {
  /** Markdown. */
  readonly body: string
  readonly locale: Locale
  readonly stage: string
  /** Whether the next word is promised beside the text: then the text need not say when it comes. */
  readonly promise: 'made' | 'none'
}

/** A word that this site's customers do not use, and what to say to them instead. */
export interface Jargon {
  readonly word: string
  readonly instead: string | null
  /** Null: in texts of every language. */
  readonly locale: Locale | null
}

/** What a rule says of a text: that it is there, or what would help; in the language of the text. */
export interface Finding extends Pick<Told, 'reason' | 'before' | 'after'> {
  readonly rule: RuleName
  readonly outcome: 'done' | 'hint'
  readonly words: string
}

/** What readers look for first, as an incident goes on; other words, such as those on maintenance, owe none of it. */
const wantedAt: Readonly<Record<string, readonly Wanted[]>> = {
  investigating: ['who', 'since', 'act', 'next'],
  identified: ['who', 'act', 'next'],
  monitoring: ['again', 'act', 'next'],
  resolved: ['who', 'since', 'again', 'data'],
}

/** More than this of one kind teaches nothing more. */
const mostOfAKind = 3

/**
 * What a text has and lacks, by rules that anybody can read: the same text always gets the same answer, and no answer
 * keeps anybody from publishing. Empty for a language that has no rules, and for a text that has no words.
 */
export function coached(draft: Draft, jargon: readonly Jargon[] = []): Finding[] {
  const rules = rulesOf(draft.locale)
  if (!rules) return []
  const atoms = atomsOf(draft.body, draft.locale)
  if (!atoms.some((atom) => atom !== null)) return []
  return [
    ...said(rules, draft, atoms),
    ...jargonIn(rules, draft, atoms, jargon),
    ...phrasesIn(rules, draft, atoms, 'empty'),
    ...phrasesIn(rules, draft, atoms, 'passive'),
    ...lengths(rules, atoms),
    ...shouts(rules, draft, atoms),
  ]
}

/** What stands within words that say nothing, as in “thank you for your patience”, says nothing either. */
function said({ file, phrases }: Rules, { stage, promise }: Draft, atoms: Atoms): Finding[] {
  const here = wantedAt[stage] ?? []
  const hollow = matches(atoms, phrases.empty)
  return wanted
    .filter((rule) => here.includes(rule))
    .map((rule) => {
      const found = apart(matches(atoms, phrases[rule]), hollow)
      const isSaid = found.length > 0 || (rule === 'next' && promise === 'made')
      return finding(rule, file[rule], isSaid ? 'done' : 'hint', isSaid ? file[rule].done : file[rule].hint)
    })
}

function jargonIn({ file, jargon }: Rules, { body, locale }: Draft, atoms: Atoms, own: readonly Jargon[]): Finding[] {
  const ownWords = own
    .filter((entry) => entry.locale === null || entry.locale === locale)
    .map(({ word, instead }) => ({ phrase: literalPhrase(word, locale), of: instead ?? '' }))
    .filter(({ phrase }) => phrase.places.every((place) => place.kind !== 'words' || place.choices[0]?.length))
  const ofSite = matches(atoms, indexed(ownWords))
  // What the site says of its own words goes before what the product knows.
  const others = apart(matches(atoms, jargon), ofSite)
  return distinct([...ofSite, ...others], body).map(({ quoted, of }) => {
    const words = of === '' ? file.jargon.hint : file.jargon.instead.replaceAll('{instead}', () => of)
    return finding(
      'jargon',
      file.jargon,
      'hint',
      words.replaceAll('{words}', () => quoted),
    )
  })
}

function phrasesIn({ file, phrases }: Rules, { body }: Draft, atoms: Atoms, rule: 'empty' | 'passive'): Finding[] {
  return distinct(matches(atoms, phrases[rule]), body).map(({ quoted }) =>
    finding(
      rule,
      file[rule],
      'hint',
      file[rule].hint.replaceAll('{words}', () => quoted),
    ),
  )
}

/** Those that share no word with others; both in the order of the text. */
function apart<Of>(found: readonly Match<Of>[], others: readonly Match<unknown>[]): Match<Of>[] {
  let next = 0
  return found.filter(({ from, until }) => {
    while ((others[next]?.until ?? Infinity) <= from) next += 1
    return until <= (others[next]?.from ?? Infinity)
  })
}

/** As they stand in the text, without Markdown's marks, each once. */
function distinct<Of>(found: readonly Match<Of>[], body: string): { readonly quoted: string; readonly of: Of }[] {
  const bySpelling = new Map<string, { quoted: string; of: Of }>()
  for (const { from, until, of } of found) {
    const quoted = body.slice(from, until).replaceAll(/[*_`]/g, '').replaceAll(/\s+/g, ' ')
    const key = quoted.toLowerCase()
    if (!bySpelling.has(key)) bySpelling.set(key, { quoted, of })
  }
  return [...bySpelling.values()].slice(0, mostOfAKind)
}

function lengths({ file }: Rules, atoms: Atoms): Finding[] {
  let longest = 0
  let length = 0
  for (const atom of atoms) {
    length = atom === null ? 0 : length + 1
    longest = Math.max(longest, length)
  }
  if (longest <= file.long.most) return []
  return [finding('long', file.long, 'hint', file.long.hint.replaceAll('{count}', String(longest)))]
}

/** Four words in capitals are no longer the names of protocols. */
const mostCapitals = 3

function shouts({ file }: Rules, { body }: Draft, atoms: Atoms): Finding[] {
  let run = 0
  let isLoud = (body.match(/[!！]/g)?.length ?? 0) > 1
  for (const atom of atoms) {
    run = atom && isInCapitals(body.slice(atom.from, atom.until)) ? run + 1 : 0
    isLoud ||= run > mostCapitals
  }
  return isLoud ? [finding('loud', file.loud, 'hint', file.loud.hint)] : []
}

function isInCapitals(word: string): boolean {
  return /^\p{Lu}{2,}$/u.test(word)
}

function finding(rule: RuleName, { reason, before, after }: Told, outcome: Finding['outcome'], words: string): Finding {
  return { rule, outcome, words, reason, before, after }
}
