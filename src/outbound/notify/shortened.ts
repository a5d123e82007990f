const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })
// eslint-disable-next-line no-control-regex -- what no device shows, and some stumble over
const invisible = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** A text of at most so many UTF-16 units, in one line, cut between what a reader takes for characters. */
export function shortened(text: string, most: number, mark = '…'): string {
  const line = text.replaceAll(invisible, ' ').toWellFormed().trim()
  if (line.length <= most) return line
  let length = 0
  for (const { segment, index } of characters.segment(line)) {
    if (index + segment.length > most - mark.length) break
    length = index + segment.length
  }
  return line.slice(0, length).trimEnd() + mark
}
