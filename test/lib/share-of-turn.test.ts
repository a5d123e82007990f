import { expect, test } from 'vitest'
import { shareOfTurn } from '../../src/lib/share-of-turn.ts'

test('work that has had its share goes on in the next turn of the loop', async () => {
  const turns = countTurns()
  const nothing = shareOfTurn(0)
  for (let step = 0; step < 20; step += 1) await nothing()
  expect(turns()).toBeGreaterThanOrEqual(9)
})

test('work that has some left goes on at once', async () => {
  const turns = countTurns()
  const plenty = shareOfTurn(Number.POSITIVE_INFINITY)
  for (let step = 0; step < 20; step += 1) await plenty()
  expect(turns()).toBe(0)
})

function countTurns(): () => number {
  let turns = 0
  const count = () => {
    turns += 1
    if (turns < 100) setImmediate(count)
  }
  setImmediate(count)
  return () => turns
}
