import { expect, test } from 'vitest'
import type { Claim } from '../../../src/domain/deliveries/claim.ts'
import type { Audience } from '../../../src/domain/deliveries/message.ts'
import type { ChannelKind } from '../../../src/domain/subscribers/channel.ts'
import { type UnderWay, underWay } from '../../../src/outbound/notify/under-way.ts'

const accepted = { became: 'accepted', code: null } as const

function claim(id: string, channel: ChannelKind = 'webhook'): Claim {
  const target = { open: {}, purpose: null }
  const addressee = { id, links: 1, target, locale: 'en', zone: 'UTC', scope: null, isSelfMade: false }
  return { numbers: [1], audience: 'subscriber', channel, addressee, isFirst: true, isRepeat: false }
}

const of = (audience: Audience, one: Claim): Claim => ({ ...one, audience })

function finish(these: UnderWay): string[] {
  const endings = these.endings(1000)
  these.written(endings)
  return endings.map(({ recipient, outcome }) => `${recipient}: ${outcome.became}`)
}

test('each channel has room of its own, and what is not written down yet takes room', () => {
  const these = underWay()
  const room = these.room('webhook', 'subscriber')
  const errands = these.add(Array.from({ length: room }, (_, index) => claim(`robot${index}`)))
  expect(these.room('webhook', 'subscriber')).toBe(0)
  expect(these.room('email', 'subscriber')).toBeGreaterThan(0)
  these.end(errands[0]?.id ?? 0, accepted)
  expect(these.room('webhook', 'subscriber')).toBe(0)
  expect(finish(these)).toEqual(['robot0: accepted'])
  expect(these.room('webhook', 'subscriber')).toBe(1)
  // Nobody knows it any more.
  expect(these.end(errands[0]?.id ?? 0, accepted)).toBeNull()
})

test('subscribers whose programs hang, or who break the way, take no room from operators and accounts', () => {
  const these = underWay()
  const room = these.room('webhook', 'subscriber')
  these.add(Array.from({ length: room }, (_, index) => claim(`hangs${index}`)))
  expect(these.room('webhook', 'subscriber')).toBe(0)
  expect(these.room('webhook', 'operator')).toBeGreaterThan(0)
  these.add([of('operator', claim('way1'))])
  expect(these.room('webhook', 'subscriber')).toBe(0)
  const broken = { channel: 'email', isAll: true, reason: 'unreachable', openings: 1, seconds: 30 } as const
  these.pause({ ...broken, audience: 'subscriber' })
  expect(these.room('email', 'subscriber')).toBe(0)
  expect(these.room('email', 'account')).toBeGreaterThan(0)
})

test('a channel that has half of its letters done is waited for by none that is slow', () => {
  const these = underWay()
  these.add(Array.from({ length: 240 }, (_, index) => claim(`slow${index}`, 'email')))
  const quick = these.add(Array.from({ length: 4 }, (_, index) => claim(`quick${index}`)))
  these.end(quick[0]?.id ?? 0, accepted)
  expect(these.isHalfDone()).toBe(false)
  these.end(quick[1]?.id ?? 0, accepted)
  expect(these.isHalfDone()).toBe(true)
  finish(these)
  expect(these.isHalfDone()).toBe(false)
})

test('what hung and is over at last is written at once where nothing else is under way', () => {
  const these = underWay()
  const [errand] = these.add([claim('hangs')])
  these.slow(errand?.id ?? 0)
  these.end(errand?.id ?? 0, accepted)
  expect(these.isHalfDone()).toBe(true)
})

test('what is claimed again while it is under way, because a clock was set, is not sent twice', () => {
  const these = underWay()
  const [errand] = these.add([claim('ada')])
  expect(these.add([claim('ada'), claim('bo')]).map(({ addressee }) => addressee.id)).toEqual(['bo'])
  these.end(errand?.id ?? 0, accepted)
  expect(these.add([claim('ada')])).toEqual([])
  expect(finish(these)).toEqual(['ada: accepted'])
  expect(these.add([claim('ada')])).toHaveLength(1)
})

test('where nothing gets through nothing is sent, and then one by one until something does', () => {
  const these = underWay()
  const broken = { channel: 'email', audience: 'subscriber', isAll: true, reason: 'unreachable', openings: 1 } as const
  these.pause({ ...broken, seconds: 30 })
  expect(these.room('email', 'subscriber')).toBe(0)
  these.pause({ ...broken, seconds: 0 })
  expect(these.room('email', 'subscriber')).toBe(1)
  const [errand] = these.add([claim('ada', 'email')])
  expect(these.room('email', 'subscriber')).toBe(0)
  these.end(errand?.id ?? 0, accepted)
  finish(these)
  expect(these.room('email', 'subscriber')).toBeGreaterThan(1)
})

test('what ends the thread is found, because what was under way is sent one at a time', () => {
  const these = underWay()
  const all = ['ada', 'poison', 'cy']
  these.add(all.map((id) => claim(id)))
  these.orphan()
  // Nobody is blamed yet, and nothing is sent under another name.
  expect(these.endings(10).every(({ isRepeat }) => isRepeat)).toBe(true)
  expect(finish(these)).toEqual(all.map((id) => `${id}: put off`))
  expect(these.room('webhook', 'subscriber')).toBe(1)
  expect(these.room('email', 'subscriber')).toBe(1)
  const [ada] = these.add([claim('ada')])
  expect(these.room('email', 'subscriber')).toBe(0)
  these.end(ada?.id ?? 0, accepted)
  expect(finish(these)).toEqual(['ada: accepted'])
  these.add([claim('poison')])
  these.orphan()
  expect(these.endings(10)[0]?.outcome).toMatchObject({ became: 'later', reason: 'our own fault' })
})

test('what hangs takes no room from others, and is counted once whatever becomes of it', () => {
  const these = underWay()
  const room = these.room('webhook', 'subscriber')
  const errands = these.add(Array.from({ length: room }, (_, index) => claim(`hangs${index}`)))
  for (const { id } of [...errands, ...errands]) these.slow(id)
  expect(these.room('webhook', 'subscriber')).toBe(room)
  these.add([claim('quick')])
  for (const { id } of errands.slice(1)) these.end(id, { became: 'later', reason: 'timed out', code: null })
  finish(these)
  expect(these.room('webhook', 'subscriber')).toBe(room - 1)
  // The thread dies with one that hangs and one that does not.
  these.orphan()
  expect(finish(these)).toHaveLength(2)
  const [one] = these.add([claim('alone')])
  these.end(one?.id ?? 0, accepted)
  finish(these)
  these.end(these.add([claim('alone')])[0]?.id ?? 0, accepted)
  finish(these)
  expect(these.room('webhook', 'subscriber')).toBe(room)
})
