import { describe, expect, test } from 'vitest'
import { type Db, inTransaction } from '../../../../src/database/database.ts'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { latestChecks, takeChecks } from '../../../../src/domain/probes/checks/checks.ts'
import { nameOfDay } from '../../../../src/domain/probes/checks/closing-days.ts'
import { closeHours } from '../../../../src/domain/probes/checks/closing.ts'
import { createProbe } from '../../../../src/domain/probes/commands.ts'
import type { Outcome } from '../../../../src/domain/probes/finding.ts'
import { forgetChecks } from '../../../../src/domain/probes/checks/forgetting.ts'
import type { Check } from '../../../../src/domain/probes/probe.ts'
import { sumsByDay, sumsByHour } from '../../../../src/domain/probes/checks/roll-ups.ts'
import { type Instant, later } from '../../../../src/lib/clock.ts'
import { type World, world } from '../../../world.ts'

const at = (time: string): Instant => `2026-11-21T${time}.000Z` as Instant
const today = Math.floor(Date.parse(at('00:00:00')) / 86_400_000)
const thisHour = Math.floor(Date.parse(at('12:00:00')) / 3_600_000)

/** Two probes, `a` every minute and `b`. */
async function probes() {
  const it = await world()
  const ada = { kind: 'operator', id: 'ada', name: 'Ada' } as const
  const component = await it.change(ada, (change) => createComponent(change, { name: 'Search' }))
  const probe = () =>
    it.change(ada, (change) => createProbe(change, { componentId: component, url: 'https://shop.test/health' }))
  const [a, b] = [await probe(), await probe()]
  const check = (when: Instant, outcome: Outcome = 'pass', ms: number | null = 100, probeId = a): Check => {
    return { probeId, at: when, outcome, reason: null, ms, code: 200 }
  }
  const takes = (checks: readonly Check[], place = 0) => inTransaction(it.db, (tx) => takeChecks(tx, checks, place))
  const someChecks = [
    check(at('10:00:00')),
    check(at('10:01:00'), 'slow', 900),
    check(at('10:59:00'), 'fail', 5000),
    check(at('11:00:00'), 'inconclusive', null),
    check(at('10:30:00'), 'pass', 40, b),
  ]
  const hot = async () => Number((await it.db.selectFrom('checks').select('t').execute()).length)
  return { ...it, it, a, b, check, takes, someChecks, hot }
}

const hoursOf = (db: Db, probe: number) => sumsByHour(db, [probe], { first: thisHour - 12, end: thisHour + 12 })

/** Everything that is kept of checks. */
async function kept({ db }: World) {
  const tables = ['checks', 'check_samples', 'check_hours', 'check_days', 'check_days_due'] as const
  return Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
}

describe('an hour that is over', () => {
  test('is packed and summed up once, however often it is done', async () => {
    const { it, db, clock, takes, someChecks, hot } = await probes()
    await takes(someChecks)
    await closeHours(db, clock)
    const once = await kept(it)
    await closeHours(db, clock)
    expect(await kept(it)).toEqual(once)
    // 11:00 has ended less than a minute ago: its last checks may still be on their way.
    expect(await hot()).toBe(1)
    clock.advance('2m')
    await closeHours(db, clock)
    expect(await hot()).toBe(0)
    expect((await hoursOf(db, 1)).map(({ sum }) => sum)).toMatchObject([
      { checks: 3, failed: 1, slow: 1, inconclusive: 0, msMax: 900 },
      { checks: 1, failed: 0, slow: 0, inconclusive: 1, msMax: 0, seconds: 0 },
    ])
  })

  test('counts in seconds, and a check stands for two intervals at most', async () => {
    const { db, clock, takes, someChecks } = await probes()
    await takes(someChecks)
    clock.advance('2m')
    await closeHours(db, clock)
    const sums = await sumsByHour(db, [1, 2], { first: thisHour - 2, end: thisHour })
    expect(sums.map(({ period, probe, sum }) => [period - thisHour, probe, sum.seconds, sum.failedSeconds])).toEqual([
      // A minute that passed, two that were slow, and the last one that failed.
      [-2, 1, 60 + 120 + 60, 60],
      [-1, 1, 0, 0],
      // Two before it, as the first of the hour, and two after it.
      [-2, 2, 240, 0],
    ])
  })

  test('is opened again for checks that come late, and what comes twice is counted once', async () => {
    const { db, clock, takes, check, someChecks, a } = await probes()
    await takes(someChecks)
    clock.advance('2m')
    await closeHours(db, clock)
    await takes([...someChecks, check(at('10:30:00'), 'fail', null)])
    await closeHours(db, clock)
    expect((await hoursOf(db, 1))[0]?.sum).toMatchObject({ checks: 4, failed: 2 })
    expect((await latestChecks(db, a, at('10:00:00'), 10)).map((one) => [one.at, one.outcome])).toEqual([
      [at('11:00:00'), 'inconclusive'],
      [at('10:59:00'), 'fail'],
      [at('10:30:00'), 'fail'],
      [at('10:01:00'), 'slow'],
      [at('10:00:00'), 'pass'],
    ])
  })

  test('counts nothing twice where the process died before its checks were deleted', async () => {
    const { it, db, clock, takes, someChecks } = await probes()
    clock.advance('2m')
    await takes(someChecks)
    const hot = await db.selectFrom('checks').selectAll().execute()
    await closeHours(db, clock)
    const closed = await kept(it)
    await db.insertInto('checks').values(hot.slice(1)).execute()
    await closeHours(db, clock)
    expect(await kept(it)).toEqual(closed)
  })

  test('does not take checks that come when those they belong to are forgotten', async () => {
    const { db, clock, takes, check, someChecks, hot } = await probes()
    await takes(someChecks)
    clock.advance('50h')
    await closeHours(db, clock)
    await forgetChecks(db, clock)
    await takes([check(at('10:45:00'))])
    await closeHours(db, clock)
    expect((await hoursOf(db, 1))[0]?.sum).toMatchObject({ checks: 3 })
    expect(await hot()).toBe(0)
  })

  test('keeps places apart', async () => {
    const { db, clock, takes, check, a } = await probes()
    clock.advance('2m')
    await takes([check(at('11:00:00'))])
    await takes([check(at('11:00:00'), 'fail', null)], 3)
    expect((await latestChecks(db, a, at('10:00:00'), 9)).map((one) => [one.place, one.outcome])).toEqual([
      [0, 'pass'],
      [3, 'fail'],
    ])
    await closeHours(db, clock)
    const sums = await sumsByHour(db, [1], { first: thisHour - 1, end: thisHour })
    expect(sums.map(({ place, sum }) => [place, sum.failed])).toEqual([
      [0, 0],
      [3, 1],
    ])
    expect((await latestChecks(db, a, at('10:00:00'), 9)).map((one) => [one.place, one.outcome])).toEqual([
      [0, 'pass'],
      [3, 'fail'],
    ])
  })
})

