import { expect, test } from 'vitest'
import { pauseProbe, removeProbe, resumeProbe } from '../../../src/domain/probes/commands.ts'
import { latestChecks } from '../../../src/domain/probes/checks/checks.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { type World, world } from '../../world.ts'
import { beating } from './beating.ts'

const ada = { kind: 'operator', id: 'o1', name: 'Ada' } as const
const noon = '2026-11-21T12:00:00.000Z'

/** Time passes, and somebody looks every few seconds, as the schedule does. */
async function passes(it: World, { looks }: { looks(): Promise<void> }, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    it.clock.advance('5s')
    await looks()
  }
}

test('nothing is expected before it called for the first time, and then it is up at once', async () => {
  const it = await world()
  const job = await beating(it)
  await passes(it, job, 900)
  expect(await job.state()).toBe('unknown')
  expect(await job.calls()).toBe('heard')
  await job.looks()
  expect(await job.verdict()).toEqual(['up', '2026-11-21T12:15:00.000Z'])
  expect((await job.heartbeat()).nextDeadline).toBe('2026-11-21T12:21:00.000Z')
})

test('silence is down since the deadline, an incident opens, and the next call ends it', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  await passes(it, job, 365)
  expect(await job.verdict()).toEqual(['down', '2026-11-21T12:06:00.000Z'])
  expect(await job.incidents()).toMatchObject([{ began_at: '2026-11-21T12:06:00.000Z', over_at: null }])
  const [check] = await latestChecks(it.db, job.id, noon as Instant, 1)
  expect(check).toMatchObject({ outcome: 'fail', at: '2026-11-21T12:06:00.000Z' })
  await job.calls()
  await job.looks()
  expect(await job.verdict()).toEqual(['up', it.clock.now()])
})

test('the turn stands at the deadline, however late somebody looks', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  await passes(it, job, 355)
  it.clock.advance('9s')
  await job.looks()
  expect(await job.verdict()).toEqual(['down', '2026-11-21T12:06:00.000Z'])
})

test('each run that is missed is a check that failed', async () => {
  const it = await world()
  const job = await beating(it, { failuresNeeded: 3, failuresOf: 3 })
  await job.calls()
  await job.looks()
  await passes(it, job, 700)
  expect(await job.state()).toBe('up')
  await passes(it, job, 300)
  expect(await job.verdict()).toEqual(['down', '2026-11-21T12:06:00.000Z'])
  expect(await latestChecks(it.db, job.id, noon as Instant, 9)).toHaveLength(4)
})

test.each([
  ['fail', 'reported', null],
  ['3', 'reported', 3],
  ['255', 'reported', 255],
])('a job that says /%s has failed at once', async (word, reason, code) => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  await passes(it, job, 30)
  await job.calls(word)
  await job.looks()
  expect(await job.verdict()).toEqual(['down', it.clock.now()])
  const state = await it.db.selectFrom('probe_states').selectAll().executeTakeFirstOrThrow()
  expect([state.last_reason, state.last_code]).toEqual([reason, code])
})

test('what is heard within one look is kept in its order, and none of it is lost', async () => {
  const it = await world()
  const job = await beating(it)
  for (const word of ['', '1', '0']) {
    await job.calls(word)
    it.clock.advance('1s')
  }
  await job.looks()
  expect((await job.events('probe.verdict')).map(({ data }) => data)).toMatchObject([
    { to: 'up' },
    { to: 'down', reason: 'reported' },
    { to: 'up' },
  ])
  expect((await job.heartbeat()).untaken).toEqual([])
})

test('a run is timed, and one that does not end in time has failed', async () => {
  const it = await world()
  const job = await beating(it, { longestRun: '2m' })
  await job.calls('start')
  it.clock.advance('90s')
  await job.calls()
  expect(await job.heartbeat()).toMatchObject({ tookMs: 90_000, startedAt: null })
  await job.looks()
  await job.calls('start')
  expect((await job.heartbeat()).nextDeadline).toBe('2026-11-21T12:03:30.000Z')
  await passes(it, job, 125)
  expect(await job.verdict()).toEqual(['down', '2026-11-21T12:03:30.000Z'])
  const state = await it.db.selectFrom('probe_states').selectAll().executeTakeFirstOrThrow()
  expect(state.last_reason).toBe('unfinished')
})

test('what begins again and again, and never ends, has failed when its first run should have ended', async () => {
  const it = await world()
  const job = await beating(it, { longestRun: '10m' })
  await job.calls()
  for (let minute = 0; minute < 15; minute += 5) {
    await job.calls('start')
    await passes(it, job, 300)
  }
  expect(await job.verdict()).toEqual(['down', '2026-11-21T12:10:00.000Z'])
})

test('a start alone gives no respite, and a log none either', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  const { nextDeadline } = await job.heartbeat()
  it.clock.advance('60s')
  await job.calls('start')
  await job.calls('log', 'half way')
  expect(await job.heartbeat()).toMatchObject({ nextDeadline, log: 'half way', startedAt: it.clock.now() })
})

test('only the last text is kept, and not all of a long one', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls('', 'first')
  await job.calls('1', `${'x'.repeat(9_999)}😀`)
  expect((await job.heartbeat()).log).toHaveLength(10_000)
  await job.calls('')
  expect((await job.heartbeat()).log).toHaveLength(10_000)
})

