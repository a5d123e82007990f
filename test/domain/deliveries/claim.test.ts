import { expect, test } from 'vitest'
import { queueLetter } from '../../../src/domain/deliveries/queue.ts'
import { releaseWhatRanAhead } from '../../../src/domain/deliveries/release.ts'
import { soonestDue } from '../../../src/domain/deliveries/waiting.ts'
import { inTransaction } from '../../../src/database/database.ts'
import { later } from '../../../src/lib/clock.ts'
import { stoppedClock } from '../../clock.ts'
import { listens } from '../../telling.ts'
import { world } from '../../world.ts'
import { accepted, claimsOf, delivery, ends, handsOut, isCalled, takes, unreachable } from './outbox.ts'

test('what is due is taken once, whoever asks at the same time', async () => {
  const here = await world()
  for (const id of ['ada', 'bo', 'cy']) await listens(here, id)
  const one = await handsOut(here, { to: ['ada', 'bo', 'cy'] })
  const both = await Promise.all([takes(here, { by: 'one' }), takes(here, { by: 'two' })])
  expect(both.flat().toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
    ['ada', [one]],
    ['bo', [one]],
    ['cy', [one]],
  ])
  expect(await takes(here)).toEqual([])
})

test('what is not due yet is left alone', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'], dueAt: later(here.clock.now(), 60) })
  expect(await takes(here)).toEqual([])
  here.clock.advance('1m')
  expect(await takes(here)).toEqual([['ada', [one]]])
})

test('what waits for a person goes out as one letter; another conversation is a letter of its own', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  const two = await handsOut(here, { to: ['ada'] })
  const other = await handsOut(here, { to: ['ada'], thread: 'incident:inc2' })
  expect(await takes(here)).toEqual([
    ['ada', [one, two]],
    ['ada', [other]],
  ])
  expect((await delivery(here, two, 'ada')).lead).toBe(one)
})

test('what waits for a person is one letter, however many others wait with them', async () => {
  const here = await world()
  const to = ['ada', 'bo', 'cy']
  for (const id of to) await listens(here, id)
  const one = await handsOut(here, { to })
  const two = await handsOut(here, { to })
  for (const id of to) expect(await takes(here, { most: 1 })).toEqual([[id, [one, two]]])
})

test('a program gets each thing by itself, and the next when the one before is done', async () => {
  const here = await world()
  await listens(here, 'robot', { channel: 'webhook' })
  const one = await handsOut(here, { to: ['robot'], channel: 'webhook' })
  const two = await handsOut(here, { to: ['robot'], channel: 'webhook' })
  expect(await takes(here, { channel: 'webhook' })).toEqual([['robot', [one]]])
  here.clock.advance('2s')
  expect(await takes(here, { channel: 'webhook' })).toEqual([])
  await ends(here, { numbers: [one], recipient: 'robot', outcome: accepted })
  here.clock.advance('2s')
  expect(await takes(here, { channel: 'webhook' })).toEqual([['robot', [two]]])
})

test('nothing overtakes what is to be tried again', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  await takes(here)
  await ends(here, { numbers: [one], recipient: 'ada', outcome: unreachable })
  const two = await handsOut(here, { to: ['ada'] })
  expect(await takes(here)).toEqual([])
  here.clock.advance('20s')
  expect(await takes(here)).toEqual([])
  here.clock.advance('2m')
  // The same letter as before: whoever has it already knows it by its key.
  expect(await takes(here)).toEqual([['ada', [one]]])
  await ends(here, { numbers: [one], recipient: 'ada', outcome: accepted })
  here.clock.advance('2s')
  expect(await takes(here)).toEqual([['ada', [two]]])
})