describe('a day', () => {
  test('is summed up when it is over, and again when one of its hours is opened again', async () => {
    const { db, clock, takes, check, someChecks } = await probes()
    await takes(someChecks)
    clock.advance('2h')
    await closeHours(db, clock)
    expect(await sumsByDay(db, [1, 2], { first: today, end: today + 1 })).toEqual([])
    clock.set('2026-11-22T00:05:00.000Z')
    await closeHours(db, clock)
    const days = await sumsByDay(db, [1, 2], { first: today, end: today + 1 })
    expect(days.map(({ probe, sum: { checks, failed, msMax } }) => [probe, checks, failed, msMax])).toEqual([
      [1, 4, 1, 900],
      [2, 1, 0, 40],
    ])
    await takes([check(at('09:00:00'))])
    await closeHours(db, clock)
    expect((await sumsByDay(db, [1], { first: today, end: today + 1 }))[0]?.sum.checks).toBe(5)
    expect(nameOfDay(today)).toBe('2026-11-21')
  })
})

describe('sums', () => {
  test('share a row by the hours of a day and by 32 days, each probe and place for itself', async () => {
    const { it, db, clock, takes, check, b } = await probes()
    const hours = Array.from({ length: 36 }, (_, hour) => later('2026-11-20T00:30:00.000Z' as Instant, hour * 3600))
    await takes(hours.flatMap((when) => [check(when), check(when, 'pass', 30, b)]))
    await takes([check(at('00:30:00'), 'fail', null)], 3)
    await closeHours(db, clock)
    const [, , ofHours = [], ofDays = []] = await kept(it)
    expect(ofHours.map((row) => [row.span, row.probe, row.place].join(' ')).toSorted()).toEqual([
      `${today - 1} 1 0`,
      `${today - 1} 2 0`,
      `${today} 1 0`,
      `${today} 1 3`,
      `${today} 2 0`,
    ])
    expect(ofDays).toHaveLength(2)
    const found = await sumsByHour(db, [1], { first: thisHour - 30, end: thisHour - 5 })
    expect(found.filter(({ place }) => place === 0).map(({ period }) => period - thisHour)).toEqual(
      Array.from({ length: 25 }, (_, after) => after - 30),
    )
  })
})

describe('what was measured', () => {
  test('is kept for 48 hours check by check, for 35 days by hour and for 400 by day', async () => {
    const { it, db, clock, takes, someChecks } = await probes()
    await takes(someChecks)
    const counts = async () => (await kept(it)).map((rows) => rows.length)
    clock.advance('47h')
    await closeHours(db, clock)
    await forgetChecks(db, clock)
    expect(await counts()).toEqual([0, 1, 2, 2, 0])
    clock.advance('2h')
    await forgetChecks(db, clock)
    expect(await counts()).toEqual([0, 0, 2, 2, 0])
    clock.advance('35d')
    await forgetChecks(db, clock)
    expect(await counts()).toEqual([0, 0, 0, 2, 0])
    clock.advance('400d')
    await forgetChecks(db, clock)
    expect(await counts()).toEqual([0, 0, 0, 0, 0])
  })

  test('is forgotten in portions', async () => {
    const { it, db, clock } = await probes()
    const row = { place: 0, packed: Buffer.from([0]) }
    for (let hour = 0; hour < 5; hour += 1) {
      const rows = Array.from({ length: 1000 }, (_, probe) => ({ hour, probe: probe + 1, ...row }))
      await db.insertInto('check_samples').values(rows).execute()
    }
    await forgetChecks(db, clock)
    expect((await kept(it))[1]).toEqual([])
  })

  test('is found again newest first, be it packed or not', async () => {
    const { db, clock, takes, check, a } = await probes()
    const times = Array.from({ length: 130 }, (_, minute) => later(at('09:00:00'), minute * 60))
    await takes(times.map((when) => check(when)))
    clock.set(at('11:10:00'))
    await closeHours(db, clock)
    const all = await latestChecks(db, a, at('09:00:00'), 1000)
    expect(all.map((one) => one.at)).toEqual(times.toReversed())
    expect((await latestChecks(db, a, at('09:30:00'), 1000)).length).toBe(100)
    expect((await latestChecks(db, a, at('09:00:00'), 12)).length).toBe(12)
    expect(await latestChecks(db, 'nobody', at('09:00:00'), 12)).toEqual([])
  })
})
