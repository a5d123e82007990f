import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { closeHours } from '../../src/domain/probes/checks/closing.ts'
import { latestChecks } from '../../src/domain/probes/checks/checks.ts'
import { sumsByDay, sumsByHour } from '../../src/domain/probes/checks/roll-ups.ts'
import { numberOfDay } from '../../src/domain/probes/checks/closing-days.ts'
import { migrate } from '../../src/database/migrate.ts'
import { type Instant, wallClock } from '../../src/lib/clock.ts'
import { migrations } from '../../migrations/index.ts'
import { stoppedClock } from '../clock.ts'
import { emptyDatabase } from '../database.ts'

const at = (time: string): Instant => `2026-11-21T${time}:00.000Z` as Instant
const second = (time: string): number => Date.parse(at(time)) / 1000

test('checks and their sums of a database from before are there after the upgrade, and go on', async () => {
  const { db } = await emptyDatabase()
  await migrate(db, wallClock, migrations.slice(0, 2))
  const then = at('00:00')
  await sql`insert into sites (id, name, zone, locale, translations, created_at, updated_at)
    values ('s', 'Northwind', 'UTC', 'en', '{}', ${then}, ${then})`.execute(db)
  await sql`insert into components (id, slug, name, translations, position, shown, created_at, updated_at)
    values ('c', 'search', 'Search', '{}', 1, 'always', ${then}, ${then})`.execute(db)
  for (const id of ['one', 'two']) {
    await sql`insert into probes (id, component_id, name, kind, spec, interval_seconds, timeout_ms, failures_needed,
        successes_needed, down_status, policy, publish_after_seconds, created_at, updated_at)
      values (${id}, 'c', 'Search', 'http', '{"url":"https://a.example"}', 60, 1000, 2, 2, 'major_outage', 'draft', 300,
        ${id === 'one' ? then : at('00:01')}, ${then})`.execute(db)
  }
  const histogram = Buffer.alloc(48)
  histogram.writeUInt32LE(58, 4 * 4)
  histogram.writeUInt32LE(300, 7 * 4)
  for (const hour of [second('08:00') / 3600, second('10:00') / 3600]) {
    await sql`insert into check_hours
      values ('two', ${hour}, 60, 2, 1, 0, 9000, 2000, ${histogram})`.execute(db)
  }
  await sql`insert into check_days values ('two', '2026-11-20', 1440, 144, 0, 0, 9000, 2000, ${histogram})`.execute(db)
  for (const [time, outcome, ms] of [
    ['10:00', 0, 120],
    ['10:01', 2, -1],
    ['11:00', 0, 130],
  ] as const) {
    await sql`insert into checks values (${second(time)}, 'two', ${outcome}, ${ms}, 200)`.execute(db)
  }

  await migrate(db, wallClock)
  const checks = await latestChecks(db, 'two', at('09:00'), 10)
  expect(checks.map(({ at: when, outcome, place }) => [when, outcome, place])).toEqual([
    [at('11:00'), 'pass', 0],
    [at('10:01'), 'fail', 0],
    [at('10:00'), 'pass', 0],
  ])
  await closeHours(db, stoppedClock(at('12:02')))
  const first = second('00:00') / 3600
  const hours = await sumsByHour(db, [2], { first, end: first + 12 })
  expect(hours.map(({ period, sum }) => [period - first, sum.checks, sum.failed, sum.msMax])).toEqual([
    [8, 60, 2, 2000],
    // Its checks were still there: it is summed up from them.
    [10, 2, 1, 120],
    [11, 1, 0, 130],
  ])
  const [day] = await sumsByDay(db, [2], { first: numberOfDay('2026-11-20'), end: numberOfDay('2026-11-21') })
  expect(day?.sum).toMatchObject({ checks: 1440, seconds: 86_400, failedSeconds: 8640, msMax: 2000 })
  expect(day?.sum.counts.filter((count) => count > 0)).toEqual([58, 300])
})
