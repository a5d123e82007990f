import { expect, test } from 'vitest'
import type { Role } from '../../../src/domain/accounts/account.ts'
import { changeRole, createAccount, disableAccount } from '../../../src/domain/accounts/commands.ts'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { askForSecond } from '../../../src/domain/incidents/confirming.ts'
import { draftIncident, editDraft, publishDraft } from '../../../src/domain/incidents/drafts.ts'
import { mergeDraft } from '../../../src/domain/incidents/merging.ts'
import {
  planUpdate,
  publishDueUpdates,
  publishWaiting,
  takeBackUpdate,
  waitingUpdates,
} from '../../../src/domain/incidents/waiting.ts'
import { publishDueDrafts } from '../../../src/domain/probes/engine/recovering.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import type { Change } from '../../../src/domain/changes/change.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { type Desk, desk } from '../desk.ts'

const ben: Actor = { kind: 'operator', id: 'ben', name: 'Ben' }
const half = '2026-11-21T12:30:00.000Z' as Instant
const word = { stage: 'identified', body: 'We know the cause.' }

test('an update that waits for its time says itself then, once, in its author’s name', async () => {
  const it = await desk()
  const id = await it.opens()
  const plan = { word: { ...word, nextUpdateBy: '2026-11-21T13:00:00Z' }, publishesAt: half }
  await it.does((change) => planUpdate(change, id, plan))
  it.clock.advance('29m')
  await publishDueUpdates(it)
  expect((await it.incident(id)).updates).toHaveLength(1)
  expect(await waitingUpdates(it.db, id)).toMatchObject([{ author: 'Ada', publishesAt: half, asked: null }])
  it.clock.advance('1m')
  // As two processes would.
  await Promise.all([publishDueUpdates(it), publishDueUpdates(it)])
  expect(await it.incident(id)).toMatchObject({
    stage: 'identified',
    nextUpdateBy: '2026-11-21T13:00:00.000Z',
    updates: [{ body: 'We know the cause.', author: 'Ada', source: 'person', displayedAt: half }, {}],
  })
  expect(await waitingUpdates(it.db)).toEqual([])
})

test('a time that passed is refused, and so is an incident that is over', async () => {
  const it = await desk()
  const id = await it.opens()
  const at = (publishesAt: string) => ({ word, publishesAt: publishesAt as Instant })
  const before = await it.everything()
  await expect(it.does((change) => planUpdate(change, id, at('2026-11-21T12:00:00.000Z')))).rejects.toThrow(
    'This time has passed',
  )
  expect(await it.everything()).toBe(before)
  await it.posts(id, { stage: 'resolved' })
  await expect(it.does((change) => planUpdate(change, id, at(half)))).rejects.toThrow('resolved already')
})

test('what was written for another moment does not say itself: it waits for a person and says why', async () => {
  const it = await desk()
  const id = await it.opens()
  const waiting = await it.does((change) => planUpdate(change, id, { word, publishesAt: half }))
  it.clock.advance('10m')
  await it.posts(id, { stage: 'monitoring', body: 'It works again.' })
  it.clock.advance('20m')
  await publishDueUpdates(it)
  await publishDueUpdates(it)
  expect(await waitingUpdates(it.db, id)).toMatchObject([
    { id: waiting, publishesAt: null, heldBecause: 'Somebody posted another update after this one was written.' },
  ])
  expect((await it.events()).filter(({ type }) => type === 'update.held')).toHaveLength(1)
  await it.change(ben, (change) => publishWaiting(change, waiting))
  expect((await it.incident(id)).updates[0]).toMatchObject({ body: 'We know the cause.', author: 'Ada' })
})

test('where publishing it is refused, it waits with the reason', async () => {
  const it = await desk()
  const id = await it.opens()
  const overAt = { word: { stage: 'resolved', body: 'Over.', overAt: '2026-11-21T12:59:00Z' }, publishesAt: half }
  await it.does((change) => planUpdate(change, id, overAt))
  it.clock.advance('30m')
  await publishDueUpdates(it)
  expect(await waitingUpdates(it.db, id)).toMatchObject([{ publishesAt: null, heldBecause: /still to come/ }])
})

test('an update is taken back until it is said, and hands its words back', async () => {
  const it = await desk()
  const id = await it.opens()
  const waiting = await it.does((change) => planUpdate(change, id, { word, publishesAt: half }))
  expect(await it.does((change) => takeBackUpdate(change, waiting))).toMatchObject({ word })
  it.clock.advance('1h')
  await publishDueUpdates(it)
  expect((await it.incident(id)).updates).toHaveLength(1)
  await expect(it.does((change) => takeBackUpdate(change, waiting))).rejects.toThrow('does not wait any more')
})

test('an update that somebody else has to confirm is not said by its author, and not by a program', async () => {
  const it = await desk()
  const id = await it.opens()
  const waiting = await it.does((change) => planUpdate(change, id, { word, publishesAt: null }))
  expect(await waitingUpdates(it.db)).toMatchObject([{ asked: { accountId: 'ada', author: 'Ada' } }])
  await expect(it.does((change) => publishWaiting(change, waiting))).rejects.toThrow('somebody else confirms')
  const program: Actor = { kind: 'token', id: 't', name: 'CI' }
  await expect(it.change(program, (change) => publishWaiting(change, waiting))).rejects.toThrow('somebody else')
  it.clock.advance('1h')
  await it.change(ben, (change) => publishWaiting(change, waiting))
  expect(await it.incident(id)).toMatchObject({
    nextUpdateBy: '2026-11-21T13:30:00.000Z',
    updates: [{ author: 'Ada', displayedAt: '2026-11-21T13:00:00.000Z' }, {}],
  })
  expect(await it.db.selectFrom('confirmations').selectAll().execute()).toEqual([])
})

