import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonInTurns } from '../../src/lib/json-in-turns.ts'

test('it says what JSON.stringify says, of lists of any length', async () => {
  const list = fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 3 })), { maxLength: 250, size: 'max' })
  const value = fc.oneof(fc.jsonValue(), list, fc.constant(undefined))
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), value), async (document) => {
      expect(await jsonInTurns(document)).toBe(JSON.stringify(document))
    }),
  )
})

test('it says the same of what JSON has no word for in a list', async () => {
  const document = { list: Array.from({ length: 250 }, (_, index) => (index % 3 === 0 ? undefined : index)) }
  expect(await jsonInTurns(document)).toBe(JSON.stringify(document))
})

test('others pass while it writes a list of thousands', async () => {
  const long = { components: Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'x'.repeat(200) })) }
  let passed = 0
  let done = false
  const pass = (): void => {
    passed += 1
    if (!done) setImmediate(pass)
  }
  setImmediate(pass)
  await jsonInTurns(long)
  done = true
  expect(passed).toBeGreaterThan(1)
})
