import type { KyselyPlugin } from 'kysely'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Db, inTransaction } from '../../../src/database/database.ts'
import { handOut } from '../../../src/domain/deliveries/handing-out.ts'
import { countRecipients } from '../../../src/domain/deliveries/recipients.ts'
import { tellingSubscribers } from '../../../src/domain/deliveries/subscribers-told.ts'
import { mailsInHold } from '../../../src/domain/deliveries/taking-back.ts'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { isSQLite } from '../../database.ts'
import { allListen, listens, tells, tellsAll, toldTo } from '../../telling.ts'
import { later } from '../../../src/lib/clock.ts'
import { type Desk, desk } from '../desk.ts'
import { delivery, handsOut } from './outbox.ts'

/** Enough for several portions. */
async function manyListen(here: Desk): Promise<void> {
  const wishes = [{}, { components: [here.search] }, { components: ['another'] }]
  await allListen(
    here,
    Array.from({ length: 700 }, (_, number) => [`s${number}`, wishes[number % 3] ?? {}] as const),
  )
}

async function everyDelivery(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('deliveries').select(['message', 'recipient']).orderBy('recipient').execute()
  return rows.map((row) => `${row.message} ${row.recipient}`)
}

/** A database that goes away at the n-th statement that is sent to it. */
function failingAt(db: Db, statement: number): Db {
  let sent = 0
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      sent += 1
      if (sent === statement) throw new Error('The process was killed.')
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  // Without the guard against waiting for oneself, which only the whole product knows to lift in a transaction.
  return db.withoutPlugins().withPlugin(plugin)
}

// Of a file there is one transaction at a time.
test.skipIf(isSQLite)('what another process hands out is let be, and so is what comes after it', async () => {
  const here = await desk()
  await manyListen(here)
  await here.opens()
  await here.opens()
  await tells(here)
  here.clock.advance('2m')
  const [first, second] = await here.db.selectFrom('messages').select('number').orderBy('number').execute()
  const begun = Promise.withResolvers<void>()
  const seen = Promise.withResolvers<void>()
  const other = inTransaction(here.db, async (tx) => {
    await tx
      .updateTable('messages')
      .set({ severity: 'minor' })
      .where('number', '=', first?.number ?? 0)
      .execute()
    begun.resolve()
    await seen.promise
  })
  await begun.promise
  await handOut(here)
  expect(await everyDelivery(here.db)).toEqual([])
  seen.resolve()
  await other
  await handOut(here)
  expect(second).toBeDefined()
  expect(new Set((await everyDelivery(here.db)).map((line) => line.split(' ')[0])).size).toBe(2)
})

test('killed at whatever statement, it goes on where it was: everybody is told once', async () => {
  const here = await desk()
  await manyListen(here)
  await here.opens()
  await tells(here)
  here.clock.advance('2m')
  const [message] = await here.db.selectFrom('messages').selectAll().execute()
  if (!message) throw new Error('There is nothing to hand out.')
  await handOut(here)
  const expected = await everyDelivery(here.db)
  expect(expected).toHaveLength(234 + 233)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 2, max: 24 }), { maxLength: 5 }), async (kills) => {
      await here.db.deleteFrom('deliveries').execute()
      await here.db
        .updateTable('messages')
        .set({ cursor: '', handed_out_at: null, recipients: 0, payload: message.payload })
        .execute()
      for (const statement of kills) {
        await handOut({ ...here, db: failingAt(here.db, statement) }).catch((error: unknown) => {
          expect(String((error as Error).cause)).toContain('killed')
        })
      }
      await handOut(here)
      expect(await everyDelivery(here.db)).toEqual(expected)
      expect(await here.db.selectFrom('messages').select(['recipients', 'handed_out_at']).execute()).toEqual([
        { recipients: 467, handed_out_at: here.clock.now() },
      ])
    }),
    { numRuns: 8 },
  )
})

