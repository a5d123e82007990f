import { expect, test } from 'vitest'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { announceMaintenance, cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { latestChecks } from '../../../src/domain/probes/checks/checks.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { ada, types, watched } from './watched.ts'

/** A probe that speaks at once, and work on what it watches from 12:10 until 12:20. */
async function maintained(policy: 'publish' | 'draft-then-publish' = 'publish') {
  const all = await watched({ policy, failuresNeeded: 1, successesNeeded: 1 })
  const work = await all.it.change(ada, (change) =>
    announceMaintenance(change, {
      name: 'New index',
      body: 'Search rests.',
      plannedFrom: '2026-11-21T12:10:00Z',
      plannedUntil: '2026-11-21T12:20:00Z',
      components: [all.search],
    }),
  )
  /** A check a minute until then, and the jobs between them. */
  const until = async (time: string, letter: 'p' | 'f'): Promise<void> => {
    while (all.it.clock.now() < `2026-11-21T${time}:00.000Z`) {
      await all.finds(letter)
      await advanceMaintenances(all.it)
      await all.jobs()
    }
  }
  return { ...all, work, until }
}

test('inside the window checks go on and nothing is opened', async () => {
  const { until, incidents, status, it, id } = await maintained()
  await until('12:09', 'p')
  await until('12:19', 'f')
  expect(await incidents()).toEqual([])
  expect(await status()).toBe('under_maintenance')
  // It was measured all the same.
  expect(await latestChecks(it.db, id, '2026-11-21T12:00:00.000Z' as Instant, 100)).toHaveLength(19)
  expect(await types(it)).toContain('probe.verdict')
  await until('12:20', 'p')
  await until('12:40', 'p')
  expect(await incidents()).toEqual([])
  expect(await status()).toBe('operational')
})

test('what fails at the very beginning is quiet too, before the clock has begun the work', async () => {
  const { finds, incidents, jobs, it } = await maintained()
  it.clock.set('2026-11-21T12:09:00.000Z')
  await finds('f')
  await jobs()
  expect(await incidents()).toEqual([])
})

test('what goes on failing beyond the end is an incident at once, from the end of the window', async () => {
  const { until, incidents, status, it, search } = await maintained()
  await until('12:12', 'p')
  await until('12:20', 'f')
  expect(await incidents()).toMatchObject([
    { began_at: '2026-11-21T12:20:00.000Z', told_at: '2026-11-21T12:20:00.000Z' },
  ])
  expect(await status()).toBe('major_outage')
  await until('12:30', 'f')
  expect(await incidents()).toHaveLength(1)
  await until('12:31', 'p')
  // The window stays maintenance: only what came after it counts.
  const days = await it.db
    .selectFrom('component_days')
    .select(['maintenance', 'major'])
    .where('component_id', '=', search)
    .execute()
  expect(days).toEqual([{ maintenance: 600, major: 660 }])
})

test('what begins to fail after the end has nothing to do with it', async () => {
  const { until, incidents } = await maintained()
  await until('12:22', 'p')
  await until('12:23', 'f')
  expect(await incidents()).toMatchObject([{ began_at: '2026-11-21T12:23:00.000Z' }])
})

test('work that is cancelled keeps nothing quiet', async () => {
  const { until, incidents, it, work } = await maintained()
  await it.change(ada, (change) => cancelMaintenance(change, work, { body: 'Not today.' }))
  await until('12:12', 'p')
  await until('12:13', 'f')
  expect(await incidents()).toHaveLength(1)
})

test('an operator may disclose inside the window, and the probes leave it to them', async () => {
  const { until, incidents, status, it, search } = await maintained()
  await until('12:09', 'p')
  await until('12:12', 'f')
  await it.change(ada, (change) =>
    openIncident(change, {
      name: 'Search is gone, which was not planned',
      stage: 'investigating',
      body: 'We lost more than we meant to.',
      components: [{ id: search, status: 'major_outage' }],
    }),
  )
  expect(await status()).toBe('major_outage')
  await until('12:30', 'f')
  expect(await incidents()).toHaveLength(1)
})