test('a first word that somebody else has to confirm waits for them, also where its author edits it or names a time', async () => {
  const it = await desk()
  const id = await it.drafts({ probeId: null, publishesAt: null })
  await it.does((change) => askForSecond(change, id))
  await expect(it.does((change) => publishDraft(change, id))).rejects.toThrow('somebody else confirms')
  await it.does((change) => editDraft(change, id, { body: 'Searches fail for half of you.' }))
  await expect(it.does((change) => editDraft(change, id, { publishesAt: half }))).rejects.toThrow('somebody else')
  await it.change(ben, (change) => publishDraft(change, id))
  expect((await it.incident(id)).toldAt).toBe('2026-11-21T12:00:00.000Z')
})

test('a first word that a person wrote for a time says itself then, with its promise', async () => {
  const it = await desk()
  const id = await it.drafts({ probeId: null, publishesAt: half, nextUpdateBy: '2026-11-21T13:15:00Z' })
  await expect(it.drafts({ probeId: null, publishesAt: '2026-11-21T11:00:00Z' })).rejects.toThrow('has passed')
  it.clock.advance('30m')
  await publishDueDrafts(it)
  expect(await it.incident(id)).toMatchObject({ toldAt: half, nextUpdateBy: '2026-11-21T13:15:00.000Z' })
})

test('a draft that is part of an open incident is merged into it: its systems and its probe go over', async () => {
  const it = await desk()
  const incident = await it.opens()
  const draft = await it.drafts({
    components: [
      { id: it.payments, status: 'major_outage' },
      { id: it.search, status: 'degraded_performance' },
    ],
  })
  await it.does((change) => mergeDraft(change, draft, incident))
  expect(await it.status(it.payments)).toBe('major_outage')
  // It never makes what is said already sound better.
  expect(await it.status(it.search)).toBe('partial_outage')
  expect(await it.incident(draft)).toMatchObject({ dismissedAt: '2026-11-21T12:00:00.000Z', publishesAt: null })
  const row = await it.db.selectFrom('incidents').select('merged_into').where('id', '=', draft).executeTakeFirst()
  expect(row?.merged_into).toBe(incident)
  expect((await it.events()).at(-1)).toMatchObject({
    type: 'incident.merged',
    subject: draft,
    data: { name: 'Search does not answer', into: 'Search is slow' },
  })
  await expect(it.does((change) => mergeDraft(change, draft, incident))).rejects.toThrow('dismissed')
})

test('nothing is merged into what is over', async () => {
  const it = await desk()
  const incident = await it.opens()
  await it.does((change) => postUpdate(change, incident, { stage: 'resolved', body: 'Over.' }))
  const draft = await it.drafts()
  await expect(it.does((change) => mergeDraft(change, draft, incident))).rejects.toThrow('nothing to merge into')
})

const command: Actor = { kind: 'command', name: 'test' }

/** Eve, who publishes, beside an owner. */
async function responder(it: Desk) {
  const make = (name: string, role: Role) =>
    it.change(command, (change) =>
      createAccount(change, { email: `${name}@example.org`, name, role, passwordHash: 'none' }),
    )
  await make('Owner', 'owner')
  const eve = await make('Eve', 'responder')
  return { eve, asEve: { kind: 'operator', id: eve, name: 'Eve' } satisfies Actor }
}

const ends = [
  ['is disabled', (it: Change, id: string) => disableAccount(it, id)],
  ['may not publish any more', (it: Change, id: string) => changeRole(it, id, { role: 'author' })],
] as const

test.each(ends)('words of somebody who %s do not say themselves: they wait for a person who may', async (_, ending) => {
  const it = await desk()
  const { eve, asEve } = await responder(it)
  const id = await it.opens()
  const waiting = await it.change(asEve, (change) => planUpdate(change, id, { word, publishesAt: half }))
  await it.change(command, (change) => ending(change, eve))
  it.clock.advance('30m')
  await publishDueUpdates(it)
  expect((await it.incident(id)).updates).toHaveLength(1)
  expect(await waitingUpdates(it.db, id)).toMatchObject([
    { id: waiting, publishesAt: null, heldBecause: 'Eve, who wrote this, may not publish any more.' },
  ])
  await it.change(ben, (change) => publishWaiting(change, waiting))
  expect((await it.incident(id)).updates[0]).toMatchObject({ body: 'We know the cause.' })
})

test.each(ends)('neither does a first word of somebody who %s', async (_, ending) => {
  const it = await desk()
  const { eve, asEve } = await responder(it)
  const components = [{ id: it.search, status: 'major_outage' as const }]
  const first = { name: 'Search', body: 'It fails.', beganAt: it.clock.now(), components, publishesAt: half }
  const id = await it.change(asEve, (change) => draftIncident(change, first))
  await it.change(command, (change) => ending(change, eve))
  it.clock.advance('30m')
  await publishDueDrafts(it)
  await publishDueDrafts(it)
  expect(await it.incident(id)).toMatchObject({ toldAt: null, publishesAt: null, dismissedAt: null })
  expect((await it.events()).filter(({ type }) => type === 'incident.changed')).toHaveLength(1)
  await it.change(ben, (change) => publishDraft(change, id))
  expect((await it.incident(id)).toldAt).not.toBeNull()
})