test('two processes at once hand out what one would', async () => {
  const here = await desk()
  await manyListen(here)
  await here.opens()
  const [one, other] = [tellingSubscribers(here), tellingSubscribers(here)]
  await Promise.all([one(), other()])
  here.clock.advance('2m')
  await Promise.all([one(), other()])
  expect(await everyDelivery(here.db)).toHaveLength(467)
  expect(await here.db.selectFrom('messages').select('recipients').execute()).toEqual([{ recipients: 467 }])
})

test('who named two systems that are affected is told once', async () => {
  const here = await desk()
  await listens(here, 'cy', { components: [here.search, here.payments] })
  await here.opens({
    components: [
      { id: here.search, status: 'partial_outage' },
      { id: here.payments, status: 'partial_outage' },
    ],
  })
  await tellsAll(here)
  expect(await toldTo(here, 'cy')).toHaveLength(1)
})

test('who named a group hears of what is in it when it is handed out', async () => {
  const here = await desk()
  const group = await here.does((it) => createGroup(it, { name: 'Europe' }))
  await listens(here, 'cy', { groups: [group] })
  await here.opens()
  await tells(here)
  await here.db.updateTable('components').set({ group_id: group }).where('id', '=', here.search).execute()
  await tellsAll(here)
  expect((await toldTo(here, 'cy'))[0]?.components).toMatchObject([{ id: here.search, groupId: group }])
})

test('who follows one incident hears of its end and of what is said after it, and of no other', async () => {
  const here = await desk()
  const id = await here.opens()
  await listens(here, 'cy', { incidents: [id] })
  await here.posts(id, { stage: 'resolved', body: 'It is over.' })
  await tellsAll(here)
  await here.posts(id, { stage: 'update', body: 'A late word.' })
  await here.opens({ name: 'Another one' })
  await tellsAll(here)
  expect((await toldTo(here, 'cy')).map(({ word }) => word?.body)).toEqual([
    'Searches fail. We are looking into it.',
    'It is over.',
    'A late word.',
  ])
})

test('who subscribes after it was due has read it on the page', async () => {
  const here = await desk()
  await here.opens()
  await tells(here)
  here.clock.advance('3m')
  await listens(here, 'cy')
  await tells(here)
  expect(await toldTo(here, 'cy')).toEqual([])
})

test('what is critical also brings forward what stands before it and was to be tried again in the morning', async () => {
  const here = await desk()
  await listens(here, 'cy', { quiet: { from: '11:00', until: '14:00' } })
  await here.opens({ components: [{ id: here.payments, status: 'major_outage' }] })
  await tells(here)
  const [{ thread }] = (await here.db.selectFrom('messages').select('thread').execute()) as [{ thread: string }]
  const morning = later(here.clock.now(), 7200)
  const waits = await handsOut(here, { to: ['cy'], thread, dueAt: morning })
  await here.db.updateTable('deliveries').set({ lead: waits }).where('message', '=', waits).execute()
  here.clock.advance('2m')
  await tells(here)
  expect((await delivery(here, waits, 'cy')).due_at <= here.clock.now()).toBe(true)
})

test('what is critical comes through quiet hours, and all else waits for their end', async () => {
  const here = await desk()
  const quiet = { from: '11:00', until: '14:00' }
  await listens(here, 'cy', { quiet })
  await listens(here, 'dan', { quiet, zone: 'Asia/Tehran' })
  await here.opens()
  await here.opens({ components: [{ id: here.payments, status: 'major_outage' }] })
  await tellsAll(here)
  expect((await toldTo(here, 'cy')).map(({ dueAt }) => dueAt)).toEqual([
    '2026-11-21T14:00:00.000Z',
    '2026-11-21T12:02:00.000Z',
  ])
  // There it is half past three.
  expect((await toldTo(here, 'dan'))[0]?.dueAt).toBe('2026-11-21T12:02:00.000Z')
})

