/** A word of a text, or a character of one that is written without spaces; `null`s in a list are ends of sentences. */
export interface Atom {
  /** As it is compared: lower case, one way of writing each letter, Latin digits. */
  readonly text: string
  /** Where it stands in the text. */
  readonly from: number
  readonly until: number
  /** Whether a word begins with it, and whether one ends with it. */
  readonly opens: boolean
  readonly closes: boolean
}

export type Atoms = readonly (Atom | null)[]

/** What a clock time is compared as; numbers are compared as their digits. */
export const aTime = '#time'

const hour = String.raw`\p{Nd}{1,2}`
const minute = String.raw`\p{Nd}{2}`
/** Addresses are no words. `13:42`, `13h42`, `13 時 42 分` and `1 pm` are times, and their digits no numbers then. */
const pieces = new RegExp(
  String.raw`(?<address>(?:https?:\/\/|mailto:)[^\s)\]]+)|(?<time>${hour}[:：]${minute}(?::${minute})?|${hour}\s?h(?:\s?${minute})?(?![\p{L}\p{Nd}])|${hour}\s?[時点點](?:\s?\p{Nd}{1,2}\s?分)?|${hour}\s?[ap]\.?m\.?(?!\p{L}))` +
    String.raw`|(?<word>[\p{Script=Latin}\p{M}\p{Nd}]+|[\p{L}\p{M}\u200c]+)|(?<stop>[.!?;。！？；؟؛\n])`,
  'giu',
)

const latin = /^[\p{Script=Latin}\p{M}\p{Nd}]/u

/** Languages that put no spaces between words: there a dictionary says where words begin and end. */
export function isUnspaced(locale: string): boolean {
  return /^(?:zh|ja|th)\b/.test(locale)
}

/** The words of a text. Its time grows with the length of the text and nothing else. */
export function atomsOf(text: string, locale: string): Atoms {
  const edges = isUnspaced(locale) ? edgesOf(text, locale) : null
  const atoms: (Atom | null)[] = []
  for (const { 0: found, index, groups } of text.matchAll(pieces)) {
    const [from, until] = [index, index + found.length]
    if (groups?.['address'] !== undefined) continue
    if (groups?.['stop'] !== undefined) atoms.push(null)
    else if (groups?.['time'] !== undefined) atoms.push({ text: aTime, from, until, opens: true, closes: true })
    // Latin words and numbers stay whole among characters.
    else if (edges && !latin.test(found)) atoms.push(...characters(found, from, edges))
    else atoms.push({ text: compared(found), from, until, opens: true, closes: true })
  }
  return locale.startsWith('fa') ? joined(atoms) : atoms
}

function characters(word: string, at: number, edges: ReadonlySet<number>): Atom[] {
  const end = at + word.length
  let until = at
  return [...word].map((character): Atom => {
    const from = until
    until += character.length
    const [opens, closes] = [from === at || edges.has(from), until === end || edges.has(until)]
    return { text: compared(character), from, until, opens, closes }
  })
}

const segmenters = new Map<string, Intl.Segmenter>()

function edgesOf(text: string, locale: string): Set<number> {
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'word' })
  segmenters.set(locale, segmenter)
  const edges = new Set([text.length])
  for (const { index } of segmenter.segment(text)) edges.add(index)
  return edges
}

/** Letters that keyboards write in two ways, and digits of three scripts. Persian half-spaces and vowel signs are left out. */
function compared(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\u200c\u0640]|\p{Mn}/gu, '')
    .replaceAll(/[يى]/g, 'ی')
    .replaceAll('ك', 'ک')
    .replaceAll('ۀ', 'ه')
    .replaceAll(/[آأإ]/g, 'ا')
    .replaceAll(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
}

/** Persian prefixes and endings that some write apart, with a space: `می توانید`, `سرویس ها`. */
const before = new Set(['می', 'نمی'])
const after = new Set(['ها', 'های', 'هایی', 'هایتان', 'تر', 'ترین'])

function joined(atoms: readonly (Atom | null)[]): (Atom | null)[] {
  const whole: (Atom | null)[] = []
  for (const atom of atoms) {
    const last = whole.at(-1)
    if (atom && last && (before.has(last.text) || after.has(atom.text)))
      whole[whole.length - 1] = { ...last, text: last.text + atom.text, until: atom.until }
    else whole.push(atom)
  }
  return whole
}
