import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inTransaction } from '../../../src/database/database.ts'
import { forgetChecks } from '../../../src/domain/probes/checks/forgetting.ts'
import { type PlacedSum, keepSums, sumsByDay, sumsByHour } from '../../../src/domain/probes/checks/roll-ups.ts'
import { noSum } from '../../../src/domain/probes/checks/sums.ts'
import { instantOf } from '../../../src/lib/clock.ts'
import { world } from '../../world.ts'

const today = Math.floor(Date.parse('2026-11-21T00:00:00.000Z') / 86_400_000)

/** A world in which sums are kept that no check was made for. */
async function sums() {
  const it = await world()
  const sum = (period: number, checks = 60, { probe = 1, place = 0 } = {}): PlacedSum => {
    return { period, probe, place, sum: { ...noSum(), checks } }
  }
  return { ...it, sum }
}

test('sums are found again as they were kept, in whatever order they came', async () => {
  const { db } = await sums()
  const some = fc.record({
    period: fc.integer({ min: 900_000, max: 900_100 }),
    probe: fc.integer({ min: 1, max: 3 }),
    place: fc.integer({ min: 0, max: 2 }),
    sum: fc
      .tuple(fc.nat({ max: 4_000_000 }), fc.array(fc.nat({ max: 4_000_000 }), { minLength: 12, maxLength: 12 }))
      .map(([count, counts]) => ({ ...noSum(), checks: count, seconds: count, msMax: count, counts })),
  })
  const key = ({ period, probe, place }: PlacedSum): string => `${period} ${probe} ${place}`
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('check_hours' as const, 'check_days' as const),
      fc.array(fc.uniqueArray(some, { selector: key, maxLength: 30 }), { maxLength: 5 }),
      async (table, portions) => {
        await db.deleteFrom(table).execute()
        for (const portion of portions) await inTransaction(db, (tx) => keepSums(tx, table, portion))
        const expected = new Map(portions.flat().map((one) => [key(one), one]))
        const read = table === 'check_hours' ? sumsByHour : sumsByDay
        const found = await read(db, [1, 2, 3], { first: 900_010, end: 900_090 })
        const within = [...expected.values()].filter(({ period }) => period >= 900_010 && period < 900_090)
        expect(found.toSorted((a, b) => key(a).localeCompare(key(b)))).toEqual(
          within.toSorted((a, b) => key(a).localeCompare(key(b))),
        )
      },
    ),
    { numRuns: 60 },
  )
})

test('two processes that keep hours of one row at once leave both', async () => {
  const { db, sum } = await sums()
  const hours = Array.from({ length: 24 }, (_, hour) => 24 * today + hour)
  await Promise.all(hours.map((hour) => inTransaction(db, (tx) => keepSums(tx, 'check_hours', [sum(hour)]))))
  const found = await sumsByHour(db, [1], { first: 24 * today, end: 24 * today + 24 })
  expect(found.map(({ period }) => period)).toEqual(hours)
})

test('a sum is kept until the last hour or day of its row may go', async () => {
  const { db, clock, sum } = await sums()
  const [hour, day] = [24 * today, 32 * Math.floor(today / 32)]
  await inTransaction(db, (tx) => keepSums(tx, 'check_hours', [sum(hour), sum(hour + 23)]))
  await inTransaction(db, (tx) => keepSums(tx, 'check_days', [sum(day), sum(day + 31)]))
  const left = async () => [
    (await sumsByHour(db, [1], { first: hour, end: hour + 24 })).length,
    (await sumsByDay(db, [1], { first: day, end: day + 32 })).length,
  ]
  clock.set(instantOf((hour + 23 + 35 * 24) * 3_600_000))
  await forgetChecks(db, clock)
  expect(await left()).toEqual([2, 2])
  clock.advance('1h')
  await forgetChecks(db, clock)
  expect(await left()).toEqual([0, 2])
  clock.set(instantOf((day + 31 + 400) * 86_400_000))
  await forgetChecks(db, clock)
  expect(await left()).toEqual([0, 2])
  clock.advance('1d')
  await forgetChecks(db, clock)
  expect(await left()).toEqual([0, 0])
})
