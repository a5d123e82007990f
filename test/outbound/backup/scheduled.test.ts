import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { type StoppedClock, stoppedClock } from '../../clock.ts'
import { readConfig } from '../../../src/config.ts'
import { openMigrated } from '../../../src/database/migrate.ts'
import { createDeps } from '../../../src/deps.ts'
import { findingOf } from '../../../src/domain/backups/backup.ts'
import { lastBackups } from '../../../src/domain/backups/log.ts'
import { fileOfBackup } from '../../../src/outbound/backup/place.ts'
import { openArchive } from '../../../src/outbound/backup/open.ts'
import { backUpWhenDue } from '../../../src/outbound/backup/scheduled.ts'
import { countedIds } from '../../world.ts'
import { freshDatabaseUrl } from '../../database.ts'
import { ownFolder } from '../../own-folder.ts'

/** One process of an installation that backs itself up; more of them share `url` and `clock`. */
async function installation(settings: Record<string, string> = {}, shared?: { url: string; clock: StoppedClock }) {
  const clock = shared?.clock ?? stoppedClock('2026-11-21T12:00:30.000Z')
  const url = shared?.url ?? (await freshDatabaseUrl())
  const to = settings['CANDOR_BACKUP_TO'] ?? ownFolder()
  const config = readConfig({
    CANDOR_DATA_DIR: ownFolder(),
    CANDOR_DATABASE_URL: url,
    CANDOR_BACKUP_TO: to,
    ...settings,
  })
  const { database } = await openMigrated(url, clock)
  onTestFinished(() => database.close())
  const log = pino({ level: 'silent' })
  const deps = await createDeps({ config, database, clock, ids: countedIds(), log, key: 'a key for tests' })
  return { ...deps, clock, url, to, names: () => readdirSync(to).toSorted() }
}

test('the first backup is made at once, and from then on at its time', async () => {
  const here = await installation()
  await backUpWhenDue(here)
  expect(here.names()).toEqual(['candor-2026-11-21T12-00-00Z.candor'])
  here.clock.set('2026-11-22T03:16:59.000Z')
  await backUpWhenDue(here)
  expect(here.names()).toHaveLength(1)
  here.clock.set('2026-11-22T03:17:11.000Z')
  await backUpWhenDue(here)
  await backUpWhenDue(here)
  expect(here.names()).toEqual(['candor-2026-11-21T12-00-00Z.candor', 'candor-2026-11-22T03-17-00Z.candor'])
  const openers = { passphrase: null, identities: [] }
  const first = await openArchive(fileOfBackup(join(here.to, here.names()[1] ?? '')), openers).next()
  expect(first.value).toMatchObject({ kind: 'heading', heading: { at: '2026-11-22T03:17:11.000Z' } })
  expect((await here.health.remarks())['backup']).toBeNull()
})

test('one that was missed is made up for, once, for all that were', async () => {
  const here = await installation()
  await backUpWhenDue(here)
  here.clock.set('2026-11-28T09:00:00.000Z')
  await backUpWhenDue(here)
  await backUpWhenDue(here)
  expect(here.names().slice(1)).toEqual(['candor-2026-11-28T03-17-00Z.candor'])
})

test('of several processes one makes the backup', async () => {
  const one = await installation()
  const other = await installation({ CANDOR_BACKUP_TO: one.to }, one)
  await Promise.all([backUpWhenDue(one), backUpWhenDue(other)])
  expect(one.names()).toHaveLength(1)
  expect(await one.db.selectFrom('backups').select('due_at').execute()).toHaveLength(1)
})

test('one that fails is told in words, does not make the page unready, and is tried again', async () => {
  const to = join(ownFolder(), 'not mounted')
  const here = await installation({ CANDOR_BACKUP_TO: to })
  await expect(backUpWhenDue(here)).rejects.toThrow('The backup to')
  const said = (await here.health.remarks())['backup']
  // Strangers read it too: no folder, no machine, no account of a store.
  expect(said).toBe(
    'the backup that was due at 2026-11-21 12:00 UTC failed: the desk and the log say why; there has never been one',
  )
  const { found } = findingOf(await lastBackups(here.db), here.clock.now(), { isScheduled: true })
  expect(found).toContain('12:00 UTC failed: There is no folder')
  expect(await here.health.parts()).not.toHaveProperty('backup')
  await backUpWhenDue(here)
  mkdirSync(to)
  here.clock.advance('20m')
  await backUpWhenDue(here)
  expect(here.names()).toEqual(['candor-2026-11-21T12-00-00Z.candor'])
  expect((await here.health.remarks())['backup']).toBeNull()
  expect((await lastBackups(here.db)).good).toMatchObject({ problem: null, bytes: expect.any(Number) as number })
})

test('one whose process died is made after all', async () => {
  const here = await installation()
  const dueAt = here.clock.now()
  await here.db
    .insertInto('backups')
    .values({ due_at: dueAt, began_at: dueAt, ended_at: null, place: 'x', bytes: null, problem: null })
    .execute()
  await backUpWhenDue(here)
  expect(here.names()).toEqual([])
  here.clock.advance('3h')
  expect((await here.health.remarks())['backup']).toContain('never ended')
  await backUpWhenDue(here)
  expect(here.names()).toHaveLength(1)
})

test('older ones go, and only those: never the newest, and nothing that others put there', async () => {
  const here = await installation({ CANDOR_BACKUP_KEEP: '2 daily' })
  writeFileSync(join(here.to, 'candor-of-my-own.candor'), 'precious')
  writeFileSync(join(here.to, 'candor-2026-11-01T03-17-00Z.candor.abcdefabcdef.part'), 'half')
  await backUpWhenDue(here)
  for (const day of ['22', '23', '24']) {
    here.clock.set(`2026-11-${day}T03:17:11.000Z`)
    await backUpWhenDue(here)
  }
  expect(here.names()).toEqual([
    'candor-2026-11-23T03-17-00Z.candor',
    'candor-2026-11-24T03-17-00Z.candor',
    'candor-of-my-own.candor',
  ])
})
