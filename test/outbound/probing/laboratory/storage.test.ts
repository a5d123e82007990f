import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../../../src/config.ts'
import { openDatabase } from '../../../../src/database/database.ts'
import { createDeps } from '../../../../src/deps.ts'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { createProbe } from '../../../../src/domain/probes/commands.ts'
import { forgetChecks } from '../../../../src/domain/probes/checks/forgetting.ts'
import type { Outcome } from '../../../../src/domain/probes/finding.ts'
import { readState } from '../../../../src/domain/probes/verdicts/states.ts'
import { settled } from '../../../../src/domain/probes/verdicts/verdict.ts'
import { later } from '../../../../src/lib/clock.ts'
import { batchOf, takeResults } from '../../../../src/outbound/probing/take-results.ts'
import { stoppedClock } from '../../../clock.ts'
import { freshDatabaseUrl } from '../../../database.ts'
import { countedIds } from '../../../world.ts'

/** What becomes of a batch when the database fails under it: nothing is lost, nothing happens twice, nothing is down. */

const isFile = process.env['TEST_DATABASE_URL'] === undefined

/** A product on a database that others can open beside it, with a probe that knows its target to be well. */
async function onDisk() {
  const url = await freshDatabaseUrl()
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const database = openDatabase(url)
  onTestFinished(() => database.close())
  const deps = await createDeps({
    config: readConfig({ CANDOR_URL: 'http://status.example' }),
    database,
    clock,
    ids: countedIds(),
    log: pino({ level: 'silent' }),
    key: 'the key of a test',
  })
  const probe = await deps.change({ kind: 'command', name: 'test' }, async (it) =>
    createProbe(it, {
      componentId: await createComponent(it, { name: 'Search' }),
      url: 'https://shop.test/',
      policy: 'publish',
    }),
  )
  const batch = (...outcomes: Outcome[]) => {
    const before = clock.now()
    clock.advance(`${outcomes.length}m`)
    return batchOf(
      outcomes.map((outcome, index) => ({
        probeId: probe,
        ageMs: (outcomes.length - 1 - index) * 60_000,
        outcome,
        reason: outcome === 'fail' ? ('timeout' as const) : null,
        ms: 5,
        code: null,
      })),
      { now: () => later(before, outcomes.length * 60) },
    )
  }
  const verdicts = async () => {
    const rows = await deps.db
      .selectFrom('events')
      .select('data')
      .where('type', '=', 'probe.verdict')
      .orderBy('seq')
      .execute()
    return rows.map(({ data }) => (JSON.parse(data) as { to: string }).to)
  }
  const stored = async () => (await deps.db.selectFrom('checks').select('t').execute()).length
  await takeResults(deps, batch('pass', 'pass', 'pass'))
  return { ...deps, url, probe, batch, verdicts, stored }
}

test('killed between a batch and its commit, it knows what it knew, and takes the batch in once', async () => {
  const it = await onDisk()
  const lost = it.batch('fail', 'fail', 'fail')
  const instants = [...lost.values()].flat().map(({ at }) => at)
  const child = spawn(process.execPath, [
    fileURLToPath(new URL('./dying.ts', import.meta.url)),
    it.url,
    it.probe,
    ...instants,
  ])
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  expect(await it.verdicts()).toEqual(['up'])
  expect(await it.stored()).toBe(3)
  expect(settled((await readState(it.db, it.probe))!)).toBe('up')
  await takeResults(it, lost)
  expect(await it.verdicts()).toEqual(['up', 'down'])
  expect(await it.stored()).toBe(6)
})

test.runIf(isFile)('a full disk keeps the batch, the verdict in it included, until there is room', async () => {
  const it = await onDisk()
  const { file } = it.database
  // What migrations dropped is no room either.
  file?.pragma('incremental_vacuum')
  const pages = Number(file?.pragma('page_count', { simple: true }))
  file?.pragma(`max_page_count = ${pages}`)
  const quiet = it.batch(...Array.from({ length: 300 }, (): Outcome => 'pass'))
  const turning = it.batch('fail', 'fail', 'fail')
  await expect(takeResults(it, quiet)).rejects.toThrow('full')
  // Whatever fits or not: what is not stored is still there to be tried again.
  await takeResults(it, turning).catch(() => undefined)
  expect(await it.verdicts()).toEqual(turning.size === 0 ? ['up', 'down'] : ['up'])
  file?.pragma('max_page_count = 1073741823')
  await takeResults(it, turning)
  expect(await it.verdicts()).toEqual(['up', 'down'])
  expect(await it.stored()).toBeGreaterThanOrEqual(6)
})

test('while the reserve of the disk is spent, verdicts are reached as ever, and checks that changed nothing are not kept', async () => {
  const it = await onDisk()
  const isFull = { ...it, reserve: { isSpent: () => true, look: () => Promise.resolve() } }
  await takeResults(isFull, it.batch('pass', 'pass', 'fail'))
  expect(await it.stored()).toBe(3)
  await takeResults(isFull, it.batch('fail', 'fail'))
  expect(await it.verdicts()).toEqual(['up', 'down'])
  expect(await it.stored()).toBe(5)
})

test.runIf(isFile)('what is forgotten is given back to the disk, the rest of it the next time', async () => {
  const it = await onDisk()
  const row = { place: 0, packed: Buffer.alloc(3000, 7) }
  for (let hour = 0; hour < 20; hour += 1) {
    const rows = Array.from({ length: 500 }, (_, probe) => ({ hour, probe: probe + 1, ...row }))
    await it.db.insertInto('check_samples').values(rows).execute()
  }
  const size = (): number => {
    it.database.file?.pragma('wal_checkpoint(TRUNCATE)')
    return statSync(it.url).size
  }
  const full = size()
  expect(full).toBeGreaterThan(30_000_000)
  await forgetChecks(it.db, it.clock)
  const after = size()
  expect(after).toBeLessThan(full - 15_000_000)
  await forgetChecks(it.db, it.clock)
  expect(size()).toBeLessThan(5_000_000)
})

test.runIf(isFile)('a database that is locked for ten seconds loses no transition', async () => {
  const it = await onDisk()
  const other = openDatabase(it.url)
  onTestFinished(() => other.close())
  other.file?.exec('begin exclusive')
  let isLocked = true
  const locked = setTimeout(() => {
    isLocked = false
    other.file?.exec('rollback')
  }, 10_000)
  onTestFinished(() => clearTimeout(locked))
  await takeResults(it, it.batch('fail', 'fail', 'fail', 'pass', 'pass', 'pass'))
  expect(isLocked).toBe(false)
  // Both of them, with the instants at which they were measured.
  expect(await it.verdicts()).toEqual(['up', 'down', 'up'])
  expect(await it.stored()).toBe(9)
})
