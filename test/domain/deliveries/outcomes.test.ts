import { describe, expect, test } from 'vitest'
import { noteFailing } from '../../../src/domain/deliveries/failing.ts'
import { secondsBetween } from '../../../src/lib/clock.ts'
import { listens } from '../../telling.ts'
import { type World, world } from '../../world.ts'
import { accepted, delivery, ends, handsOut, takes, unreachable } from './outbox.ts'

async function fails(here: World, reason: 'refused' | 'gone' | 'bounced' | null, recipient = 'ada'): Promise<void> {
  const one = await handsOut(here, { to: [recipient] })
  await takes(here)
  await ends(here, {
    numbers: [one],
    recipient,
    outcome: { became: 'never', reason: 'no such address', code: '550 5.1.1', ends: reason },
  })
  here.clock.advance('2s')
}

async function subscriber({ db }: World, id = 'ada') {
  return db
    .selectFrom('subscribers')
    .select(['disabled_at', 'disabled_because', 'failures', 'failing_since'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

test('what was accepted is done, with what the other side called it', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  const two = await handsOut(here, { to: ['ada'] })
  await takes(here)
  expect(await ends(here, { numbers: [one, two], recipient: 'ada', outcome: accepted })).toEqual({
    accepted: 1,
    failed: 0,
    retried: 0,
    ended: [],
    gaveUp: [],
    reached: [expect.objectContaining({ recipient: 'ada' })],
  })
  for (const number of [one, two]) {
    expect(await delivery(here, number, 'ada')).toMatchObject({
      outcome: 'accepted',
      code: '250 2.0.0',
      attempts: 1,
      claimed_by: null,
    })
  }
})

test('what did not get through is tried again after a minute, two, four, to an hour, and given up after two days', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  const first = here.clock.now()
  const pauses: number[] = []
  for (;;) {
    expect(await takes(here)).toEqual([['ada', [one]]])
    await ends(here, { numbers: [one], recipient: 'ada', outcome: unreachable })
    const { due_at: dueAt, outcome, reason } = await delivery(here, one, 'ada')
    if (outcome !== null) {
      expect([outcome, reason]).toEqual(['failed', 'unreachable'])
      break
    }
    pauses.push(secondsBetween(here.clock.now(), dueAt))
    here.clock.set(dueAt)
  }
  for (const [index, seconds] of pauses.entries()) {
    const usual = Math.min(3600, 60 * 2 ** index)
    expect(seconds).toBeGreaterThanOrEqual(usual * 0.79)
    expect(seconds).toBeLessThanOrEqual(usual * 1.2)
  }
  const hours = secondsBetween(first, here.clock.now()) / 3600
  expect(hours).toBeGreaterThan(46)
  expect(hours).toBeLessThanOrEqual(48)
})

test('whoever asks for patience gets it, up to an hour', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  for (const [asked, least, most] of [
    [600, 600, 720],
    [999_999, 3600, 4320],
  ] as const) {
    await takes(here)
    await ends(here, {
      numbers: [one],
      recipient: 'ada',
      outcome: { ...unreachable, retryAfterSeconds: asked } as never,
    })
    const { due_at: dueAt } = await delivery(here, one, 'ada')
    const seconds = secondsBetween(here.clock.now(), dueAt)
    expect(seconds).toBeGreaterThanOrEqual(least)
    expect(seconds).toBeLessThanOrEqual(most)
    here.clock.set(dueAt)
  }
})

test('what breaks our own program is parked after three tries', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    expect(await takes(here)).toHaveLength(1)
    const outcome = { became: 'later', reason: 'our own fault', code: null } as const
    await ends(here, { numbers: [one], recipient: 'ada', outcome })
    here.clock.advance('1h')
  }
  expect(await takes(here)).toEqual([])
  expect(await delivery(here, one, 'ada')).toMatchObject({ outcome: 'failed', reason: 'our own fault' })
})

test('who is put off spends no attempt, and may be told together with what comes next', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  await takes(here)
  await ends(here, {
    numbers: [one],
    recipient: 'ada',
    outcome: { became: 'put off', reason: 'unreachable', seconds: 30 },
  })
  expect(await delivery(here, one, 'ada')).toMatchObject({ attempts: 0, lead: null, reason: 'unreachable' })
  const two = await handsOut(here, { to: ['ada'] })
  expect(await takes(here)).toEqual([['ada', [one, two]]])
})

test('who may have it already is put off as the letter that it was', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  await takes(here)
  const outcome = { became: 'put off', reason: null, seconds: 30 } as const
  await ends(here, { numbers: [one], recipient: 'ada', isRepeat: true, outcome })
  await handsOut(here, { to: ['ada'] })
  expect(await takes(here)).toEqual([])
  here.clock.advance('31s')
  expect(await takes(here)).toEqual([['ada', [one]]])
})