test('what is paused is heard and nothing follows, and resumed it is expected anew', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  await job.looks()
  await it.change(ada, (change) => pauseProbe(change, job.id))
  await passes(it, job, 900)
  expect(await job.calls('fail')).toBe('heard')
  await job.looks()
  expect(await job.state()).toBe('unknown')
  await it.change(ada, (change) => resumeProbe(change, job.id))
  await passes(it, job, 365)
  expect(await job.verdict()).toEqual(['down', '2026-11-21T12:21:00.000Z'])
})

test('what is removed has no address any more', async () => {
  const it = await world()
  const job = await beating(it)
  await it.change(ada, (change) => removeProbe(change, job.id))
  expect(await job.calls()).toBe('unknown')
})

test('a deadline that passed while nobody could hear is forgiven, and the record says so', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  await passes(it, job, 300)
  it.clock.advance('1h')
  await job.restarts()
  expect(await job.state()).toBe('up')
  expect(await job.events('heartbeat.forgiven')).toMatchObject([
    { data: { deadline: '2026-11-21T12:06:00.000Z', until: '2026-11-21T13:11:00.000Z' } },
  ])
  await passes(it, job, 365)
  expect(await job.verdict()).toEqual(['down', '2026-11-21T13:11:00.000Z'])
})

test('a restart forgives nothing else: neither what was due before it, nor what is due after', async () => {
  const it = await world()
  const [late, early, later] = [await beating(it), await beating(it), await beating(it, { period: '2h' })]
  await early.calls()
  await later.calls()
  it.clock.advance('4m')
  await late.calls()
  it.clock.advance('119s')
  await early.looks()
  it.clock.advance('2s')
  // Nobody was away: whoever was due a second ago is down since then.
  await early.restarts()
  expect(await early.verdict()).toEqual(['down', '2026-11-21T12:06:00.000Z'])
  it.clock.advance('1h')
  await early.restarts()
  expect(await late.state()).toBe('up')
  expect((await later.heartbeat()).nextDeadline).toBe('2026-11-21T14:01:00.000Z')
  expect((await early.events('heartbeat.forgiven')).map(({ subject }) => subject)).toEqual([late.id, early.id])
})

test('a call that was lost in our outage, and whose patience lasts beyond it, is not called late', async () => {
  const it = await world()
  const [job, run] = [
    await beating(it, { period: '1h', grace: '30m' }),
    await beating(it, { period: '5h', longestRun: '1h' }),
  ]
  await job.calls()
  it.clock.advance('50m')
  await run.calls('start')
  await job.looks()
  // Both call within this quarter of an hour, and nobody hears them.
  it.clock.advance('15m')
  await job.restarts()
  expect((await job.events('heartbeat.forgiven')).map(({ subject }) => subject)).toEqual([job.id, run.id])
  for (let minute = 0; minute < 80; minute += 1) {
    it.clock.advance('1m')
    await job.looks()
    if (minute === 40) await job.calls()
  }
  expect([await job.state(), await run.state()]).toEqual(['up', 'unknown'])
})

test('what was due before is down since then, and not again for each time that passed unheard', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  await passes(it, job, 360)
  it.clock.advance('2s')
  // The last look was a moment before the deadline was over, and then nobody looked for an hour.
  await it.db
    .updateTable('probe_heartbeats')
    .set({ next_deadline: '2026-11-21T12:05:59.000Z' as Instant })
    .execute()
  it.clock.advance('1h')
  await job.restarts()
  await passes(it, job, 60)
  expect(await job.verdict()).toEqual(['down', '2026-11-21T12:05:59.000Z'])
  const failed = (await latestChecks(it.db, job.id, noon as Instant, 9)).filter(({ outcome }) => outcome === 'fail')
  expect(failed).toHaveLength(1)
  expect((await job.heartbeat()).nextDeadline).toBe('2026-11-21T13:12:02.000Z')
})

test('a process that slept, or whose clock was set forward, forgives as one that was started again', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  await passes(it, job, 60)
  it.clock.advance('1h')
  await job.looks()
  expect(await job.state()).toBe('up')
  expect(await job.events('heartbeat.forgiven')).toHaveLength(1)
})

test('a clock that is set back calls nobody late', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls()
  await passes(it, job, 60)
  it.clock.set('2026-11-21T11:00:00.000Z')
  await passes(it, job, 600)
  await job.calls()
  await passes(it, job, 300)
  expect(await job.state()).toBe('up')
})

test('what was heard and not yet judged is judged after a restart, once', async () => {
  const it = await world()
  const job = await beating(it)
  await job.calls('1')
  const { untaken } = await job.heartbeat()
  await job.restarts()
  expect(await job.state()).toBe('down')
  // The process ended after the verdict, and before it could note that it was taken.
  await it.db
    .updateTable('probe_heartbeats')
    .set({ untaken: JSON.stringify(untaken), untaken_at: untaken[0]!.at })
    .execute()
  await job.restarts()
  expect(await job.events('probe.verdict')).toHaveLength(1)
  expect((await job.heartbeat()).untaken).toEqual([])
})

test('by cron it is expected at its time in its zone', async () => {
  const it = await world()
  const job = await beating(it, { cron: '0 3 * * *', zone: 'America/New_York', grace: '10m' })
  it.clock.set('2026-03-07T08:00:05.000Z')
  await job.calls()
  // The clock of New York jumps in the night after: the third hour comes an hour sooner.
  expect((await job.heartbeat()).nextDeadline).toBe('2026-03-08T07:10:00.000Z')
  it.clock.set('2026-10-31T06:59:50.000Z')
  await job.calls()
  // Ten seconds early is not early: its clock is not ours.
  expect((await job.heartbeat()).nextDeadline).toBe('2026-11-01T08:10:00.000Z')
})
