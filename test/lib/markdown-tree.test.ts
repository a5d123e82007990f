import { expect, test } from 'vitest'
import { firstOf, markdownTree, textOf } from '../../src/lib/markdown-tree.ts'

const shown = (text: string) =>
  markdownTree(text).map(({ kind, marker, depth, quoted, words }) => [kind, marker, depth, quoted, textOf(words)])

test('blocks are told apart, with their place in lists', () => {
  const text = '# A\n\nb\n\n- c\n- d\n\n  e\n  1. f\n\n> g\n\n```\nh\n```\n\n|i|j|\n|-|-|\n|k|l|'
  expect(shown(text)).toEqual([
    ['heading', null, 0, 'no', 'A'],
    ['paragraph', null, 0, 'no', 'b'],
    ['item', '•', 1, 'no', 'c'],
    ['item', '•', 1, 'no', 'd'],
    ['item', null, 1, 'no', 'e'],
    ['item', '1.', 2, 'no', 'f'],
    ['paragraph', null, 0, 'yes', 'g'],
    ['code', null, 0, 'no', 'h'],
    ['paragraph', null, 0, 'no', 'i | j'],
    ['paragraph', null, 0, 'no', 'k | l'],
  ])
})

test('marks and links nest as they were written; an image is its description', () => {
  expect(markdownTree('**a [b _c_](https://x.example)** ![d](https://x.example/p.png)')[0]?.words).toEqual([
    {
      kind: 'marked',
      mark: 'bold',
      words: [
        { kind: 'text', text: 'a ' },
        {
          kind: 'link',
          href: 'https://x.example',
          words: [
            { kind: 'text', text: 'b ' },
            { kind: 'marked', mark: 'italic', words: [{ kind: 'text', text: 'c' }] },
          ],
        },
      ],
    },
    { kind: 'text', text: ' ' },
    { kind: 'text', text: 'd' },
  ])
})

test.each(['[a](javascript:alert(1))', '[a](data:text/html,x)', '<a href="//evil.example">a</a>'])(
  '%s is no link',
  (text) => {
    expect(JSON.stringify(markdownTree(text))).not.toContain('"link"')
  },
)

test('what is cut keeps whole characters and its marks, and says that there was more', () => {
  const tree = markdownTree('ab **👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦**\n\nnext')
  const cut = (most: number): string =>
    firstOf(tree, most)
      .map(({ words }) => textOf(words))
      .join('\n')
  expect(cut(5)).toBe('ab 👩‍👩‍👧‍👦👩‍👩‍👧‍👦…')
  expect(cut(1)).toBe('a…')
  expect(cut(6)).toBe('ab 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦\n…')
  expect(cut(10)).toBe('ab 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦\nnext')
  expect(firstOf(tree, 5)[0]?.words.at(-1)).toMatchObject({ kind: 'marked', mark: 'bold' })
})
