import { describe, expect, test } from 'vitest'
import { pauseSubscription } from '../../../src/domain/subscribers/changing.ts'
import { confirmSubscription } from '../../../src/domain/subscribers/confirming.ts'
import { forgetUnconfirmed } from '../../../src/domain/subscribers/forgetting.ts'
import { erase, leave } from '../../../src/domain/subscribers/leaving.ts'
import { everythingKnown } from '../../../src/domain/subscribers/queries.ts'
import { answerAsks, askToSubscribe } from '../../../src/domain/subscribers/signing-up.ts'
import { desk } from '../desk.ts'
import { everything, only, readers } from './readers.ts'

const cy = 'cy@example.org'

async function here() {
  const it = await desk()
  return { it, ...it, ...readers(it) }
}

describe('asking', () => {
  test('somebody new is written to, and told of nothing before they answer', async () => {
    const { ask, found, letters } = await here()
    await ask(cy)
    expect(await found(cy)).toMatchObject({
      channel: 'email',
      target: { address: cy },
      confirmedAt: null,
      source: 'form',
    })
    expect(await letters(cy)).toEqual(['confirm'])
  })

  test('one who did not answer yet is written to again, and what they chose last counts', async () => {
    const { ask, found, letters, search } = await here()
    await ask(cy)
    await ask('CY@example.org', only({ components: [search] }))
    expect(await letters(cy)).toEqual(['confirm', 'confirm'])
    expect((await found(cy)).scope).toEqual(only({ components: [search] }).scope)
  })

  test('nobody is written to more than three times a day because somebody asks', async () => {
    const { ask, letters, clock } = await here()
    for (let times = 0; times < 6; times += 1) {
      clock.advance('1h')
      await ask(cy)
    }
    expect(await letters(cy)).toEqual(['confirm', 'confirm', 'confirm'])
    clock.advance('23h')
    await ask(cy)
    expect(await letters(cy)).toHaveLength(4)
  })

  test('an ask that cannot be read any more keeps nobody behind it waiting, and is gone', async () => {
    const { it, ask, letters, clock, db } = await here()
    await db.insertInto('subscriber_asks').values({ id: 'damaged', sealed: 'nonsense', at: clock.now() }).execute()
    const said: string[] = []
    await answerAsks({ ...it, log: { error: (_facts, words) => said.push(words) } })
    expect(said).toEqual(['Somebody wanted to be told; what they asked could not be read, and is gone.'])
    await db.insertInto('subscriber_asks').values({ id: 'worse', sealed: 'nonsense', at: clock.now() }).execute()
    await ask(cy)
    expect(await letters(cy)).toEqual(['confirm'])
    expect(await db.selectFrom('subscriber_asks').selectAll().execute()).toEqual([])
  })

  test('who asked days ago, in a copy that was restored, is not written to any more', async () => {
    const { it, ask, isKnown, clock } = await here()
    await askToSubscribe(it, {
      channel: 'email',
      target: { address: 'old@example.org' },
      wishes: everything,
      source: 'form',
      proof: 'by letter',
    })
    clock.advance('25h')
    await ask(cy)
    expect(await isKnown('old@example.org')).toBe(false)
    expect(await isKnown(cy)).toBe(true)
  })

  test('one who is subscribed is told so, and nothing changes', async () => {
    const { subscribes, ask, found, letters, search } = await here()
    await subscribes(cy)
    const before = await found(cy)
    await ask(cy, { ...only({ components: [search] }), kinds: ['notice'], quiet: { from: '01:00', until: '02:00' } })
    expect(await letters(cy)).toEqual(['confirm', 'known'])
    expect(await found(cy)).toEqual(before)
  })

  test('an incident is added to what they have when they say so, and not before', async () => {
    const { subscribes, ask, found, letters, confirms, search, opens } = await here()
    const incident = await opens()
    await subscribes(cy, only({ components: [search] }))
    await ask(cy, only({ incidents: [incident] }))
    expect((await found(cy)).scope.incidents).toEqual([])
    expect(await letters(cy)).toEqual(['confirm', 'confirm'])

    expect(await confirms(cy)).toMatchObject({ what: 'addition' })
    expect((await found(cy)).scope).toEqual(only({ components: [search], incidents: [incident] }).scope)
    expect(await confirms(cy)).toMatchObject({ what: 'confirmed' })
  })

  test('whoever asks for everything gets it when they say so', async () => {
    const { subscribes, ask, found, confirms, search } = await here()
    await subscribes(cy, only({ components: [search] }))
    await ask(cy)
    await confirms(cy)
    expect((await found(cy)).scope).toEqual(everything.scope)
  })

  test('one who paused goes on when they ask again and say that it was they', async () => {
    const { it, subscribes, ask, found, link, confirms } = await here()
    await subscribes(cy)
    await pauseSubscription(it, await link(cy, 'manage'))
    await ask(cy)
    expect((await found(cy)).pausedAt).not.toBeNull()
    await confirms(cy)
    expect((await found(cy)).pausedAt).toBeNull()
  })

  test.each(['left', 'erased'])('one who %s may come back by themselves', async (reason) => {
    const { it, subscribes, ask, isKnown, link, confirms, suppressed } = await here()
    await subscribes(cy)
    await (reason === 'left' ? leave(it, await link(cy, 'leave')) : erase(it, await link(cy, 'manage')))
    expect(await isKnown(cy)).toBe(false)
    await ask(cy)
    expect(await suppressed()).toEqual([reason])
    await confirms(cy)
    expect(await suppressed()).toEqual([])
  })

  test.each(['bounced', 'complained', 'operator'])('to an address that %s nothing is written', async (reason) => {
    const { subscribes, ask, isKnown, db, link, it } = await here()
    await subscribes(cy)
    await leave(it, await link(cy, 'leave'))
    await db.updateTable('suppressions').set({ reason }).execute()
    await ask(cy)
    expect(await isKnown(cy)).toBe(false)
  })

  test('what does not exist is not asked for', async () => {
    const { ask, isKnown, drafts } = await here()
    await ask(cy, only({ components: ['nothing'], incidents: [await drafts()] }))
    expect(await isKnown(cy)).toBe(false)
  })

  test('addresses stand in no row that can be read', async () => {
    const { it, subscribes, rows } = await here()
    await subscribes(cy)
    await askToSubscribe(it, {
      channel: 'email',
      target: { address: 'dee@example.org' },
      wishes: everything,
      source: 'form',
      proof: 'by letter',
    })
    const all = await rows()
    expect(all).toContain('subscriber_asks')
    expect(all).not.toMatch(/cy@|dee@|example\.org/)
  })

  test('what readers do with their own subscriptions is no event', async () => {
    const { subscribes, chooses, link, it, events, search } = await here()
    await subscribes(cy)
    await chooses(cy, only({ components: [search] }))
    await leave(it, await link(cy, 'leave'))
    expect(await events()).toEqual([])
  })

  test('a browser that names its own place needs no letter', async () => {
    const { it, db } = await here()
    const target = { endpoint: 'https://fcm.googleapis.com/x', p256dh: 'k', auth: 'a' }
    await askToSubscribe(it, { channel: 'web-push', target, wishes: everything, source: 'form', proof: 'given' })
    await answerAsks(it)
    expect(await db.selectFrom('subscribers').select('confirmed_at').execute()).toEqual([
      { confirmed_at: '2026-11-21T12:00:00.000Z' },
    ])
    expect(await db.selectFrom('messages').selectAll().execute()).toEqual([])
  })
})

