import { shortened } from './shortened.ts'

/** What telephones of all networks show without doubling the price: GSM 03.38, and what of it counts twice. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extended = '^{}\\[~]|€'

export const mostSegments = 3

/** How many messages a text takes on its way: seven bits a character, or sixteen if one of them is not of the usual ones. */
export function segmentsOf(text: string): number {
  const units = septets(text)
  if (units !== null) return units <= 160 ? 1 : Math.ceil(units / 153)
  return text.length <= 70 ? 1 : Math.ceil(text.length / 67)
}

/** The septets of a text; null: it has characters that need sixteen bits. */
function septets(text: string): number | null {
  let count = 0
  for (const character of text) {
    if (basic.includes(character)) count += 1
    else if (extended.includes(character)) count += 2
    else return null
  }
  return count
}

const plain: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '·': '-',
  '\u00a0': ' ',
  '\u202f': ' ',
}

/** One fine quotation mark would make a text cost twice; where it is not the only fine thing, it stays. */
export function withoutFinery(text: string): string {
  const simple = text.replaceAll(/[‘’‚“”„–—−…·\u00a0\u202f]/g, (one) => plain[one] ?? one)
  return septets(simple) === null ? text : simple
}

export interface ShortParts {
  readonly head: string
  readonly body: string
  readonly link: string | null
  /** Where it can be ended: left out where it would leave no room for what is said. */
  readonly end: string | null
}

/** All of it in three messages at most: first the words become fewer, then the head; the link stays whole. */
export function fitting({ head, body, link, end }: ShortParts): string {
  const ways = [...(end === null ? [] : [[link, end]]), [link]]
  for (const way of ways) {
    const tail = way.filter((one) => one !== null)
    for (const [ofHead, ofBody] of cuts) {
      if (ofBody < leastBody && tail.length > 1) break
      const text = [shortened(head, ofHead, '...'), ofBody === 0 ? '' : shortened(body, ofBody, '...'), ...tail]
        .filter((one) => one !== '')
        .join('\n')
      if (segmentsOf(text) <= mostSegments) return text
    }
  }
  // A link longer than three messages: whole, or it leads nowhere.
  return [shortened(head, 30, '...'), link].filter((one) => one !== null).join('\n')
}

const leastBody = 40
/** Of head and words, in characters: from all that fits to almost nothing. */
const cuts: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 40 }, (_, step): [number, number] => [100, 400 - 10 * step]),
  ...Array.from({ length: 8 }, (_, step): [number, number] => [100 - 10 * step, 0]),
]
