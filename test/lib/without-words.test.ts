import { expect, test } from 'vitest'
import { withoutWords } from '../../src/lib/without-words.ts'

test('what went wrong is told by its kind and its places, and by none of its words', () => {
  const found = withoutWords(new TypeError('no way to ada@example.org\n    at her house, 12:1:1'))
  expect(found.kind).toBe('TypeError')
  expect(found.at[0]).toMatch(/^at .*without-words\.test\.ts:\d+:\d+\)?$/)
  expect(JSON.stringify(found)).not.toMatch(/ada|house/)
  expect(withoutWords('ada@example.org')).toEqual({ kind: 'string', at: [] })
})
