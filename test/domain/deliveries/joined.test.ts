import { expect, test } from 'vitest'
import { handOut } from '../../../src/domain/deliveries/handing-out.ts'
import { mailsInHold } from '../../../src/domain/deliveries/taking-back.ts'
import { listens, tells } from '../../telling.ts'
import { desk } from '../desk.ts'
import { accepted, ends, takes } from './outbox.ts'

/** A page of which somebody hears by mail, and the numbers of what it told. */
async function here() {
  const it = await desk()
  await listens(it, 'cy')
  return {
    ...it,
    numbers: async () =>
      (await it.db.selectFrom('messages').select('number').orderBy('number').execute()).map(({ number }) => number),
  }
}

test('what is said within a minute is one letter, and what is said after that minute another', async () => {
  const it = await here()
  const id = await it.opens()
  await tells(it)
  for (const passes of ['40s', '30s']) {
    it.clock.advance(passes)
    await it.posts(id, {})
    await tells(it)
  }
  const [one = 0, two = 0, three = 0] = await it.numbers()
  it.clock.advance('50s')
  await tells(it)
  expect(await takes(it)).toEqual([])
  it.clock.advance('40s')
  await tells(it)
  expect(await takes(it)).toEqual([['cy', [one, two]]])
  await ends(it, { numbers: [one, two], recipient: 'cy', outcome: accepted })
  it.clock.advance('30s')
  await tells(it)
  expect(await takes(it)).toEqual([['cy', [three]]])
})

test('who goes on speaking keeps nobody waiting for more than a minute', async () => {
  const it = await here()
  const id = await it.opens()
  await tells(it)
  for (let count = 0; count < 9; count += 1) {
    it.clock.advance('20s')
    await it.posts(id, {})
    await tells(it)
    if (count < 8) expect(await takes(it)).toEqual([])
  }
  // Three minutes after the first was said.
  const [one = 0, ...rest] = await it.numbers()
  expect(await takes(it)).toEqual([['cy', [one, ...rest.slice(0, 3)]]])
})

test('another incident waits for nobody', async () => {
  const it = await here()
  await it.opens()
  await tells(it)
  it.clock.advance('40s')
  await it.opens()
  await tells(it)
  it.clock.advance('80s')
  await tells(it)
  const [one] = await it.numbers()
  expect(await takes(it)).toEqual([['cy', [one]]])
})

test('the first of two can be taken back or corrected until both go, and the second goes without it', async () => {
  const it = await here()
  const id = await it.opens()
  await tells(it)
  it.clock.advance('40s')
  await it.posts(id, {})
  await tells(it)
  it.clock.advance('90s')
  expect(await mailsInHold(it.db, it.clock.now())).toHaveLength(2)
})

test('while the second of two is handed out, the first waits for it, and not for long', async () => {
  const it = await here()
  await listens(it, 'robot', { channel: 'webhook' })
  const id = await it.opens()
  await it.posts(id, {})
  await tells(it)
  const [one = 0, two = 0] = await it.numbers()
  const { payload } = await it.db
    .selectFrom('messages')
    .select('payload')
    .where('number', '=', two)
    .executeTakeFirstOrThrow()
  const reads = (text: string) =>
    it.db.updateTable('messages').set({ payload: text }).where('number', '=', two).execute()
  // As it is while the first has reached everybody, and the second has yet to.
  await reads('{"kind":"confirm"}')
  it.clock.advance('2m')
  await expect(tells(it)).rejects.toThrow(`while handing out message ${two}`)
  expect(await takes(it)).toEqual([])
  expect(await takes(it, { channel: 'webhook' })).toEqual([['robot', [one]]])
  it.clock.advance('10s')
  expect(await takes(it)).toEqual([])
  await reads(payload)
  await handOut(it)
  expect(await takes(it)).toEqual([['cy', [one, two]]])
})

test('what cannot be handed out keeps what came before it waiting for some seconds', async () => {
  const it = await here()
  const id = await it.opens()
  await it.posts(id, {})
  await tells(it)
  const [one = 0, two = 0] = await it.numbers()
  await it.db.updateTable('messages').set({ payload: '{"kind":"confirm"}' }).where('number', '=', two).execute()
  it.clock.advance('2m')
  await expect(tells(it)).rejects.toThrow(`while handing out message ${two}`)
  it.clock.advance('15s')
  expect(await takes(it)).toEqual([['cy', [one]]])
})
