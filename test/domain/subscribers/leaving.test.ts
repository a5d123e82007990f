import { describe, expect, test } from 'vitest'
import { addSubscribers, removeSubscribers } from '../../../src/domain/subscribers/adding.ts'
import { changeWishes, pauseSubscription, resumeSubscription } from '../../../src/domain/subscribers/changing.ts'
import { readWishes } from '../../../src/domain/subscribers/input.ts'
import { erase, leave } from '../../../src/domain/subscribers/leaving.ts'
import { subscriberCounts, subscribersPage } from '../../../src/domain/subscribers/queries.ts'
import { Invalid, NotFound } from '../../../src/lib/errors.ts'
import { desk } from '../desk.ts'
import { everything, only, readers } from './readers.ts'

const cy = 'cy@example.org'

async function here() {
  const it = await desk()
  return { it, ...it, ...readers(it) }
}

describe('leaving', () => {
  test('leaves nothing but a mark that cannot be read', async () => {
    const { it, subscribes, link, isKnown, suppressed, rows, found, search } = await here()
    await subscribes(cy, only({ components: [search] }))
    const { id } = await found(cy)
    expect(await leave(it, await link(cy, 'leave'))).toBe('left')
    expect(await isKnown(cy)).toBe(false)
    expect(await suppressed()).toEqual(['left'])
    expect(await rows()).not.toContain(id)
  })

  test('twice is once, and says so', async () => {
    const { it, subscribes, link } = await here()
    await subscribes(cy)
    const token = await link(cy, 'leave')
    expect(await Promise.all([leave(it, token), leave(it, token)])).toEqual(['left', 'already'])
    expect(await leave(it, token)).toBe('already')
  })

  test('a link that we did not sign, or not for this, ends nothing', async () => {
    const { it, subscribes, link, isKnown } = await here()
    await subscribes(cy)
    const token = await link(cy, 'leave')
    const manage = await link(cy, 'manage')
    const forged = [
      token.slice(0, -1),
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      token.replace(/^[^.]+/, 'another'),
      manage,
      '',
      'x'.repeat(5000),
    ]
    for (const one of forged) expect(await leave(it, one)).toBe('forged')
    expect(await erase(it, token)).toBe('forged')
    expect(await isKnown(cy)).toBe(true)
  })

  test('works before the first letter was answered', async () => {
    const { it, ask, link, isKnown } = await here()
    await ask(cy)
    expect(await leave(it, await link(cy, 'leave'))).toBe('left')
    expect(await isKnown(cy)).toBe(false)
  })

  test('a list does not bring back who left, whatever it is called', async () => {
    const { it, does, subscribes, link, isKnown, events } = await here()
    await subscribes(cy)
    await leave(it, await link(cy, 'leave'))
    const brought = ['Cy@example.org', 'dee@example.org', 'dee@example.org'].map((address) => ({
      channel: 'email' as const,
      target: { address },
      wishes: everything,
      consentedAt: it.clock.now(),
    }))
    const became = await does((change) => addSubscribers(change, brought, 'import'))
    expect(became.map((one) => one.became)).toEqual(['suppressed', 'added', 'known'])
    expect([await isKnown(cy), await isKnown('dee@example.org')]).toEqual([false, true])
    const [event] = await events()
    expect(event).toMatchObject({ type: 'subscriber.added', data: { added: 1, known: 1, suppressed: 1 } })
    expect(JSON.stringify(event)).not.toContain('example.org')
  })

  test('whom an operator removed is brought back by nobody', async () => {
    const { does, subscribes, found, ask, isKnown, suppressed } = await here()
    await subscribes(cy)
    const { id } = await found(cy)
    expect(await does((change) => removeSubscribers(change, [id, 'nobody']))).toBe(1)
    expect(await suppressed()).toEqual(['operator'])
    await ask(cy)
    expect(await isKnown(cy)).toBe(false)
  })
})

describe('changing', () => {
  test('what is chosen stands instead of what was', async () => {
    const { subscribes, chooses, found, search, payments } = await here()
    await subscribes(cy, only({ components: [search] }))
    const wishes = {
      ...only({ components: [payments] }),
      kinds: ['incident' as const],
      severityFrom: 'major' as const,
      extent: 'ends' as const,
      quiet: { from: '22:00', until: '07:00' },
      locale: 'fa',
      zone: 'Asia/Tehran',
    }
    await chooses(cy, wishes)
    expect(await found(cy)).toMatchObject(wishes)
  })

  test('pausing and going on', async () => {
    const { it, subscribes, link, found } = await here()
    await subscribes(cy)
    const token = await link(cy, 'manage')
    await pauseSubscription(it, token)
    expect((await found(cy)).pausedAt).not.toBeNull()
    await resumeSubscription(it, token)
    expect((await found(cy)).pausedAt).toBeNull()
  })

  test('with the link of somebody who left nothing can be changed', async () => {
    const { it, subscribes, link } = await here()
    await subscribes(cy)
    const token = await link(cy, 'manage')
    await erase(it, token)
    await expect(changeWishes(it, token, everything)).rejects.toThrow(NotFound)
  })

  const given = {
    everything: 'yes',
    kinds: ['incident'],
    severityFrom: 'none',
    extent: 'every',
    quietFrom: '',
    quietUntil: '',
    locale: 'en',
    zone: 'Europe/Lisbon',
  }
  test.each([
    [{ kinds: [] }, 'kinds'],
    [{ kinds: ['weather'] }, 'kinds[0]'],
    [{ everything: 'no' }, 'scope'],
    [{ quietFrom: '22:00' }, 'quietUntil'],
    [{ quietUntil: '22:00' }, 'quietFrom'],
    [{ quietFrom: '22:00', quietUntil: '22:00' }, 'quietUntil'],
    [{ quietFrom: '25:00', quietUntil: '07:00' }, 'quietFrom'],
    [{ locale: 'tlh' }, 'locale'],
    [{ zone: 'Mars/Olympus' }, 'zone'],
    [{ severityFrom: 'dire' }, 'severityFrom'],
  ])('%j is refused beside its field', (wrong, field) => {
    const read = (): unknown => readWishes({ ...given, ...wrong })
    expect(read).toThrow(Invalid)
    try {
      read()
    } catch (error) {
      expect((error as Invalid).field).toBe(field)
    }
  })
})

test('subscribers are listed by page, newest first, and counted by channel and state', async () => {
  const { it, subscribes, ask, link, clock } = await here()
  for (const name of ['a', 'b', 'c']) {
    await subscribes(`${name}@example.org`)
    if (name !== 'b') clock.advance('1m')
  }
  await ask('d@example.org')
  await pauseSubscription(it, await link('a@example.org', 'manage'))

  const first = await subscribersPage(it, { limit: 2 })
  const second = await subscribersPage(it, { limit: 2, after: first.next })
  const addresses = [...first.subscribers, ...second.subscribers].map(({ target }) => target['address'])
  expect(addresses[0]).toBe('d@example.org')
  expect(new Set(addresses)).toEqual(new Set(['a', 'b', 'c', 'd'].map((name) => `${name}@example.org`)))
  expect(second.next).toBeNull()
  expect((await subscribersPage(it, { limit: 9, state: 'paused' })).subscribers).toHaveLength(1)
  expect(await subscriberCounts(it.db)).toEqual([
    { channel: 'email', state: 'active', count: 2 },
    { channel: 'email', state: 'paused', count: 1 },
    { channel: 'email', state: 'unconfirmed', count: 1 },
  ])
})