test('who is killed in the middle leaves the same letter to the next, and it is not joined with what came since', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  const [first] = await claimsOf(here, { by: 'killed' })
  const two = await handsOut(here, { to: ['ada'] })
  here.clock.advance('179s')
  expect(await takes(here, { by: 'next' })).toEqual([])
  here.clock.advance('2s')
  const [again] = await claimsOf(here, { by: 'next' })
  expect([first?.numbers, first?.isRepeat, again?.numbers, again?.isRepeat]).toEqual([[one], false, [one], true])
  await ends(here, { by: 'next', numbers: [one], recipient: 'ada', outcome: accepted })
  here.clock.advance('2s')
  expect(await takes(here)).toEqual([['ada', [two]]])
})

test('what comes through quiet hours takes with it what waits for their end', async () => {
  const here = await world()
  await listens(here, 'ada')
  const quiet = await handsOut(here, { to: ['ada'], dueAt: later(here.clock.now(), 8 * 3600) })
  expect(await takes(here)).toEqual([])
  const critical = await handsOut(here, { to: ['ada'] })
  expect(await takes(here)).toEqual([['ada', [quiet, critical]]])
})

test('the first letter of a conversation is known as such, and so are those after it', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  expect((await claimsOf(here))[0]?.isFirst).toBe(true)
  await ends(here, { numbers: [one], recipient: 'ada', outcome: accepted })
  await handsOut(here, { to: ['ada'] })
  await handsOut(here, { to: ['ada'], thread: 'incident:inc2' })
  expect((await claimsOf(here)).map(({ isFirst }) => isFirst)).toEqual([false, true])
})

test('who left, paused, never said yes or was given up gets nothing, and it is written down why', async () => {
  const here = await world()
  const { db } = here
  const gone = { paused: 'paused_at', 'given-up': 'disabled_at' } as const
  for (const id of ['ada', 'paused', 'given-up', 'shy']) await listens(here, id)
  for (const [id, column] of Object.entries(gone)) {
    await db
      .updateTable('subscribers')
      .set({ [column]: here.clock.now() })
      .where('id', '=', id)
      .execute()
  }
  await db.updateTable('subscribers').set({ confirmed_at: null, consented_at: null }).where('id', '=', 'shy').execute()
  const one = await handsOut(here, { to: ['ada', 'paused', 'given-up', 'shy', 'nobody'] })
  expect(await takes(here)).toEqual([['ada', [one]]])
  const why = async (id: string): Promise<unknown> => {
    const { outcome, reason } = await delivery(here, one, id)
    return [outcome, reason]
  }
  expect(await why('paused')).toEqual(['dropped', 'paused'])
  expect(await why('given-up')).toEqual(['dropped', 'disabled'])
  expect(await why('shy')).toEqual(['dropped', 'not confirmed'])
  expect(await why('nobody')).toEqual(['dropped', 'left'])
})

test('whoever has not said yes is asked for it, and told of nothing else', async () => {
  const here = await world()
  await listens(here, 'ada')
  await here.db.updateTable('subscribers').set({ confirmed_at: null }).execute()
  const letter = { audience: 'subscriber', recipient: 'ada', channel: 'email', thread: 'subscriber:ada' } as const
  const asks = await inTransaction(here.db, (tx) =>
    queueLetter({ tx, now: here.clock.now() }, { ...letter, payload: { kind: 'confirm' } }),
  )
  await inTransaction(here.db, (tx) =>
    queueLetter({ tx, now: here.clock.now() }, { ...letter, payload: { kind: 'known' } }),
  )
  expect(await takes(here)).toEqual([['ada', [asks]]])
})

test('whoever was given up can be asked whether it is they who want to come back, and is told of nothing else', async () => {
  const here = await world()
  await listens(here, 'ada')
  await here.db.updateTable('subscribers').set({ disabled_at: here.clock.now(), disabled_because: 'gone' }).execute()
  const letter = { audience: 'subscriber', recipient: 'ada', channel: 'email', thread: 'subscription:ada' } as const
  const numberOf = (kind: 'confirm' | 'known') =>
    inTransaction(here.db, (tx) => queueLetter({ tx, now: here.clock.now() }, { ...letter, payload: { kind } }))
  const asked = await numberOf('confirm')
  await numberOf('known')
  await handsOut(here, { to: ['ada'] })
  expect(await takes(here)).toEqual([['ada', [asked]]])
})

