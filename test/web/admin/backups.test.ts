import { expect, test } from 'vitest'
import { endBackup } from '../../../src/domain/backups/log.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

const night = '2026-11-21T03:17:00.000Z' as Instant
const made = { dueAt: night, beganAt: night, endedAt: night, place: '/srv/backups/x.candor', bytes: 100, problem: null }

test('the desk says in plain words that there has never been a backup, that one failed, and that one is there', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  expect((await ada.opens('/admin')).text).toContain('There has never been one.')
  await endBackup(it.db, { ...made, bytes: null, problem: 'There is no folder /srv/backups.' })
  const failed = (await ada.opens('/admin')).text
  expect(failed).toContain(
    'The backup that was due at 2026-11-21 03:17 UTC failed: There is no folder /srv/backups; there has never been one.',
  )
  expect(failed).toContain('Run candor backup: it says what is in the way.')
  await endBackup(it.db, made)
  expect((await ada.opens('/admin')).text).toContain(
    'The last good one is of 2026-11-21 03:17 UTC, at /srv/backups/x.candor.',
  )
  // Whoever cannot do anything about it is not told.
  expect((await ben.opens('/admin')).text).not.toContain('last good one')
})
