import { expect, test } from 'vitest'
import { inTurns } from '../../src/lib/in-turns.ts'

test('no more than so many are under way, and all are done in the end', async () => {
  const turns = inTurns(3)
  let [underWay, most, done] = [0, 0, 0]
  for (let index = 0; index < 20; index += 1) {
    await turns.next(async () => {
      most = Math.max(most, (underWay += 1))
      await new Promise(setImmediate)
      underWay -= 1
      done += 1
    })
  }
  await turns.done()
  expect({ most, done }).toEqual({ most: 3, done: 20 })
})

test('the first failure is thrown to whoever comes next, when nothing is under way any more', async () => {
  const turns = inTurns(2)
  let ended = 0
  const later = async (work: () => void): Promise<void> => {
    await new Promise(setImmediate)
    work()
  }
  await turns.next(() =>
    later(() => {
      throw new Error('full')
    }),
  )
  await turns.next(() => later(() => (ended += 1)))
  await expect(turns.done()).rejects.toThrow('full')
  await expect(turns.next(() => later(() => (ended += 1)))).rejects.toThrow('full')
  expect(ended).toBe(1)
})
