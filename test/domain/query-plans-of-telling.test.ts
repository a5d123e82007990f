import { expect, test } from 'vitest'
import type { Db } from '../../src/database/database.ts'
import type { Instant } from '../../src/lib/clock.ts'
import { claimDue } from '../../src/domain/deliveries/claim.ts'
import { forgetDeliveries } from '../../src/domain/deliveries/forgetting.ts'
import { deliveriesOf, deliveriesTo, deliveryCounts } from '../../src/domain/deliveries/log.ts'
import { soonestDue, waitingCounts } from '../../src/domain/deliveries/waiting.ts'
import { forgetAlerts } from '../../src/domain/alerts/forgetting.ts'
import { lastSentTo, standingAlerts } from '../../src/domain/alerts/queries.ts'
import { alertWatch } from '../../src/domain/alerts/watch.ts'
import { noteFailing } from '../../src/domain/deliveries/failing.ts'
import { takeOutcomes } from '../../src/domain/deliveries/outcomes.ts'
import { claimants, releaseClaims } from '../../src/domain/deliveries/release.ts'
import { messagesAbout } from '../../src/domain/deliveries/said.ts'
import { dismissDraft } from '../../src/domain/incidents/drafts.ts'
import { listens } from '../telling.ts'
import { handsOut } from './deliveries/outbox.ts'
import type { Desk } from './desk.ts'
import { type Reading, scansOf } from './plans.ts'

const until = '2026-12-01T00:00:00.000Z' as Instant

const reads: [string, Reading][] = [
  ['soonestDue', (db) => soonestDue(db)],
  ['waitingCounts', (db) => waitingCounts(db)],
  ['claimDue', (db, here) => claimed(db, here)],
  ['deliveryCounts', (db) => deliveryCounts(db, 1, until)],
  ['deliveriesOf', (db) => deliveriesOf(db, 1, { now: until, state: 'failed', after: 'ada', limit: 10 })],
  ['deliveriesTo', (db) => deliveriesTo(db, { audience: 'subscriber', recipient: 'ada' }, { now: until, limit: 10 })],
  ['forgetDeliveries', (db) => forgetDeliveries({ db, clock: { now: () => until } })],
  ['claimants', (db) => claimants(db)],
  ['releaseClaims', (db) => releaseClaims(db, 'one', until)],
  ['takeOutcomes', (db, here) => failed(db, here)],
  ['noteFailing', (_, here) => here.does((it) => noteFailing(it, { channel: 'email', reason: 'unreachable' }))],
  ['messagesAbout', (db) => messagesAbout(db, { noun: 'incident', id: 'id3' })],
  ['forgetAlerts', (db, { clock }) => forgetAlerts({ db, clock })],
  ['standingAlerts', (db) => standingAlerts(db)],
  ['lastSentTo', (db) => lastSentTo(db, ['id3'])],
  ['calling operators', (_, here) => called(here)],
]

/** Something that two wait for, one of them behind another. */
async function claimed(db: Db, here: Desk): Promise<void> {
  await listens(here, 'ada')
  for (const to of [['ada'], ['ada', 'bo']]) await handsOut(here, { to })
  expect(
    (await claimDue(db, { by: 'one', now: here.clock.now(), channel: 'email', audience: 'subscriber', most: 10 }))
      ?.claims,
  ).toHaveLength(1)
}

/** One that is tried again, and one that arrived. */
async function failed(db: Db, here: Desk): Promise<void> {
  await listens(here, 'ada')
  await listens(here, 'bo')
  const number = await handsOut(here, { to: ['ada', 'bo'] })
  const now = here.clock.now()
  await claimDue(db, { by: 'one', now, channel: 'email', audience: 'subscriber', most: 10 })
  const one = { numbers: [number], audience: 'subscriber', channel: 'email', isRepeat: false } as const
  await takeOutcomes(
    db,
    [
      { ...one, recipient: 'ada', outcome: { became: 'accepted', code: '250' } },
      {
        ...one,
        recipient: 'bo',
        outcome: { became: 'never', reason: 'no such address', code: '550', ends: 'bounced' },
      },
    ],
    { by: 'one', now, firstSeconds: 60 },
  )
}

/** For many drafts, which are seen to; and for a disk that fills, empties and fills again. */
async function called(here: Desk): Promise<void> {
  const disk = { problem: 'it is nearly full' as string | null }
  const watch = alertWatch({ ...here, offered: ['email'], backsUp: true, disk: () => Promise.resolve(disk.problem) })
  const drafts: string[] = []
  for (const name of ['A', 'B', 'C', 'D', 'E']) drafts.push(await here.drafts({ name }))
  await watch.look()
  disk.problem = null
  for (const id of drafts) await here.does((it) => dismissDraft(it, id))
  await watch.look()
  disk.problem = 'it is nearly full'
  await watch.look()
}

/** Once an hour, along what was told in the last 400 days: older messages are not there. */
const ofTheLastYear = /^select "number" from "messages" where "at" < \? and not exists /

test.each(reads)('%s reads no table of history from end to end', async (_, read) => {
  expect(await scansOf(read, { besides: [ofTheLastYear] })).toEqual([])
})