test('what is days late, after a restored backup or a long rest, is on the page and told to nobody', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  here.clock.advance('49h')
  const two = await handsOut(here, { to: ['ada'] })
  expect(await takes(here)).toEqual([['ada', [two]]])
  expect(await delivery(here, one, 'ada')).toMatchObject({ outcome: 'dropped', reason: 'too late' })
})

test('subscribers who came first take no turn from operators and accounts', async () => {
  const here = await world()
  const all = ['ada', 'bo', 'cy']
  for (const id of all) await listens(here, id)
  await handsOut(here, { to: all })
  here.clock.advance('1s')
  await isCalled(here, 'way1', 'email', { address: 'op@example.org' })
  const letter = { audience: 'operator', recipient: 'way1', channel: 'email', thread: 'way1' } as const
  const number = await inTransaction(here.db, (tx) =>
    queueLetter({ tx, now: here.clock.now() }, { ...letter, payload: { kind: 'test', by: 'op' } }),
  )
  const waiting = (await soonestDue(here.db)).filter(({ at }) => at !== null)
  expect(waiting.map(({ audience }) => audience)).toEqual(['subscriber', 'operator'])
  expect(await takes(here, { audience: 'operator', most: 1 })).toEqual([['way1', [number]]])
  expect(await takes(here, { audience: 'subscriber' })).toHaveLength(3)
})

test('an alert that is settled calls nobody', async () => {
  const here = await world()
  const now = here.clock.now()
  await here.db
    .insertInto('alerts')
    .values({
      id: 'al1',
      kind: 'promise-missed',
      subject: 'inc1',
      about: 'inc1',
      name: 'Search is slow',
      data: '{}',
      calls_for: 'one',
      at: now,
      settled_at: now,
    })
    .execute()
  const number = await inTransaction(here.db, (tx) =>
    queueLetter(
      { tx, now },
      {
        payload: { kind: 'alert', alert: 'al1', name: 'x', data: {} } as never,
        audience: 'operator',
        recipient: 'way1',
        channel: 'email',
        thread: 'alert:al1',
      },
    ),
  )
  expect(await takes(here, { audience: 'operator' })).toEqual([])
  expect(await delivery(here, number, 'way1')).toMatchObject({ outcome: 'dropped', reason: 'settled' })
})

test('what a clock that ran ahead put off goes out when it is set right, with what stands behind it', async () => {
  const here = await world()
  for (const id of ['ada', 'bo', 'cy']) await listens(here, id)
  const one = await handsOut(here, { to: ['ada', 'bo'] })
  const tomorrow = later(here.clock.now(), 30 * 3600)
  const other = await handsOut(here, { to: ['cy'], thread: 'incident:inc2', dueAt: tomorrow })
  const right = { ...here, clock: stoppedClock(here.clock.now()) }
  here.clock.advance('1d')
  await takes(here, { by: 'killed' })
  await ends(here, { by: 'killed', numbers: [one], recipient: 'bo', outcome: unreachable })
  const two = await handsOut(right, { to: ['bo'] })
  right.clock.advance('1s')
  expect(await takes(right)).toEqual([])
  await releaseWhatRanAhead(right)
  expect(await takes(right)).toEqual([
    ['ada', [one]],
    ['bo', [one]],
  ])
  await ends(right, { numbers: [one], recipient: 'bo', outcome: accepted })
  right.clock.advance('2s')
  expect(await takes(right)).toEqual([['bo', [two]]])
  // What was only queued for later waits for that.
  expect((await delivery(here, other, 'cy')).due_at).toBe(tomorrow)
})
