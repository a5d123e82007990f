import { expect, test } from 'vitest'
import { eachTurn } from '../../src/lib/each-turn.ts'

test('of many at once one goes on in each turn of the loop, in the order in which they came', async () => {
  const turn = eachTurn()
  let turns = 0
  const count = () => {
    turns += 1
    if (turns < 100) setImmediate(count)
  }
  setImmediate(count)
  const seen = await Promise.all(Array.from({ length: 20 }, (_, index) => turn().then(() => ({ index, turns }))))
  expect(seen.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, index) => index))
  for (const [index, { turns: at }] of seen.entries()) expect(at).toBeGreaterThanOrEqual(index)
  expect(new Set(seen.map(({ turns: at }) => at)).size).toBeGreaterThan(15)
})
