import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { type Lease, createLease } from '../../src/database/lease.ts'
import { later } from '../../src/lib/clock.ts'
import { world } from '../world.ts'

async function two() {
  const { db, clock, ids } = await world()
  const of = (holder: string): Lease => createLease({ db, clock, ids, holder }, 'prober')
  return { db, clock, first: of('north 1 a'), second: of('south 1 b') }
}

test('one of two has it, and keeps it while it says that it is there', async () => {
  const { clock, first, second } = await two()
  await first.renew()
  for (let round = 0; round < 5; round += 1) {
    clock.advance('3s')
    await first.renew()
    await second.renew()
    expect([first.isHeld(), second.isHeld()]).toEqual([true, false])
  }
})

test('who gives it back is followed at once', async () => {
  const { first, second } = await two()
  await first.renew()
  await first.release()
  await second.renew()
  expect([first.isHeld(), second.isHeld()]).toEqual([false, true])
})

test('who is on another machine and silent for ten seconds has lost it, also to itself', async () => {
  const { clock, first, second } = await two()
  await first.renew()
  clock.advance('10s')
  await second.renew()
  expect(second.isHeld()).toBe(false)
  clock.advance('1s')
  await second.renew()
  expect(second.isHeld()).toBe(true)
  await first.renew()
  expect(first.isHeld()).toBe(false)
})

test('a process of this machine that was killed is not waited for', async () => {
  const { db, clock, second } = await two()
  const { pid } = spawnSync('true')
  await db
    .insertInto('leases')
    .values({ name: 'prober', holder: `${hostname()} ${pid} x`, until: later(clock.now(), 10) })
    .execute()
  await second.renew()
  expect(second.isHeld()).toBe(true)
})
