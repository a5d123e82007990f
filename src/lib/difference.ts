import { diffWordsWithSpace } from 'diff'

/** A stretch of two texts: in both, only in the one before, or only in the one since. */
export interface Piece {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Beyond so many words that differ, two texts are two texts: looking for what they share would cost more than it says. */
const most = 600

const segmenters = new Map<string, Intl.Segmenter>()

/** What differs between two texts of a language, word by word, in the order of reading: also where no spaces part words. */
export function difference(before: string, after: string, locale: string): readonly Piece[] {
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'word' })
  segmenters.set(locale, segmenter)
  const found = diffWordsWithSpace(before, after, { intlSegmenter: segmenter, maxEditLength: most })
  const steps = found?.map(({ added, removed, value }): Step => ({
    same: added || removed ? '' : value,
    removed: removed ? value : '',
    added: added ? value : '',
  }))
  return wholeNumbers(joined(steps ?? [{ same: '', removed: before, added: after }])).flatMap(piecesOf)
}

/** Either what is the same, or what stands for what. */
interface Step {
  readonly same: string
  readonly removed: string
  readonly added: string
}

/** A space between two changes belongs to both: “fail since” became “are slow since”, not “fail”, “are”, “ ”, “slow”. */
function joined(steps: readonly Step[]): Step[] {
  const out: Step[] = []
  for (const [index, step] of steps.entries()) {
    const last = out.at(-1)
    const isBetween = /^\s+$/.test(step.same) && steps[index + 1]?.same === ''
    if (last?.same === '' && (step.same === '' || (isBetween && last.removed !== '' && last.added !== ''))) {
      const removed = last.removed + step.removed + step.same
      out[out.length - 1] = { same: '', removed, added: last.added + step.added + step.same }
    } else out.push(step)
  }
  return out
}

/** A time or an amount is read as a whole: “12:40” became “12:31”. In scripts from right to left its parts would change places. */
function wholeNumbers(steps: readonly Step[]): Step[] {
  const out = [...steps]
  for (const [index, step] of steps.entries()) {
    if (step.removed === '' || step.added === '') continue
    const both = [step.removed, step.added]
    const [before, after] = [out[index - 1], out[index + 1]]
    // What is longer than this is no number, and each of its digits would look for the end of it.
    const head = both.some((text) => /^\p{N}/u.test(text))
      ? (/(?:\p{N}+[:.,٫٬/])+$/u.exec(before?.same.slice(-100) ?? '')?.[0] ?? '')
      : ''
    const tail = both.some((text) => /\p{N}$/u.test(text))
      ? (/^(?:[:.,٫٬/]\p{N}+)+/u.exec(after?.same ?? '')?.[0] ?? '')
      : ''
    out[index] = { same: '', removed: head + step.removed + tail, added: head + step.added + tail }
    if (before && head !== '') out[index - 1] = { ...before, same: before.same.slice(0, -head.length) }
    if (after && tail !== '') out[index + 1] = { ...after, same: after.same.slice(tail.length) }
  }
  return out
}

function piecesOf({ same, removed, added }: Step): Piece[] {
  const pieces: Piece[] = [
    { kind: 'same', text: same },
    { kind: 'removed', text: removed },
    { kind: 'added', text: added },
  ]
  return pieces.filter(({ text }) => text !== '')
}