test('a zone that nobody can reckon in any more keeps neither its owner nor anybody else from hearing', async () => {
  const here = await desk()
  const quiet = { from: '11:00', until: '14:00' }
  await listens(here, 'cy', { quiet, zone: 'SystemV/EST5' })
  await listens(here, 'dan')
  await here.opens()
  await tellsAll(here)
  for (const one of ['cy', 'dan'])
    expect(await toldTo(here, one)).toMatchObject([{ dueAt: '2026-11-21T12:02:00.000Z' }])
})

test('how many will be told is known before, by channel, and is how many are told', async () => {
  const here = await desk()
  const group = await here.does((it) => createGroup(it, { name: 'Europe' }))
  await here.db.updateTable('components').set({ group_id: group }).where('id', '=', here.search).execute()
  await listens(here, 'everything')
  await listens(here, 'search', { components: [here.search, here.payments] })
  await listens(here, 'europe', { groups: [group], channel: 'webhook' })
  await listens(here, 'payments', { components: [here.payments] })
  await listens(here, 'critical', { severityFrom: 'critical' })
  await listens(here, 'notices', { kinds: ['notice'] })
  await listens(here, 'ends', { extent: 'ends', channel: 'webhook' })
  const about = { kind: 'incident', severity: 'major', incident: null, components: [here.search] } as const
  const counted = async (more: object): Promise<object> =>
    Object.fromEntries(await countRecipients(here.db, { ...about, moment: 'begins', ...more }))
  expect(await counted({})).toEqual({ email: 2, webhook: 2 })
  expect(await counted({ moment: 'goes on' })).toEqual({ email: 2, webhook: 1 })
  expect(await counted({ severity: 'critical' })).toEqual({ email: 3, webhook: 2 })
  expect(await counted({ kind: 'notice', severity: 'none', components: [] })).toEqual({ email: 3, webhook: 1 })
  const id = await here.opens()
  await listens(here, 'follows', { incidents: [id] })
  expect(await counted({ incident: id, components: [] })).toEqual({ email: 2, webhook: 1 })
  await tellsAll(here)
  expect(await here.db.selectFrom('messages').select('recipients').execute()).toEqual([{ recipients: 5 }])
})

test('whoever heard that something was critical hears of its end, although it was found to be less since', async () => {
  const here = await desk()
  await listens(here, 'cy', { severityFrom: 'critical' })
  const id = await here.opens({ severityOverride: 'critical' })
  await tellsAll(here)
  await here.db.updateTable('incidents').set({ severity_override: 'minor' }).where('id', '=', id).execute()
  const about = { kind: 'incident', severity: 'minor', moment: 'ends', incident: id, components: [] } as const
  expect([...(await countRecipients(here.db, about))]).toEqual([['email', 1]])
  await here.posts(id, { stage: 'resolved', body: 'It is over.' })
  await tellsAll(here)
  expect((await toldTo(here, 'cy')).map(({ moment }) => moment)).toEqual(['begins', 'ends'])
})

test('an event that cannot be told is passed by after three tries, and silences nothing else', async () => {
  const here = await desk()
  const id = await here.opens({ deliver: 'no' })
  await here.db
    .insertInto('events')
    .values({
      at: here.clock.now(),
      actor: '{}',
      actor_id: 'ada',
      type: 'incident.updated',
      noun: 'incident',
      subject: id,
      // No word could be found by this.
      data: 'null',
      changes: null,
    })
    .execute()
  await here.opens()
  const complaints: string[] = []
  const tell = tellingSubscribers({ ...here, log: { error: (_, words) => complaints.push(words) } })
  await expect(tell()).rejects.toThrow('while telling of event')
  await expect(tell()).rejects.toThrow('while telling of event')
  await tell()
  expect(complaints).toEqual(['An event could not be told to anybody.'])
  expect(await mailsInHold(here.db, here.clock.now())).toHaveLength(1)
})
