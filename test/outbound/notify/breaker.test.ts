import { expect, test } from 'vitest'
import { breaker } from '../../../src/outbound/notify/breaker.ts'
import { destination } from '../../../src/outbound/notify/destination.ts'

const settings = { after: 3, firstMs: 1000, longestMs: 4000 }

test('some failures in a row open it, and what works in between closes it', () => {
  const one = breaker(settings)
  one.failed(0)
  one.failed(0)
  one.passed()
  one.failed(0)
  one.failed(0)
  expect([one.isOpen(), one.wait(0)]).toEqual([false, 0])
  expect(one.failed(0)).toBe(1000)
  expect([one.isOpen(), one.wait(400)]).toEqual([true, 600])
})

test('after a while one is let through; it decides for all', () => {
  const one = breaker(settings)
  for (let count = 0; count < 3; count += 1) one.failed(0)
  // Those that were under way when it opened say nothing new.
  expect(one.failed(10)).toBeNull()
  expect(one.wait(1000)).toBe(0)
  expect(one.wait(1000)).toBeGreaterThan(0)
  expect(one.failed(1000)).toBe(2000)
  expect(one.wait(2000)).toBe(1000)
  expect(one.wait(3000)).toBe(0)
  one.undecided()
  expect(one.wait(3000)).toBe(0)
  expect([one.failed(3000), one.wait(7000), one.failed(7000)]).toEqual([4000, 0, 4000])
  expect(one.openings).toBe(4)
  expect(one.wait(11_000)).toBe(0)
  one.passed()
  expect([one.isOpen(), one.openings, one.wait(11_000)]).toEqual([false, 0, 0])
})

test('a refusal of somebody says that the place works; our own mistakes say nothing of it', () => {
  const place = destination({ atOnce: 1, isAll: false })
  const away = { became: 'later', reason: 'unreachable', code: null } as const
  const fails = (count: number) => Array.from({ length: count }, () => place.learn(away, 10)).filter(Boolean)
  fails(4)
  place.learn({ became: 'never', reason: 'no such address', code: '550', ends: 'bounced' }, 10)
  expect(fails(4)).toEqual([])
  place.learn({ became: 'later', reason: 'our own fault', code: null }, 10)
  expect(fails(1)).toEqual([{ isAll: false, reason: 'unreachable', openings: 1, seconds: 15 }])
  expect(place.reason).toBe('unreachable')
})

test('whoever gives addresses at a service that it does not know keeps nobody else there waiting', () => {
  const forbidden = { became: 'later', reason: 'not allowed', code: '403' } as const
  const refuses = (isAll: boolean): boolean => {
    const place = destination({ atOnce: 1, isAll })
    return Array.from({ length: 20 }, () => place.learn(forbidden, 10)).some((broke) => broke !== null)
  }
  // At a chat it is the secret in one address; where all goes by one account, it is ours.
  expect([refuses(false), refuses(true)]).toEqual([false, true])
})

test('a place with enough to do puts others off, each later than the one before', () => {
  const place = destination<number>({ atOnce: 1, isAll: false })
  expect(place.putOff(0)).toBe(0)
  place.waiting.push(...Array.from({ length: 16 }, (_, index) => index))
  const [first, second, third] = [place.putOff(0), place.putOff(0), place.putOff(0)] as const
  expect(first).toBeGreaterThan(0)
  expect(second).toBeGreaterThan(first)
  expect(third - second).toBeCloseTo(second - first)
  const mail = destination<number>({ atOnce: 24, isAll: true })
  mail.waiting.push(...Array.from({ length: 200 }, (_, index) => index))
  expect(mail.putOff(0)).toBe(0)
})
