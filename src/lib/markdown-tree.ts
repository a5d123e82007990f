import type { Token } from 'markdown-it'
import { tokensOf } from './markdown.ts'

/** Markdown as a tree, for those who set it in a dialect of their own. Images are their descriptions, tables their rows. */
export interface Block {
  readonly kind: 'paragraph' | 'heading' | 'item' | 'code'
  /** `•` or `3.`, of an item; null: it goes on. */
  readonly marker: string | null
  /** Lists around it. */
  readonly depth: number
  readonly quoted: 'yes' | 'no'
  readonly words: readonly Inline[]
}

export type Mark = 'bold' | 'italic' | 'strike' | 'code'

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'marked'; readonly mark: Mark; readonly words: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly words: readonly Inline[] }

interface List {
  /** Null: bullets. */
  number: number | null
  isNew: boolean
}

// eslint-disable-next-line no-control-regex -- what nobody sees, and what turns around the text after it
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202d\u202e]/g

export function markdownTree(text: string): Block[] {
  const blocks: Block[] = []
  const lists: List[] = []
  let quotes = 0
  let heading = false
  let row: Inline[] | null = null
  const add = (kind: Block['kind'], words: readonly Inline[]): void => {
    const list = lists.at(-1)
    const marker = list?.isNew ? (list.number === null ? '•' : `${list.number}.`) : null
    if (list) list.isNew = false
    blocks.push({
      kind: list && kind === 'paragraph' ? 'item' : kind,
      marker,
      depth: lists.length,
      quoted: quotes > 0 ? 'yes' : 'no',
      words,
    })
  }
  for (const token of tokensOf(text.replaceAll(/\r\n?/g, '\n').replaceAll(unseen, '').toWellFormed())) {
    switch (token.type) {
      case 'bullet_list_open':
        lists.push({ number: null, isNew: false })
        break
      case 'ordered_list_open':
        lists.push({ number: Number(token.attrGet('start') ?? 1) - 1, isNew: false })
        break
      case 'list_item_open': {
        const list = lists.at(-1)
        if (list) {
          list.isNew = true
          if (list.number !== null) list.number += 1
        }
        break
      }
      case 'bullet_list_close':
      case 'ordered_list_close':
        lists.pop()
        break
      case 'blockquote_open':
        quotes += 1
        break
      case 'blockquote_close':
        quotes -= 1
        break
      case 'heading_open':
        heading = true
        break
      case 'heading_close':
        heading = false
        break
      case 'tr_open':
        row = []
        break
      case 'tr_close':
        add('paragraph', row ?? [])
        row = null
        break
      case 'inline': {
        const words = inlines(token.children ?? [])
        if (row) row.push(...(row.length > 0 ? [{ kind: 'text', text: ' | ' } as const] : []), ...words)
        else add(heading ? 'heading' : 'paragraph', words)
        break
      }
      case 'fence':
      case 'code_block':
        add('code', [{ kind: 'text', text: token.content.replace(/\n$/, '') }])
        break
    }
  }
  return blocks
}

const marks: Readonly<Record<string, Mark>> = { strong_open: 'bold', em_open: 'italic', s_open: 'strike' }

function inlines(tokens: readonly Token[]): Inline[] {
  const stack: { made(words: Inline[]): Inline; words: Inline[] }[] = []
  const whole: Inline[] = []
  const add = (word: Inline): void => void (stack.at(-1)?.words ?? whole).push(word)
  for (const token of tokens) {
    const mark = marks[token.type]
    if (mark) stack.push({ made: (words) => ({ kind: 'marked', mark, words }), words: [] })
    else if (token.type === 'link_open') {
      const href = String(token.attrGet('href') ?? '')
      stack.push({ made: (words) => ({ kind: 'link', href, words }), words: [] })
    } else if (token.nesting === -1) {
      const closed = stack.pop()
      if (closed) add(closed.made(closed.words))
    } else if (token.type === 'code_inline') {
      add({ kind: 'marked', mark: 'code', words: [{ kind: 'text', text: token.content }] })
    } else if (token.type === 'softbreak' || token.type === 'hardbreak') add({ kind: 'text', text: '\n' })
    else if (token.content !== '') add({ kind: 'text', text: token.content })
  }
  return whole
}

/** The text of some words without their marks. */
export function textOf(words: readonly Inline[]): string {
  return words.map((word) => (word.kind === 'text' ? word.text : textOf(word.words))).join('')
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The first so many characters, as readers count them, with an ellipsis where there were more. */
export function firstOf(blocks: readonly Block[], most: number): Block[] {
  let left = most
  const cutWords = (words: readonly Inline[]): Inline[] => {
    const kept: Inline[] = []
    for (const word of words) {
      if (left <= 0) break
      if (word.kind !== 'text') {
        kept.push({ ...word, words: cutWords(word.words) })
        continue
      }
      const text = firstCharacters(word.text, left)
      left -= text.count
      kept.push({ kind: 'text', text: text.isWhole ? word.text : `${text.text.trimEnd()}…` })
      if (!text.isWhole) left = 0
    }
    return kept
  }
  const kept: Block[] = []
  for (const block of blocks) {
    if (left <= 0) break
    kept.push({ ...block, words: cutWords(block.words) })
  }
  if (kept.length > 0 && textOf(kept.at(-1)?.words ?? []).endsWith('…')) return kept
  return kept.length < blocks.length ? [...kept, { ...nothing, words: [{ kind: 'text', text: '…' }] }] : kept
}

const nothing: Block = { kind: 'paragraph', marker: null, depth: 0, quoted: 'no', words: [] }

function firstCharacters(text: string, most: number): { text: string; count: number; isWhole: boolean } {
  let count = 0
  for (const { index } of characters.segment(text)) {
    if (count === most) return { text: text.slice(0, index), count, isWhole: false }
    count += 1
  }
  return { text, count, isWhole: true }
}
