import { expect, test } from 'vitest'
import { UnclosedQuotes, csvLine, csvRows } from '../../src/lib/csv.ts'

const cells = (text: string) => [...csvRows(text)].map((row) => row.cells)

test.each([
  [
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    '\ufeffa;b\nc;"d;e"\n',
    [
      ['a', 'b'],
      ['c', 'd;e'],
    ],
  ],
  [
    'a\tb\nc\t"d\te"',
    [
      ['a', 'b'],
      ['c', 'd\te'],
    ],
  ],
  [
    'a,b\n\n , \n,c\n',
    [
      ['a', 'b'],
      ['', 'c'],
    ],
  ],
  [
    '"a ""quoted"" word",b\n"two\nlines",',
    [
      ['a "quoted" word', 'b'],
      ['two\nlines', ''],
    ],
  ],
  ["a\n'+351912345678\n'tis", [['a'], ['+351912345678'], ["'tis"]]],
  ['', []],
])('%j is read as its cells', (text, expected) => {
  expect(cells(text)).toEqual(expected)
})

test('a line says where it begins, also after one that holds others', () => {
  expect([...csvRows('a\n"b\nc"\nd')].map(({ line }) => line)).toEqual([1, 2, 4])
})

test('a file that is no list is refused before it costs anything', () => {
  expect(() => cells(`a,b\n"${'x'.repeat(9_000_000)}`)).toThrow(UnclosedQuotes)
  expect(() => cells(','.repeat(9_000_000))).toThrow('cells')
  expect(cells(`a,b${'\r\n'.repeat(4_000_000)}c,d`)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('quotes that never end are told with their line', () => {
  expect(() => [...csvRows('a\nb\n"c')]).toThrow(new UnclosedQuotes(3))
})

test('what is written is read again', () => {
  const rows = [
    ['=1+1', '+351', '"x"', 'a,b', 'line\r\nline', '', '-', '@', 'plain'],
    ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  ]
  expect(cells(rows.map(csvLine).join(''))).toEqual(rows)
})