describe('saying yes', () => {
  test('twice is once', async () => {
    const { it, ask, link, found } = await here()
    await ask(cy)
    const token = await link(cy, 'confirm')
    const answers = await Promise.all([confirmSubscription(it, token), confirmSubscription(it, token)])
    expect(answers.map((answer) => (typeof answer === 'string' ? answer : answer.what)).toSorted()).toEqual([
      'confirmed',
      'subscription',
    ])
    expect((await found(cy)).confirmedAt).toBe('2026-11-21T12:00:00.000Z')
  })

  test('a link of another purpose does not say yes', async () => {
    const { it, ask, link } = await here()
    await ask(cy)
    expect(await confirmSubscription(it, await link(cy, 'manage'))).toBe('forged')
    expect(await confirmSubscription(it, await link(cy, 'leave'))).toBe('forged')
    expect(await confirmSubscription(it, 'nothing')).toBe('forged')
  })

  test('after a day it is too late, and whoever asked is forgotten without a trace', async () => {
    const { it, ask, link, clock, isKnown, suppressed, db } = await here()
    await ask(cy)
    const token = await link(cy, 'confirm')
    clock.advance('23h')
    await forgetUnconfirmed(it)
    expect(await isKnown(cy)).toBe(true)
    clock.advance('1h')
    expect(await confirmSubscription(it, token)).toBe('too late')
    await forgetUnconfirmed(it)
    expect(await isKnown(cy)).toBe(false)
    expect(await suppressed()).toEqual([])
    expect(await db.selectFrom('deliveries').selectAll().execute()).toEqual([])
  })

  test('what waits for a yes is forgotten after a day, and who is subscribed stays', async () => {
    const { it, subscribes, ask, found, clock, search, payments } = await here()
    await subscribes(cy, only({ components: [search] }))
    await ask(cy, only({ components: [payments] }))
    const { id } = await found(cy)
    expect((await everythingKnown(it, id))?.waiting?.scope.components).toEqual([payments])
    clock.advance('25h')
    await forgetUnconfirmed(it)
    expect((await everythingKnown(it, id))?.waiting).toBeNull()
    expect((await found(cy)).scope.components).toEqual([search])
  })
})

