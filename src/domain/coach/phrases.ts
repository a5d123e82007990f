import { type Atom, type Atoms, aTime, atomsOf, isUnspaced } from './atoms.ts'

/**
 * What the rules look for, as people write it in the files of the languages: words with spaces between, a place a word.
 *
 *     customer*        a word with any ending; in languages without spaces also one that goes on, as with `*客戶` before
 *     can|could        one or the other
 *     try ~ again      at most so many words between, in the same sentence
 *     #   #time        a number; a time of the clock
 *     !by              and not this word after it
 *
 * There is nothing else in it that could repeat, so looking for it takes time in proportion to the text.
 */
export interface Phrase {
  readonly places: readonly Place[]
}

type Place =
  | { readonly kind: 'words' | 'not'; readonly choices: readonly (readonly Part[])[] }
  | { readonly kind: 'gap'; readonly reach: number }

interface Part {
  readonly text: string
  /** `anyhow`: the word may have begun before, or go on. */
  readonly begins: 'here' | 'anyhow'
  readonly ends: 'here' | 'anyhow'
}

/** Persian sentences end with their verb. */
const reach = { words: 3, characters: 8, wordsBeforeVerb: 5 }

export function phraseOf(written: string, locale: string): Phrase {
  const span = isUnspaced(locale) ? reach.characters : locale.startsWith('fa') ? reach.wordsBeforeVerb : reach.words
  const places = written.split(' ').map((place): Place => {
    if (place === '~') return { kind: 'gap', reach: span }
    const isNot = place.startsWith('!')
    const choices = (isNot ? place.slice(1) : place).split('|').map((choice) => partsOf(choice, locale))
    return { kind: isNot ? 'not' : 'words', choices }
  })
  return { places }
}

/** A phrase that nobody wrote as a pattern: its words one after another, the last with any ending if a `*` stands there. */
export function literalPhrase(written: string, locale: string): Phrase {
  return { places: [{ kind: 'words', choices: [partsOf(written, locale)] }] }
}

function partsOf(choice: string, locale: string): Part[] {
  if (choice === '#' || choice === aTime) return [{ text: choice, begins: 'here', ends: 'here' }]
  const words = atomsOf(choice, locale).flatMap((atom) => (atom ? [atom.text] : []))
  const last = words.length - 1
  return words.map((text, index) => ({
    text,
    begins: choice.startsWith('*') && index === 0 ? 'anyhow' : 'here',
    ends: choice.endsWith('*') && index === last ? 'anyhow' : 'here',
  }))
}

/** Phrases by what they begin with, so that a text is held against few of them at each of its words. */
export interface Phrases<Of> {
  readonly byBeginning: ReadonlyMap<string, readonly { readonly phrase: Phrase; readonly of: Of }[]>
}

export function indexed<Of>(phrases: readonly { readonly phrase: Phrase; readonly of: Of }[]): Phrases<Of> {
  const byBeginning = new Map<string, { phrase: Phrase; of: Of }[]>()
  for (const entry of phrases) {
    const [first] = entry.phrase.places
    if (first?.kind !== 'words') throw new Error('A phrase begins with a word.')
    const beginnings = new Set(first.choices.flatMap(([part]) => (part ? [beginningOf(part.text)] : [])))
    for (const beginning of beginnings) byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), entry])
  }
  return { byBeginning }
}

export interface Match<Of> {
  readonly of: Of
  readonly from: number
  readonly until: number
}

/** Where phrases stand in a text, in its order; of several at one place the longest, and then what comes after it. */
export function matches<Of>(atoms: Atoms, { byBeginning }: Phrases<Of>): Match<Of>[] {
  const found: Match<Of>[] = []
  for (let index = 0; index < atoms.length; index += 1) {
    const first = atoms[index]
    if (!first) continue
    let best: { readonly of: Of; readonly end: number } | null = null
    for (const { phrase, of } of byBeginning.get(beginningOf(first.text)) ?? []) {
      const end = endOf(atoms, index, phrase.places, 0)
      if (end !== null && (best === null || end > best.end)) best = { of, end }
    }
    if (best === null) continue
    found.push({ of: best.of, from: first.from, until: atoms[best.end - 1]?.until ?? first.until })
    index = best.end - 1
  }
  return found
}

function beginningOf(text: string): string {
  return /^\d/.test(text) ? '#' : text === aTime ? aTime : text.slice(0, 1)
}

/** The index after the last word of the phrase, if it stands here. */
function endOf(atoms: Atoms, at: number, places: readonly Place[], place: number): number | null {
  const next = places[place]
  if (!next) return at
  if (next.kind === 'not') {
    const isThere = next.choices.some((parts) => after(atoms, at, parts) !== null)
    return isThere ? null : endOf(atoms, at, places, place + 1)
  }
  if (next.kind === 'gap') {
    for (let skipped = 0; skipped <= next.reach; skipped += 1) {
      if (skipped > 0 && !atoms[at + skipped - 1]) return null
      const end = endOf(atoms, at + skipped, places, place + 1)
      if (end !== null) return end
    }
    return null
  }
  for (const parts of next.choices) {
    const end = after(atoms, at, parts)
    const whole = end === null ? null : endOf(atoms, end, places, place + 1)
    if (whole !== null) return whole
  }
  return null
}

function after(atoms: Atoms, at: number, parts: readonly Part[]): number | null {
  for (const [index, part] of parts.entries()) {
    const atom = atoms[at + index]
    if (!atom || !fits(atom, part)) return null
    if (index === 0 && part.begins === 'here' && !atom.opens) return null
    if (index === parts.length - 1 && part.ends === 'here' && !atom.closes) return null
  }
  return at + parts.length
}

function fits({ text }: Atom, { text: wanted, ends }: Part): boolean {
  if (wanted === '#') return /^\d+$/.test(text)
  return ends === 'anyhow' ? text.startsWith(wanted) : text === wanted
}
