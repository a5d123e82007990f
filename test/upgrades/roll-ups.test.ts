import { expect, test } from 'vitest'
import { everyoneHears } from '../../migrations/0005-everyone-hears.ts'
import { migrations } from '../../migrations/index.ts'
import { type Db, type Migration, inTransaction } from '../../src/database/database.ts'
import { migrate, underWay } from '../../src/database/migrate.ts'
import { type PlacedSum, sumsByDay, sumsByHour } from '../../src/domain/probes/checks/roll-ups.ts'
import { type Sum, noSum, packedSum } from '../../src/domain/probes/checks/sums.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { emptyDatabase } from '../database.ts'
import { portionFailingAt } from './failing-at.ts'
import { recorded } from './loaded.ts'
import { type Release, releases } from './recorded.ts'

type Kept = Omit<PlacedSum, 'sum'> & { readonly packed: string }

/** What was a row each, in the order of what is read. */
function rowsOf({ rows }: Release, table: 'check_hours' | 'check_days'): Kept[] {
  return inOrder(
    (rows.get(table) ?? []).map(({ hour, day, probe, place, packed }) => ({
      period: Number(hour ?? day),
      probe: Number(probe),
      place: Number(place),
      packed: (packed as Buffer).toString('hex'),
    })),
  )
}

const asKept = ({ sum, ...one }: PlacedSum): Kept => ({ ...one, packed: Buffer.from(packedSum(sum)).toString('hex') })

function inOrder(all: readonly Kept[]): Kept[] {
  return all.toSorted((a, b) => a.probe - b.probe || a.place - b.place || a.period - b.period)
}

const everywhere = { first: 490_000, end: 500_000 }
const ever = { first: 20_000, end: 21_000 }

/** Those that kept each hour and each day in a row of its own. */
const before = releases().filter(({ version }) => version < 5)

test.each(before.map((release) => [release.version, release] as const))(
  'a database of version %i has what each hour and each day amounted to',
  async (version, release) => {
    const { db } = await recorded(release)
    await migrate(db, wallClock)
    const [hours, days] = [rowsOf(release, 'check_hours'), rowsOf(release, 'check_days')]
    expect([hours.length, days.length]).toEqual(version < 3 ? [0, 0] : [60, 60])
    const probes = [...new Set([...hours, ...days].map(({ probe }) => probe))]
    expect(inOrder((await sumsByHour(db, probes, everywhere)).map(asKept))).toEqual(hours)
    expect(inOrder((await sumsByDay(db, probes, ever)).map(asKept))).toEqual(days)
    const tables = (await db.introspection.getTables()).map(({ name }) => name)
    expect(tables.filter((name) => name.endsWith('_before'))).toEqual([])
  },
)

/** Four days of some probes, far apart and from two places, each with hours that nobody measured in; and a year of days. */
async function manyRows(db: Db): Promise<{ hours: Kept[]; days: Kept[] }> {
  await migrate(db, wallClock, migrations.slice(0, 4))
  const sumOf = (period: number, probe: number): Sum => ({ ...noSum(), checks: (period * 7919 + probe) % 5000 })
  const all = (periods: readonly number[]): PlacedSum[] =>
    periods.flatMap((period) =>
      [1, 2, 199, 200, 201, 202, 650]
        .filter((probe) => (period + probe) % 3 > 0)
        .flatMap((probe) => [0, 2].map((place) => ({ period, probe, place, sum: sumOf(period, probe) }))),
    )
  const hours = all(Array.from({ length: 96 }, (_, at) => 497_875 + at))
  const days = all(Array.from({ length: 365 }, (_, at) => 20_100 + at))
  await inTransaction(db, async (tx) => {
    for (const [table, period, sums] of [
      ['check_hours', 'hour', hours],
      ['check_days', 'day', days],
    ] as const) {
      const rows = sums.map(({ period: at, sum, ...of }) => ({ ...of, [period]: at, packed: packedSum(sum) }))
      for (let from = 0; from < rows.length; from += 500) {
        await tx
          .insertInto(table)
          .values(rows.slice(from, from + 500) as never)
          .execute()
      }
    }
  })
  return { hours: inOrder(hours.map(asKept)), days: inOrder(days.map(asKept)) }
}

const probes = Array.from({ length: 700 }, (_, at) => at + 1)

test('what hours and days amounted to goes over in portions that say how far they are', async () => {
  const { db } = await emptyDatabase()
  const { hours, days } = await manyRows(db)
  const shares: number[] = []
  await migrate(db, wallClock, migrations, (share) => shares.push(share))
  expect(shares.length).toBeGreaterThan(30)
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(Math.max(...shares)).toBeLessThanOrEqual(1)
  expect(inOrder((await sumsByHour(db, probes, everywhere)).map(asKept))).toEqual(hours)
  expect(inOrder((await sumsByDay(db, probes, ever)).map(asKept))).toEqual(days)
})

test('and wherever a portion of them fails, the next time it goes on there', async () => {
  const { db } = await emptyDatabase()
  const { hours, days } = await manyRows(db)
  const failing = (statement: number): readonly Migration[] => [
    ...migrations.slice(0, 4),
    portionFailingAt(everyoneHears as Required<Migration>, statement),
  ]
  // Each time some statements further, be that in the same portion or in one that follows.
  let failures = 0
  for (let statement = 1; ; statement += 5) {
    const isDone = await migrate(db, wallClock, failing(statement)).then(
      () => true,
      () => false,
    )
    if (isDone) break
    failures += 1
    expect(await underWay(db)).not.toBeNull()
  }
  expect(failures).toBeGreaterThan(5)
  await migrate(db, wallClock)
  expect(inOrder((await sumsByHour(db, probes, everywhere)).map(asKept))).toEqual(hours)
  expect(inOrder((await sumsByDay(db, probes, ever)).map(asKept))).toEqual(days)
})
