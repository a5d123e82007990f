import { expect, test } from 'vitest'
import { type Pattern, readPattern } from '../../src/lib/patterns.ts'

function pattern(source: string, flags = ''): Pattern {
  const read = readPattern(source, flags)
  if ('fault' in read) throw new Error(read.fault)
  return read
}

test.each([
  ['^220 .*ESMTP', '', '220 mail.example.com ESMTP ready', 'yes'],
  ['^220 ', '', '554 go away', 'no'],
  ['WELL', 'i', 'all is well', 'yes'],
  ['^b$', 'm', 'a\nb\nc', 'yes'],
  ['^b$', '', 'a\nb\nc', 'no'],
  ['a.c', '', 'a\nc', 'no'],
  ['a.c', 's', 'a\nc', 'yes'],
  ['\\d{3}', '', 'code 250', 'yes'],
  ['é', '', 'café', 'yes'],
] as const)('/%s/%s in %j: %s', (source, flags, text, found) => {
  expect(pattern(source, flags).findIn(text)).toBe(found)
})

test.each([
  ['', '', 'empty'],
  ['(', '', 'missing closing )'],
  ['a{1001}', '', 'invalid repeat count'],
  ['(?<=a)b', '', 'look-behind'],
  ['(?=a)b', '', 'look-ahead'],
  ['(a)\\1', '', 'back-references'],
  ['a'.repeat(501), '', 'more than 500'],
  ['[ab]{900}', '', 'repeats too much'],
  ['a', 'g', 'only i, m and s'],
])('/%s/%s is refused: %s', (source, flags, reason) => {
  const read = readPattern(source, flags)
  expect('fault' in read && read.fault).toContain(reason)
})

test('a pattern that makes others run for ever is answered all the same', () => {
  expect(pattern('(a+)+$').findIn(`${'a'.repeat(100_000)}!`)).toBe('no')
  expect(pattern('(x+x+)+y').findIn('x'.repeat(100_000))).toBe('no')
})

test('a large pattern does not look through a large text, and says so', () => {
  expect(pattern('[ab]*a[ab]{200}[de]').findIn('ab'.repeat(500_000))).toBe('too_long')
  expect(pattern('ready').findIn(`${'-'.repeat(1024 * 1024)}ready`)).toBe('yes')
})
