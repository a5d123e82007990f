import { expect, test } from 'vitest'
import { recentlyKnown } from '../../src/lib/recently-known.ts'

test('of very many, whoever was not heard of for longest is forgotten', () => {
  const known = recentlyKnown<true>(2)
  for (const name of ['a', 'b']) known.set(name, true)
  known.get('a')
  known.set('c', true)
  expect([...known.keys()]).toEqual(['c', 'a'])
})

test('room is made for whoever comes, not for all who might', () => {
  const before = process.memoryUsage().arrayBuffers
  const known = recentlyKnown<true>(10_000_000)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  expect(known.size).toBe(0)
})
