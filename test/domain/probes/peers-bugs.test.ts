import { expect, test } from 'vitest'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { changeIncident, openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { changeProbe } from '../../../src/domain/probes/commands.ts'
import { readVerdict, writeVerdict } from '../../../src/domain/probes/verdicts/verdicts.ts'
import { watchPromises } from '../../../src/domain/promises/watch.ts'
import type { Settled } from '../../../src/domain/probes/probe.ts'
import { type Voice, jointly } from '../../../src/domain/probes/verdicts/quorum.ts'
import { annul } from '../../../src/domain/revisions/annulling.ts'
import { uptimeOf } from '../../../src/domain/status/days.ts'
import { inTransaction } from '../../../src/database/database.ts'
import { type Instant, later } from '../../../src/lib/clock.ts'
import { batchOf, takeResults } from '../../../src/outbound/probing/take-results.ts'
import { ada, types, watched } from './watched.ts'

// One test for each mistake that was found in peers (shared/design/probes.md), by its number there.

const noon = '2026-11-21T12:00:00.000Z' as Instant

test('1: with an even number of places, half of them neither opens nor closes what the other half says', () => {
  const say = (...states: Settled[]) =>
    jointly(
      states.map((state, place): Voice => ({ place, state, since: noon, reason: null })),
      noon,
    ).state
  expect(say('down', 'up')).toBe('up')
  expect(say('down', 'down', 'up', 'up')).toBe('up')
  expect(say('down', 'down', 'down', 'up')).toBe('down')
  // Over one snapshot of all, in whatever order they came.
  expect(say('up', 'down', 'up', 'down')).toBe('up')
})

/** Search is worked on from half past twelve until one. */
async function maintained() {
  const here = await watched({ policy: 'publish' })
  const at = (minutes: number) => later(here.clock.now(), minutes * 60)
  await here.it.change(ada, (change) =>
    announceMaintenance(change, {
      name: 'Move',
      body: 'We move.',
      plannedFrom: at(30),
      plannedUntil: at(60),
      components: [here.search],
      runsBy: 'clock',
    }),
  )
  const jobs = async () => {
    await advanceMaintenances(here.it)
    await here.jobs()
  }
  const minutes = async (text: string) => {
    for (const letter of text) {
      await here.finds(letter)
      await jobs()
    }
  }
  return { ...here, minutes }
}

test('2: a recovery inside a maintenance is not lost: what was down before it is over after it', async () => {
  const { minutes, incidents, status } = await maintained()
  await minutes(`ppp${'p'.repeat(20)}ffff`)
  expect(await incidents()).toMatchObject([{ stage: 'investigating' }])
  await minutes('ffffffffff')
  await minutes('p'.repeat(45))
  expect(await incidents()).toMatchObject([{ stage: 'resolved' }])
  expect(await status()).toBe('operational')
})

test('3: the first check decides nothing, neither that it is well nor that it is down', async () => {
  const { finds, status, incidents } = await watched({ policy: 'publish' })
  await finds('f')
  expect(await status()).toBe('unknown')
  expect(await incidents()).toEqual([])
  await finds('p')
  expect(await status()).toBe('unknown')
})

test('4: a time in which nothing was observed has no uptime, and not that of before', () => {
  const day = { seconds: 86_400, major: 0, partial: 0, degraded: 0, maintenance: 0, unknown: 0 }
  expect(uptimeOf([{ ...day, maintenance: 86_400 }])).toBeNull()
  expect(uptimeOf([{ ...day, unknown: 86_400 }])).toBeNull()
  expect(uptimeOf([null])).toBeNull()
})

test('5: a success ends the count of failures in a row', async () => {
  const { finds, incidents } = await watched({ policy: 'publish', failuresNeeded: 2, failuresOf: 2 })
  await finds('pppfpfpp')
  expect(await incidents()).toEqual([])
})

test('6: that somebody was reminded is not forgotten when what they were reminded of changes', async () => {
  const { it, search, clock } = await watched({ policy: 'off' })
  const id = await it.change(ada, (change) =>
    openIncident(change, {
      name: 'Search fails',
      body: 'Why?',
      stage: 'investigating',
      components: [{ id: search, status: 'partial_outage' }],
      nextUpdateBy: later(change.now, 1800),
    }),
  )
  clock.advance('26m')
  await watchPromises(it)
  await it.change(ada, (change) => changeIncident(change, id, { name: 'Searches fail', typing: 'yes' }))
  await watchPromises(it)
  expect((await types(it)).filter((type) => type === 'promise.due-soon')).toHaveLength(1)
})

test('7: results that come from outside are quiet in a maintenance, too', async () => {
  const { it, id, minutes, incidents } = await maintained()
  await minutes(`ppp${'p'.repeat(28)}`)
  for (let minute = 0; minute < 5; minute += 1) {
    it.clock.advance('60s')
    const results = [{ probeId: id, ageMs: 0, outcome: 'fail', reason: 'timeout', ms: 5, code: null } as const]
    for (const place of [0, 1, 2]) await takeResults(it, batchOf(results, it.clock), place)
  }
  expect(await incidents()).toEqual([])
})

test('8: no incident outlives what ended it: found after a crash, it is closed all the same', async () => {
  const { it, id, finds, incidents, jobs } = await watched({ policy: 'publish' })
  await finds('pppfff')
  // The verdict was stored, and what follows from it was not; and the probe is patient in another way by now.
  const verdict = (await readVerdict(it.db, id))!
  await inTransaction(it.db, (tx) => writeVerdict(tx, { ...verdict, state: 'up', since: it.clock.now() }))
  await it.change(ada, (change) =>
    changeProbe(change, id, { url: 'https://shop.test/health', policy: 'publish', failuresNeeded: 4 }),
  )
  await jobs()
  expect(await incidents()).toMatchObject([{ stage: 'monitoring' }])
  it.clock.advance('11m')
  await jobs()
  expect((await incidents())[0]?.over_at).not.toBeNull()
})

test('9: whoever is told of a verdict does not keep the next check waiting', async () => {
  const { it, finds, incidents } = await watched({ policy: 'publish' })
  let told = 0
  it.onChange(() => {
    told += 1
    void new Promise(() => undefined)
  })
  await finds('pppfff')
  expect(told).toBeGreaterThan(0)
  expect(await incidents()).toHaveLength(1)
})

test('10: what a person handled is neither resolved nor opened again by itself', async () => {
  const { it, finds, incidents, jobs } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const { id } = (await incidents())[0]!
  await it.change(ada, (change) => postUpdate(change, id, { stage: 'identified', body: 'The disk.' }))
  await finds('p'.repeat(20))
  await jobs()
  expect(await incidents()).toMatchObject([{ stage: 'identified', over_at: null }])
  await it.change(ada, (change) => postUpdate(change, id, { stage: 'resolved', body: 'Replaced.' }))
  const words = (await types(it)).filter((type) => type.startsWith('incident.')).length
  await jobs()
  expect((await types(it)).filter((type) => type.startsWith('incident.'))).toHaveLength(words)
})

test('11: false incidents are annulled, not purged: the uptime is whole again and the incident is there', async () => {
  const { it, finds, incidents, search, jobs, clock } = await watched({ policy: 'publish' })
  await finds('pppfffppp')
  clock.advance('11m')
  await jobs()
  const { id } = (await incidents())[0]!
  await it.change(ada, (change) => annul(change, id, { reason: 'A cold start.' }))
  const days = await it.db.selectFrom('component_days').select('major').where('component_id', '=', search).execute()
  expect(days.map(({ major }) => major)).toEqual([0])
  expect(await incidents()).toMatchObject([{ id, annulled_at: clock.now() }])
})

test('12: while we ourselves were away it is not measured: neither well nor down, and never a hole that reads as well', async () => {
  const { finds, status, jobs, clock, incidents, it, search } = await watched({ policy: 'publish' })
  await finds('ppp')
  clock.advance('1h')
  await jobs()
  expect(await status()).toBe('unknown')
  expect(await incidents()).toEqual([])
  clock.advance('1h')
  await finds('ppp')
  const days = await it.db.selectFrom('component_days').select('unknown').where('component_id', '=', search).execute()
  expect(days[0]?.unknown).toBeGreaterThan(7000)
})
