import { array, constantFrom, integer, record, sample, uniqueArray } from 'fast-check'
import { expect, test } from 'vitest'
import { type Db, inTransaction } from '../../../src/database/database.ts'
import { takeChecks } from '../../../src/domain/probes/checks/checks.ts'
import { closeHours } from '../../../src/domain/probes/checks/closing.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import type { Check } from '../../../src/domain/probes/probe.ts'
import { sumsByDay, sumsByHour } from '../../../src/domain/probes/checks/roll-ups.ts'
import { instantOf } from '../../../src/lib/clock.ts'
import { isSQLite } from '../../database.ts'
import { watched } from './watched.ts'

const places = 250
/** Always across a midnight, so that there are sums of a day, and with as many places, so that an hour has several pages. */
const hours = isSQLite ? 40 : 16
const arrivals = 3

/** What is found in an hour from one place, and when each check arrives: with the first batch, or a later one. */
const anHour = array(
  record({
    outcome: constantFrom('pass', 'slow', 'fail', 'inconclusive'),
    ms: integer({ min: 0, max: 60_000 }),
    arrival: integer({ min: 0, max: arrivals - 1 }),
  }),
  { minLength: 1, maxLength: 6 },
)

test(`uptime is the same in whatever order checks arrive: ${places * hours} hours, some of them closed in between`, async () => {
  const seed = Number(process.env['FAST_CHECK_SEED'] ?? 20_261_122)
  const { it, id, search } = await watched()
  const ada = { kind: 'operator', id: 'ada', name: 'Ada' } as const
  const other = await it.change(ada, (change) =>
    createProbe(change, { componentId: search, url: 'https://shop.test/other' }),
  )
  const first = Math.floor(Date.parse(it.clock.now()) / 3_600_000) - hours - 1
  const found = sample(anHour, { numRuns: places * hours, seed })
  const seconds = sample(uniqueArray(integer({ min: 0, max: 3599 }), { minLength: 6, maxLength: 6 }), {
    numRuns: places * hours,
    seed,
  })
  const checksOf = (place: number) =>
    Array.from({ length: hours }, (_, hour) => {
      const [those = [], when = []] = [found[place * hours + hour], seconds[place * hours + hour]]
      return those.map(({ arrival, ...check }, at) => ({
        arrival,
        check: {
          ...check,
          reason: null,
          code: null,
          at: instantOf(((first + hour) * 3600 + (when[at] ?? 0)) * 1000),
        },
      }))
    }).flat()

  for (let arrival = 0; arrival < arrivals; arrival += 1) {
    await inTransaction(it.db, async (tx) => {
      for (let place = 0; place < places; place += 1) {
        const checks = checksOf(place)
        const arrived = checks.filter((one) => one.arrival === arrival)
        // The latest first, and the others where they happen to come.
        const late = arrived.map(({ check }): Check => ({ ...check, probeId: other })).toReversed()
        await takeChecks(tx, late, place)
        if (arrival > 0) continue
        const inOrder = checks.map(({ check }): Check => ({ ...check, probeId: id }))
        await takeChecks(
          tx,
          inOrder.toSorted((a, b) => (a.at < b.at ? -1 : 1)),
          place,
        )
      }
    })
    await closeHours(it.db, it.clock)
  }

  const [mine, others] = [await numberOf(it.db, id), await numberOf(it.db, other)]
  const period = { first: first - 24, end: first + hours + 24 }
  const hourly = async (probe: number) => (await sumsByHour(it.db, [probe], period)).map(withoutProbe)
  expect(await hourly(mine)).toHaveLength(places * hours)
  expect(await hourly(others)).toEqual(await hourly(mine))
  const days = { first: Math.floor(period.first / 24), end: Math.ceil(period.end / 24) }
  const daily = async (probe: number) => (await sumsByDay(it.db, [probe], days)).map(withoutProbe)
  expect((await daily(mine)).length).toBeGreaterThanOrEqual(places)
  expect(await daily(others)).toEqual(await daily(mine))
})

async function numberOf(db: Db, id: string): Promise<number> {
  return (await db.selectFrom('probes').select('number').where('id', '=', id).executeTakeFirstOrThrow()).number
}

function withoutProbe<Row extends { readonly probe: number }>({ probe: _probe, ...rest }: Row): Omit<Row, 'probe'> {
  return rest
}
