import { type Block, type Inline, type Mark, firstOf, markdownTree, textOf } from '../../lib/markdown-tree.ts'
import { isAgainst } from '../../lib/script.ts'

/** How a service writes what Markdown says. */
export interface Dialect {
  /** So that text stands as it is and calls nobody. */
  escape(text: string): string
  readonly marks: Readonly<Record<Mark, readonly [string, string]>>
  /** Of what stands between the marks of code; left out: as elsewhere. */
  escapeCode?(text: string): string
  /** `label` is written already. */
  link(label: string, href: string): string
  codeBlock(text: string): string
  heading(text: string): string
  readonly bullet: string
  readonly quote: string
  readonly newline: string
}

/** Text that stands as it is in what reads Markdown: signs wherever they mean something, and those of lists where a line begins. */
export function escapedMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_~|[\]<>#]/g, String.raw`\$&`)
    .replaceAll(/^([ \t]*)([-+])/gm, String.raw`$1\$2`)
    .replaceAll(/^([ \t]*\d+)([.)])/gm, String.raw`$1\$2`)
}

/** Room for a text, in what a service counts. */
export interface Room {
  readonly most: number
  measure(text: string): number
}

/** Most services count as JavaScript does. */
export const units = (most: number): Room => ({ most, measure: (text) => text.length })

/** Markdown in a dialect, cut between characters where it would not fit: never inside of a link or a mark. */
export function inDialect(dialect: Dialect, markdown: string, room: Room, dir: 'ltr' | 'rtl'): string {
  const blocks = markdownTree(markdown)
  const whole = written(dialect, blocks, dir)
  if (room.measure(whole) <= room.most) return whole
  let fits = 0
  let tooMany = blocks.reduce((sum, { words }) => sum + textOf(words).length, 0) + 1
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (room.measure(written(dialect, firstOf(blocks, middle), dir)) <= room.most) fits = middle
    else tooMany = middle
  }
  return fits === 0 ? '' : written(dialect, firstOf(blocks, fits), dir)
}

function written(dialect: Dialect, blocks: readonly Block[], dir: 'ltr' | 'rtl'): string {
  return blocks
    .map((block, index) => {
      const before = blocks[index - 1]
      const gap = before === undefined ? 0 : block.kind === 'item' && before.kind === 'item' ? 1 : 2
      return dialect.newline.repeat(gap) + blockText(dialect, block, dir)
    })
    .join('')
}

function blockText(dialect: Dialect, { kind, marker, depth, quoted, words }: Block, dir: 'ltr' | 'rtl'): string {
  if (kind === 'code') return dialect.codeBlock(textOf(words))
  const text = inlineText(dialect, words)
  const said = kind === 'heading' ? dialect.heading(text) : text
  const indent = '  '.repeat(Math.max(depth - 1, 0))
  const first = marker === null ? '' : marker === '•' ? dialect.bullet : `${marker} `
  const lines = `${indent}${first}${said}`.split('\n').map((line) => marked(line, dir))
  return lines.map((line) => (quoted === 'yes' ? dialect.quote : '') + line).join(dialect.newline)
}

function inlineText(dialect: Dialect, words: readonly Inline[]): string {
  return words
    .map((word) => {
      if (word.kind === 'text') return dialect.escape(word.text)
      if (word.kind === 'link') return dialect.link(inlineText(dialect, word.words), word.href)
      const [open, close] = dialect.marks[word.mark]
      const inner =
        word.mark === 'code'
          ? (dialect.escapeCode ?? dialect.escape)(textOf(word.words))
          : inlineText(dialect, word.words)
      return inner.trim() === '' ? inner : `${open}${inner}${close}`
    })
    .join('')
}

/** A line of a text that is read from right to left, where a service looks at the first letter to know. */
export function marked(line: string, dir: 'ltr' | 'rtl'): string {
  return dir === 'rtl' && line !== '' && !isAgainst(line, 'rtl') ? `\u200f${line}` : line
}
