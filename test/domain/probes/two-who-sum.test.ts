import { setImmediate as turn } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { type Tx, inTransaction, openDatabase } from '../../../src/database/database.ts'
import { takeSumsTurn } from '../../../src/database/dialect.ts'
import { createDeps } from '../../../src/deps.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { closeDays } from '../../../src/domain/probes/checks/closing-days.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { keepSums, sumsByDay } from '../../../src/domain/probes/checks/roll-ups.ts'
import { noSum } from '../../../src/domain/probes/checks/sums.ts'
import { wallClock } from '../../../src/lib/clock.ts'
import { freshDatabaseUrl } from '../../database.ts'
import { countedIds } from '../../world.ts'

const day = 20_000
const days = { from: 0, until: 24 * (day + 1), zone: 'UTC' }

/** One process that closes hours, and one that sums up days; and how many checks the day is said to have. */
async function two() {
  const url = await freshDatabaseUrl()
  const [closing, summing] = [openDatabase(url), openDatabase(url)]
  onTestFinished(async () => {
    await closing.close()
    await summing.close()
  })
  const { change } = await createDeps({
    config: readConfig({ CANDOR_URL: 'http://status.example' }),
    database: closing,
    clock: wallClock,
    ids: countedIds(),
    log: pino({ level: 'silent' }),
    key: 'a key for tests',
  })
  await change({ kind: 'setup' }, async (it) => {
    const componentId = await createComponent(it, { name: 'Search' })
    await createProbe(it, { componentId, url: 'https://shop.test/health' })
  })
  /** As an hour is closed: what it amounts to, and that its day is due. */
  const close = async (tx: Tx, { hour, checks, at }: { hour: number; checks: number; at: string }): Promise<void> => {
    await takeSumsTurn(tx)
    const due = { day, hour_closed_at: at }
    await tx
      .insertInto('check_days_due')
      .values(due)
      .onConflict((conflict) => conflict.column('day').doUpdateSet(due))
      .execute()
    await keepSums(tx, 'check_hours', [{ period: 24 * day + hour, probe: 1, place: 0, sum: { ...noSum(), checks } }])
  }
  const { db } = closing
  return {
    close,
    closes: (work: (tx: Tx) => Promise<void>) => inTransaction(db, work),
    sumsUp: () => closeDays(summing.db, days),
    checks: async () => (await sumsByDay(db, [1], { first: day, end: day + 1 })).map(({ sum }) => sum.checks),
    due: async () => (await db.selectFrom('check_days_due').selectAll().execute()).length,
  }
}

test('a day has in it what comes into one of its hours while another process sums it up', async () => {
  const { close, closes, sumsUp, checks, due } = await two()
  // Connected by now.
  await sumsUp()
  await closes((tx) => close(tx, { hour: 1, checks: 60, at: '1' }))
  const begun = Promise.withResolvers<void>()
  const summed = begun.promise.then(sumsUp)
  await closes(async (tx) => {
    await takeSumsTurn(tx)
    begun.resolve()
    // It reads what it can, and waits for its turn to write.
    for (let turns = 0; turns < 500; turns += 1) await turn()
    await close(tx, { hour: 2, checks: 30, at: '2' })
  })
  await summed
  expect(await checks()).toEqual([90])
  await sumsUp()
  expect([await checks(), await due()]).toEqual([[90], 0])
})
