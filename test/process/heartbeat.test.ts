import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { changer } from '../../src/domain/changes/change.ts'
import { scribe } from '../../src/domain/ledger/scribe.ts'
import { lastLook } from '../../src/domain/probes/heartbeats/forgiving.ts'
import { openDatabase } from '../../src/database/database.ts'
import { type Instant, later, wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { vault } from '../../src/lib/vault.ts'
import { beating } from '../outbound/heartbeats/beating.ts'
import { until } from '../outbound/probing/live.ts'
import { freshDatabaseUrl } from '../database.ts'
import { type Running, startCandor } from './child.ts'
import { ownFolder } from '../own-folder.ts'

const hour = 3600_000
const program = fileURLToPath(new URL('../../bin/candor.js', import.meta.url))
const clockAhead = fileURLToPath(new URL('clock-ahead.ts', import.meta.url))

test('killed for an hour of its clock over a deadline, it forgives that one and says so, and no other', async () => {
  const url = await freshDatabaseUrl()
  const folder = ownFolder()
  const start = (ahead: number) =>
    startCandor([process.execPath, '--import', clockAhead, program, 'serve'], {
      CANDOR_DATABASE_URL: url,
      CANDOR_DATA_DIR: folder,
      // Whichever process accepts a call, the one that writes has to hear it.
      CANDOR_WORKERS: '3',
      TEST_CLOCK_AHEAD: String(ahead),
    })
  const first = await start(0)
  const database = openDatabase(url)
  onTestFinished(() => database.close())
  const { db } = database
  const change = changer({
    db,
    clock: wallClock,
    ids: randomIds,
    vault: vault('the key of a test'),
    scribe: scribe('the key of a test'),
    wake: () => undefined,
  })
  const parts = { db, change, clock: wallClock }
  const jobs = {
    within: await beating(parts, { period: '10m' }),
    before: await beating(parts, { period: '10m' }),
    after: await beating(parts, { period: '3h' }),
  }
  const calls = (of: Running, token: string) =>
    fetch(`${of.url}/hb/${token}/0`, { method: 'POST', body: 'done', headers: { connection: 'close' } })
  for (const { token } of Object.values(jobs)) {
    for (let count = 0; count < 5; count += 1) expect((await calls(first, token)).status).toBe(202)
  }
  await until('all of them are up', async () => {
    const states = await Promise.all(Object.values(jobs).map((job) => job.state()))
    return states.every((state) => state === 'up')
  })
  const called = wallClock.now()
  const looked = () => lastLook(db).then((at) => at ?? called)
  await until('somebody looked since', async () => (await looked()) > later(called, 2))
  const deadlines = { within: (await jobs.within.heartbeat()).nextDeadline, after: await jobs.after.heartbeat() }
  first.child.kill('SIGKILL')
  await first.ended
  // This one fell due a moment before, and nobody came to look.
  const due = later(await looked(), -1)
  await db.updateTable('probe_heartbeats').set({ next_deadline: due }).where('probe_id', '=', jobs.before.id).execute()

  const second = await start(hour)
  // It is down, and seconds later it is not known how it is: nothing could be heard of it for an hour.
  await until('the one that was due before was found down', async () => {
    const verdicts = await jobs.before.events('probe.verdict')
    return verdicts.some(
      (one) => one.type === 'probe.verdict' && one.subject === jobs.before.id && one.data.to === 'down',
    )
  })
  await until('all that fell due meanwhile is forgiven', async () => {
    return (await jobs.within.events('heartbeat.forgiven')).length > 0
  })
  expect((await jobs.before.verdict())[1]).toBe(due)
  // For longer than it is ever silent nothing could be heard of it: it is not measured, and nobody calls it down.
  await until('the other is not known', async () => (await jobs.within.state()) === 'unknown')
  expect(await jobs.after.state()).toBe('up')
  const again = (await jobs.within.heartbeat()).nextDeadline as Instant
  expect(again > later(deadlines.within as Instant, 3600)).toBe(true)
  expect((await jobs.after.heartbeat()).nextDeadline).toBe(deadlines.after.nextDeadline)
  expect(await jobs.within.events('heartbeat.forgiven')).toMatchObject([
    // What is down already was expected once more in that time, and is expected again.
    { subject: jobs.before.id },
    { subject: jobs.within.id, data: { deadline: deadlines.within, until: again } },
  ])
  expect(await jobs.before.incidents()).toMatchObject([{ began_at: due }])
  expect((await calls(second, jobs.before.token)).status).toBe(202)
  await until('it is up again', async () => (await jobs.before.state()) === 'up')
})