test.each(['gone', 'refused'] as const)(
  'a place that is %s is given up at once, and the log says why',
  async (because) => {
    const here = await world()
    await listens(here, 'ada')
    await fails(here, because)
    expect(await subscriber(here)).toMatchObject({ disabled_because: because })
    const two = await handsOut(here, { to: ['ada'] })
    expect(await takes(here)).toEqual([])
    expect(await delivery(here, two, 'ada')).toMatchObject({ outcome: 'dropped', reason: 'disabled' })
  },
)

test('a refusal that says nothing of the address ends nothing', async () => {
  const here = await world()
  await listens(here, 'ada')
  await fails(here, null)
  expect(await subscriber(here)).toMatchObject({ disabled_at: null, failures: 0 })
})

test('an address that bounces three times in a week is given up', async () => {
  const here = await world()
  await listens(here, 'ada')
  await fails(here, 'bounced')
  await fails(here, 'bounced')
  expect(await subscriber(here)).toMatchObject({ disabled_at: null, failures: 2 })
  await fails(here, 'bounced')
  expect(await subscriber(here)).toMatchObject({ disabled_because: 'bounced' })
})

test('bounces of another week, or before something arrived, are not counted', async () => {
  const here = await world()
  await listens(here, 'ada')
  await fails(here, 'bounced')
  await fails(here, 'bounced')
  here.clock.advance('8d')
  await fails(here, 'bounced')
  expect(await subscriber(here)).toMatchObject({ disabled_at: null, failures: 1 })
  const one = await handsOut(here, { to: ['ada'] })
  await takes(here)
  await ends(here, { numbers: [one], recipient: 'ada', outcome: accepted })
  expect(await subscriber(here)).toMatchObject({ failures: 0, failing_since: null })
})

test('only whoever has the claim says that it failed; that it arrived is a fact, whoever says so', async () => {
  const here = await world()
  await listens(here, 'ada')
  const one = await handsOut(here, { to: ['ada'] })
  await takes(here, { by: 'slow' })
  here.clock.advance('4m')
  await takes(here, { by: 'next' })
  await ends(here, { by: 'slow', numbers: [one], recipient: 'ada', outcome: unreachable })
  expect(await delivery(here, one, 'ada')).toMatchObject({ claimed_by: 'next', attempts: 0 })
  await ends(here, { by: 'slow', numbers: [one], recipient: 'ada', outcome: accepted })
  await ends(here, { by: 'next', numbers: [one], recipient: 'ada', outcome: unreachable })
  expect(await delivery(here, one, 'ada')).toMatchObject({ outcome: 'accepted', attempts: 1 })
})

test('that nothing gets through is written down once an hour, and what leads to one subscriber never', async () => {
  const here = await world()
  const notes = async (channel: 'email' | 'webhook'): Promise<void> =>
    here.change({ kind: 'clock' }, (it) => noteFailing(it, { channel, reason: 'unreachable' }))
  const events = async (): Promise<number> =>
    (await here.db.selectFrom('events').select('seq').where('type', '=', 'delivery.failing').execute()).length
  await notes('email')
  await notes('email')
  await notes('webhook')
  expect(await events()).toBe(1)
  here.clock.advance('61m')
  await notes('email')
  expect(await events()).toBe(2)
})

describe('quiet hours', () => {
  /** Noon in UTC is nine in the evening there: a minute later it is quiet. */
  const night = { zone: 'Asia/Tokyo', quiet: { from: '21:01', until: '07:00' } } as const
  const morning = '2026-11-21T22:00:00.000Z'
  const patient = { became: 'later', reason: 'unreachable', code: null, retryAfterSeconds: 120 } as const

  async function failsAtNight(severity: 'minor' | 'critical') {
    const here = await world()
    await listens(here, 'ada', night)
    const one = await handsOut(here, { to: ['ada'], severity })
    await takes(here)
    await ends(here, { numbers: [one], recipient: 'ada', outcome: patient })
    return { here, one, due: async () => (await delivery(here, one, 'ada')).due_at }
  }

  test('hold back what is tried again, as they hold back the first attempt', async () => {
    const { due } = await failsAtNight('minor')
    expect(await due()).toBe(morning)
  })

  test('let what is critical through, at every attempt', async () => {
    const { due } = await failsAtNight('critical')
    expect((await due()) < '2026-11-21T12:10:00.000Z').toBe(true)
  })

  test('do not hold back what stands before something critical', async () => {
    const { here, one, due } = await failsAtNight('minor')
    await handsOut(here, { to: ['ada'], severity: 'critical' })
    here.clock.set(morning)
    await takes(here)
    here.clock.set('2026-11-22T12:00:00.000Z')
    await ends(here, { numbers: [one], recipient: 'ada', outcome: unreachable })
    expect((await due()) < '2026-11-22T12:20:00.000Z').toBe(true)
  })
})
