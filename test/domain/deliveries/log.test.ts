import { expect, test } from 'vitest'
import { inTransaction } from '../../../src/database/database.ts'
import { forgetDeliveries, forgetDeliveriesOf } from '../../../src/domain/deliveries/forgetting.ts'
import {
  deliveriesOf,
  deliveriesTo,
  deliveryCounts,
  resendFailed,
  whyFailed,
} from '../../../src/domain/deliveries/log.ts'
import type { FailureReason } from '../../../src/domain/deliveries/message.ts'
import { queueLetter } from '../../../src/domain/deliveries/queue.ts'
import { longestWait, waitingCounts, waitingProblem } from '../../../src/domain/deliveries/waiting.ts'
import { listens } from '../../telling.ts'
import { type World, world } from '../../world.ts'
import { accepted, ends, handsOut, takes, unreachable } from './outbox.ts'

const refused = { became: 'never', reason: 'no such address', code: '550 5.1.1', ends: 'bounced' } as const
const names = ['ada', 'bo', 'cy', 'di', 'ed', 'flo']

/** One message in every state there is. */
async function told(here: World): Promise<number> {
  for (const id of names) await listens(here, id)
  await here.db.updateTable('subscribers').set({ paused_at: here.clock.now() }).where('id', '=', 'ed').execute()
  const one = await handsOut(here, { to: names.slice(0, 5) })
  await takes(here)
  await ends(here, { numbers: [one], recipient: 'ada', outcome: accepted })
  await ends(here, { numbers: [one], recipient: 'bo', outcome: refused })
  await ends(here, { numbers: [one], recipient: 'cy', outcome: unreachable })
  await here.db
    .insertInto('deliveries')
    .values({
      message: one,
      audience: 'subscriber',
      recipient: 'flo',
      channel: 'email',
      thread: 'incident:inc1',
      due_at: here.clock.now(),
    })
    .execute()
  return one
}

test('the log of a message says how many are how far, who, and why', async () => {
  const here = await world()
  const one = await told(here)
  const now = here.clock.now()
  expect(await deliveryCounts(here.db, one, now)).toEqual({
    queued: 1,
    sending: 1,
    again: 1,
    accepted: 1,
    failed: 1,
    dropped: 1,
  })
  const rows = await deliveriesOf(here.db, one, { now, limit: 10 })
  expect(rows.map(({ recipient, state, reason, code }) => [recipient, state, reason, code])).toEqual([
    ['ada', 'accepted', null, '250 2.0.0'],
    ['bo', 'failed', 'no such address', '550 5.1.1'],
    ['cy', 'again', 'unreachable', null],
    ['di', 'sending', null, null],
    ['ed', 'dropped', 'paused', null],
    ['flo', 'queued', null, null],
  ])
  expect(rows[2]?.dueAt).not.toBeNull()
  expect([rows[0]?.dueAt, rows[0]?.doneAt]).toEqual([null, now])
  const failed = await deliveriesOf(here.db, one, { now, state: 'failed', limit: 10 })
  expect(failed.map(({ recipient }) => recipient)).toEqual(['bo'])
  expect(await whyFailed(here.db, one)).toEqual([{ reason: 'no such address', count: 1 }])
  const unreachable = await deliveriesOf(here.db, one, { now, state: 'failed', reason: 'unreachable', limit: 10 })
  expect(unreachable).toEqual([])
  const after = await deliveriesOf(here.db, one, { now, after: 'cy', limit: 2 })
  expect(after.map(({ recipient }) => recipient)).toEqual(['di', 'ed'])
})

test('the log of a subscriber begins with what was told last', async () => {
  const here = await world()
  await listens(here, 'ada')
  const numbers: number[] = []
  for (let count = 0; count < 4; count += 1) numbers.push(await handsOut(here, { to: ['ada'] }))
  const found = await deliveriesTo(
    here.db,
    { audience: 'subscriber', recipient: 'ada' },
    { now: here.clock.now(), limit: 3 },
  )
  expect(found.map(({ message }) => message)).toEqual(numbers.slice(1).toReversed())
  expect(found[0]?.payload.kind).toBe('told')
})

test('what failed is sent once more to those alone whom it did not reach', async () => {
  const here = await world()
  const one = await told(here)
  const resend = (reason: FailureReason | null = null) =>
    resendFailed(here, { kind: 'command', name: 'test' }, { number: one, reason })
  await expect(resend('unreachable')).rejects.toThrow('did not fail')
  expect(await resend('no such address')).toBe(1)
  here.clock.advance('1s')
  expect((await takes(here)).map(([id]) => id)).toEqual(['bo', 'flo'])
  await expect(resend()).rejects.toThrow('did not fail')
  const event = await here.db.selectFrom('events').selectAll().where('type', '=', 'message.resent').executeTakeFirst()
  expect(JSON.parse(event?.data ?? '{}')).toMatchObject({ recipients: 1 })
})

test('after ninety days it is known how many were told, and no longer who', async () => {
  const here = await world()
  const one = await told(here)
  here.clock.advance('89d')
  await forgetDeliveries(here)
  const done = async (): Promise<number> =>
    (await here.db.selectFrom('deliveries').select('recipient').where('done_at', 'is not', null).execute()).length
  expect(await done()).toBe(3)
  here.clock.advance('2d')
  await forgetDeliveries(here)
  expect(await done()).toBe(0)
  expect(await deliveryCounts(here.db, one, here.clock.now())).toMatchObject({ accepted: 1, failed: 1 })
})

test('letters to one person go after a month, messages after a year and a bit', async () => {
  const here = await world()
  await listens(here, 'ada')
  const now = here.clock.now()
  const letter = { audience: 'subscriber', recipient: 'ada', channel: 'email', thread: 'subscriber:ada' } as const
  const number = await inTransaction(here.db, (tx) =>
    queueLetter({ tx, now }, { ...letter, payload: { kind: 'known' } }),
  )
  await takes(here)
  await ends(here, { numbers: [number], recipient: 'ada', outcome: accepted })
  const left = async (): Promise<number> => (await here.db.selectFrom('messages').select('number').execute()).length
  here.clock.advance('29d')
  await forgetDeliveries(here)
  expect(await left()).toBe(1)
  here.clock.advance('2d')
  await forgetDeliveries(here)
  expect(await left()).toBe(0)
})

test('whoever is erased leaves nothing but the sums', async () => {
  const here = await world()
  const one = await told(here)
  await inTransaction(here.db, async (tx) => {
    await forgetDeliveriesOf(tx, 'subscriber', 'ada')
    await forgetDeliveriesOf(tx, 'subscriber', 'bo')
  })
  const rows = await deliveriesOf(here.db, one, { now: here.clock.now(), limit: 10 })
  expect(rows.map(({ recipient }) => recipient)).toEqual(['cy', 'di', 'ed', 'flo'])
  expect(await deliveryCounts(here.db, one, here.clock.now())).toMatchObject({ accepted: 1, failed: 1 })
})

test('what is due and nobody takes is noticed after five minutes', async () => {
  const here = await world()
  await listens(here, 'ada')
  expect(await longestWait(here.db, here.clock.now())).toBe(0)
  await handsOut(here, { to: ['ada'] })
  expect(await waitingProblem(here.db, here.clock.now())).toBeNull()
  here.clock.advance('6m')
  expect(await waitingProblem(here.db, here.clock.now())).toBe('something has been waiting to be sent for 6 minutes')
  expect(await waitingCounts(here.db)).toEqual(new Map([['email', 1]]))
  await takes(here)
  expect(await waitingProblem(here.db, here.clock.now())).toBeNull()
})
