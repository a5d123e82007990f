import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/database/database.ts'
import { type Deps, createDeps } from '../../../src/deps.ts'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { remindOfMaintenances } from '../../../src/domain/maintenances/reminding.ts'
import { announceOccurrences, announceSeries } from '../../../src/domain/maintenances/repeating.ts'
import { randomIds } from '../../../src/lib/ids.ts'
import { stoppedClock } from '../../clock.ts'
import { freshDatabaseUrl } from '../../database.ts'
import { ada } from '../desk.ts'

test('two processes at once announce, remind of, begin and end each occurrence once', async () => {
  const url = await freshDatabaseUrl()
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const processOn = async (): Promise<Deps> => {
    const database = openDatabase(url)
    onTestFinished(() => database.close())
    const config = readConfig({ CANDOR_URL: 'http://status.example' })
    return createDeps({ config, database, clock, ids: randomIds, log: pino({ level: 'silent' }), key: 'a key' })
  }
  const [one, two] = [await processOn(), await processOn()]
  await one.change(ada, (it) =>
    announceSeries(it, {
      name: 'Nightly work',
      body: 'Search rests.',
      plannedFrom: '2026-11-22T02:00:00Z',
      plannedUntil: '2026-11-22T03:00:00Z',
      rule: 'FREQ=DAILY;COUNT=7',
    }),
  )
  const jobs = [announceOccurrences, remindOfMaintenances, advanceMaintenances]
  for (const by of ['10h', '3h', '1h', '1h', '9h', '1h', '1d']) {
    clock.advance(by)
    for (const job of jobs) await Promise.all([job(one), job(two), job(one), job(two)])
  }
  const rows = await one.db.selectFrom('events').select(['type', 'subject', 'data']).execute()
  const told = rows.filter(({ type }) => type.startsWith('maintenance.'))
  const once = told.map(
    ({ type, subject, data }) => `${type} ${subject} ${type === 'maintenance.reminded' ? data : ''}`,
  )
  expect(new Set(once).size).toBe(once.length)
  const names = await one.db.selectFrom('maintenances').select('occurrence').orderBy('occurrence').execute()
  expect(names.map(({ occurrence }) => occurrence)).toEqual(
    ['22', '23', '24', '25', '26', '27', '28'].map((day) => `2026-11-${day}T02:00`),
  )
  expect(told.filter(({ type }) => type === 'maintenance.completed').length).toBeGreaterThan(1)
})
