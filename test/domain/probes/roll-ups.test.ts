import { expect, test } from 'vitest'
import { inTransaction } from '../../../src/database/database.ts'
import { forgetChecks, hoursOfDay, rollUp } from '../../../src/domain/probes/roll-ups.ts'
import { forgetChecksBefore, takeChecks } from '../../../src/domain/probes/checks.ts'
import type { Outcome } from '../../../src/domain/probes/finding.ts'
import type { Check } from '../../../src/domain/probes/probe.ts'
import { type Instant, later } from '../../../src/lib/clock.ts'
import { world } from '../../world.ts'

const at = (time: string): Instant => `2026-11-21T${time}.000Z` as Instant

function check(probeId: string, when: Instant, outcome: Outcome = 'pass', ms: number | null = 100): Check {
  return { probeId, at: when, outcome, reason: null, ms, code: 200 }
}

async function with_(checks: readonly Check[]) {
  const it = await world()
  await inTransaction(it.db, (tx) => takeChecks(tx, checks))
  return it
}

const someChecks = [
  check('a', at('10:00:00')),
  check('a', at('10:01:00'), 'slow', 900),
  check('a', at('10:59:59'), 'fail', 5000),
  check('a', at('11:00:00'), 'inconclusive', null),
  check('b', at('10:30:00'), 'pass', 40),
]

test('hours are summed up once, however often it is done', async () => {
  const { db, clock } = await with_(someChecks)
  await rollUp(db, clock)
  const once = await hoursOfDay(db, 'a', '2026-11-21', 'UTC')
  await rollUp(db, clock)
  expect(await hoursOfDay(db, 'a', '2026-11-21', 'UTC')).toEqual(once)
  expect(once).toEqual([
    { hour: at('10:00:00'), checks: 3, failed: 1, slow: 1, inconclusive: 0, msAverage: 500, msMax: 900 },
    // Nothing was measured: no number stands there, and not the one before either.
    { hour: at('11:00:00'), checks: 1, failed: 0, slow: 0, inconclusive: 1, msAverage: null, msMax: null },
  ])
  const day = await db.selectFrom('check_days').selectAll().where('probe_id', '=', 'a').executeTakeFirstOrThrow()
  expect(day).toMatchObject({
    day: '2026-11-21',
    checks: 4,
    failed: 1,
    slow: 1,
    inconclusive: 1,
    ms_sum: 1000,
    ms_max: 900,
  })
})

test('checks are forgotten after two hours, and what they amounted to stays', async () => {
  const { db, clock } = await with_(someChecks)
  clock.set('2026-11-21T13:30:00.000Z')
  await forgetChecks(db, clock)
  const left = await db.selectFrom('checks').select('t').execute()
  expect(left).toHaveLength(1)
  clock.advance('1d')
  await forgetChecks(db, clock)
  expect(await db.selectFrom('checks').select('t').execute()).toEqual([])
  expect(await hoursOfDay(db, 'a', '2026-11-21', 'UTC')).toHaveLength(2)
})

test('a sum does not shrink when half of its checks are forgotten already', async () => {
  const { db, clock } = await with_(someChecks)
  await rollUp(db, clock)
  await forgetChecksBefore(db, Date.parse(at('10:00:30')) / 1000)
  await rollUp(db, clock)
  expect((await hoursOfDay(db, 'a', '2026-11-21', 'UTC'))[0]).toMatchObject({ checks: 3 })
})

test('hours are kept for 35 days, days for 400', async () => {
  const { db, clock } = await with_(someChecks)
  await rollUp(db, clock)
  clock.advance('36d')
  await forgetChecks(db, clock)
  expect(await db.selectFrom('check_hours').selectAll().execute()).toEqual([])
  expect(await db.selectFrom('check_days').selectAll().execute()).toHaveLength(2)
  clock.advance('400d')
  await forgetChecks(db, clock)
  expect(await db.selectFrom('check_days').selectAll().execute()).toEqual([])
})

test('the same check twice is one, and many are forgotten in small portions', async () => {
  const many = Array.from({ length: 6000 }, (_, n) => check(`p${n % 40}`, later(at('08:00:00'), Math.floor(n / 40))))
  const { db } = await with_([...many, ...many.slice(0, 100)])
  expect(await forgetChecksBefore(db, Date.parse(at('09:00:00')) / 1000)).toBe(6000)
})
