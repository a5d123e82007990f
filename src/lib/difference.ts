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
  const pieces = found?.map(({ added, removed, value }): Piece => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
  return joined(pieces ?? [piece('removed', before), piece('added', after)])
}

/** A space between two changes belongs to both: “fail since” became “are slow since”, not “fail”, “are”, “ ”, “slow”. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = []
  let removed = ''
  let added = ''
  const end = (): void => {
    if (removed !== '') out.push(piece('removed', removed))
    if (added !== '') out.push(piece('added', added))
    removed = ''
    added = ''
  }
  for (const [index, { kind, text }] of pieces.entries()) {
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else if (/^\s+$/.test(text) && removed !== '' && added !== '' && pieces[index + 1]?.kind !== 'same') {
      removed += text
      added += text
    } else {
      end()
      out.push(piece('same', text))
    }
  }
  end()
  return out
}

function piece(kind: Piece['kind'], text: string): Piece {
  return { kind, text }
}
