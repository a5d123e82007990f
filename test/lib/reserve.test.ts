import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reserve } from '../../src/lib/reserve.ts'
import { ownFolder } from '../own-folder.ts'

const bytes = 2 * 1024 ** 2

/** What is free is the machine's own: what counts as little is moved instead. */
function scene() {
  const folder = ownFolder()
  const sizes = { bytes, spendBelow: 0, enough: 0, layBy: 0 }
  const told: string[] = []
  return { folder, sizes, told, kept: reserve(folder, (event) => told.push(event), sizes) }
}

test('room is laid by once, written out and whole', async () => {
  const { folder, kept, told } = scene()
  await kept.look()
  await kept.look()
  expect(readdirSync(folder)).toEqual(['reserve'])
  const { size, blocks, mode } = statSync(join(folder, 'reserve'))
  expect(size).toBe(bytes)
  expect(blocks * 512).toBeGreaterThanOrEqual(bytes)
  expect(mode & 0o077).toBe(0)
  expect([kept.isSpent(), told]).toEqual([false, []])
})

test('it is given up where next to nothing is free, and laid by when there is plenty', async () => {
  const { folder, kept, told, sizes } = scene()
  await kept.look()
  sizes.spendBelow = Infinity
  await kept.look()
  await kept.look()
  expect([existsSync(join(folder, 'reserve')), kept.isSpent(), told]).toEqual([false, true, ['spent']])
  Object.assign(sizes, { spendBelow: 0, layBy: Infinity })
  await kept.look()
  expect([existsSync(join(folder, 'reserve')), kept.isSpent(), told]).toEqual([false, false, ['spent', 'room']])
  sizes.layBy = 0
  await kept.look()
  expect(existsSync(join(folder, 'reserve'))).toBe(true)
})

test('a start on a full disk knows that it is full', async () => {
  const { kept, sizes, told } = scene()
  sizes.spendBelow = Infinity
  await kept.look()
  expect([kept.isSpent(), told]).toEqual([true, ['spent']])
})

test('where the data lie elsewhere there is none', async () => {
  const kept = reserve(null, () => expect.unreachable())
  await kept.look()
  expect(kept.isSpent()).toBe(false)
})