describe('at the same moment', () => {
  test('of two who ask with one address one is written down, and both are answered', async () => {
    const { it, letters } = await here()
    const asks = ['cy@example.org', 'Cy@Example.org'].map((address) =>
      askToSubscribe(it, {
        channel: 'email',
        target: { address },
        wishes: everything,
        source: 'form',
        proof: 'by letter',
      }),
    )
    await Promise.all(asks)
    await Promise.all([answerAsks(it), answerAsks(it)])
    expect(await letters(cy)).toEqual(['confirm', 'confirm'])
  })

  test('ten who ask with one address cause three letters', async () => {
    const { it, letters } = await here()
    for (let times = 0; times < 10; times += 1) {
      await askToSubscribe(it, {
        channel: 'email',
        target: { address: cy },
        wishes: everything,
        source: 'form',
        proof: 'by letter',
      })
    }
    await Promise.all([answerAsks(it), answerAsks(it), answerAsks(it)])
    expect(await letters(cy)).toHaveLength(3)
  })

  test('leaving wins over changing, whichever comes first', async () => {
    const { it, subscribes, chooses, link, isKnown, search, db } = await here()
    await subscribes(cy)
    const token = await link(cy, 'leave')
    const [changed, left] = await Promise.allSettled([chooses(cy, only({ components: [search] })), leave(it, token)])
    expect(left).toEqual({ status: 'fulfilled', value: 'left' })
    expect(['fulfilled', 'rejected']).toContain(changed.status)
    expect(await isKnown(cy)).toBe(false)
    expect(await db.selectFrom('subscriber_scopes').selectAll().execute()).toEqual([])
  })

  test('two who choose at once end with what one of them chose', async () => {
    const { subscribes, chooses, found, search, payments } = await here()
    await subscribes(cy)
    await Promise.all([chooses(cy, only({ components: [search] })), chooses(cy, only({ components: [payments] }))])
    expect((await found(cy)).scope.components).toHaveLength(1)
  })

  test('saying yes and being forgotten do not cross', async () => {
    const { it, ask, link, clock, isKnown } = await here()
    await ask(cy)
    const token = await link(cy, 'confirm')
    clock.advance('23h')
    const yes = confirmSubscription(it, token)
    clock.advance('2h')
    await Promise.all([yes, forgetUnconfirmed(it)])
    expect(await isKnown(cy)).toBe(typeof (await yes) !== 'string')
  })
})
