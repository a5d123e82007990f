import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { type Lease, createLease } from '../../src/database/lease.ts'
import { type Clock, type Instant, later } from '../../src/lib/clock.ts'
import { world } from '../world.ts'

const isServer = process.env['TEST_DATABASE_URL'] !== undefined

async function two() {
  const { db, clock, ids } = await world()
  const of = (holder: string, by: Clock = clock): Lease => createLease({ db, clock: by, ids, holder }, 'prober')
  /** For both, and for the server, whose clock nobody sets: the lease is so much older. */
  const passes = async (seconds: number): Promise<void> => {
    clock.advance(`${seconds}s`)
    if (!isServer) return
    const { until } = await db.selectFrom('leases').select('until').executeTakeFirstOrThrow()
    await db
      .updateTable('leases')
      .set({ until: later(until, -seconds) })
      .execute()
  }
  return { db, clock, of, passes, first: of('north 1 a'), second: of('south 1 b') }
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
  const { passes, first, second } = await two()
  await first.renew()
  await passes(9)
  expect(first.isHeld()).toBe(false)
  await second.renew()
  expect(second.isHeld()).toBe(false)
  await passes(2)
  await second.renew()
  expect(second.isHeld()).toBe(true)
  await first.renew()
  expect(first.isHeld()).toBe(false)
})

test.runIf(isServer)(
  'a machine whose clock is ahead takes it from nobody, and one whose clock is behind keeps it',
  async () => {
    const { clock, of } = await two()
    const ahead = of('south 1 b', { now: () => later(clock.now(), 3600) })
    const behind = of('west 1 c', { now: () => later(clock.now(), -3600) })
    await behind.renew()
    await ahead.renew()
    expect([behind.isHeld(), ahead.isHeld()]).toEqual([true, false])
  },
)

test('one that was taken while the clock ran ahead does not hold until then', async () => {
  const { db, clock, first, second } = await two()
  await first.renew()
  // It is set right, and whoever had it is gone: nobody who lives takes it for longer than some seconds.
  await db
    .updateTable('leases')
    .set({ until: later(clock.now(), 365 * 86_400) })
    .execute()
  await second.renew()
  expect(second.isHeld()).toBe(true)
})

test('a machine that slept wakes up without it, though its steady clock slept too', async () => {
  const { clock, first } = await two()
  await first.renew()
  clock.advance('1h')
  expect(first.isHeld()).toBe(false)
})

test('a process of this machine that was killed is not waited for', async () => {
  const { db, second } = await two()
  const { pid } = spawnSync('true')
  const until = '2126-11-21T12:00:00.000Z' as Instant
  await db
    .insertInto('leases')
    .values({ name: 'prober', holder: `${hostname()} ${pid} x`, until })
    .execute()
  await second.renew()
  expect(second.isHeld()).toBe(true)
})
