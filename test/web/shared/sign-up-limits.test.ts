import { expect, test } from 'vitest'
import { signUpLimits } from '../../../src/web/shared/sign-up-limits.ts'
import { stoppedClock } from '../../clock.ts'

const mails = (addresses: readonly string[]): number => {
  const limits = signUpLimits(stoppedClock('2026-11-21T12:00:00.000Z'))
  return addresses.filter((address) => limits.mayAsk('email', { address })).length
}
const thirty = Array.from({ length: 30 }, (_, index) => index)

test.each([
  ['tags behind a plus sign', (index: number) => `ada+${index}@example.org`],
  ['tags and capitals', (index: number) => `${index % 2 === 0 ? 'Ada' : 'aDA'}+x${index}@example.org`],
  ['dots where they mean nothing', (index: number) => `${'a.'.repeat(index + 1)}${'a'.repeat(30 - index)}@gmail.com`],
])('one mailbox is not flooded by many names for it: %s', (_, name) => {
  expect(mails(thirty.map(name))).toBeLessThanOrEqual(5)
})

test.each([
  ['sms', { number: '+351912345678' }],
  ['webhook', { url: 'https://example.org/hook' }],
] as const)('who takes back what they asked does not get a place written to again and again: %s', (kind, target) => {
  const limits = signUpLimits(stoppedClock('2026-11-21T12:00:00.000Z'))
  expect(thirty.filter(() => limits.mayAsk(kind, target))).toHaveLength(5)
})

test('people of one server are not taken for one another', () => {
  expect(mails(thirty.map((index) => `reader${index}@example.org`))).toBe(30)
  expect(mails(thirty.map((index) => `${'a.'.repeat(index + 1)}${'a'.repeat(30 - index)}@example.org`))).toBe(30)
})

test('strangers cannot make the operator pay for text messages without end', () => {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const limits = signUpLimits(clock)
  const asks = (): number =>
    Array.from({ length: 900 }, (_, index) => `+${351 + (index % 40)}9${String(1_000_000 + index)}`).filter((number) =>
      limits.mayAsk('sms', { number }),
    ).length
  expect(asks()).toBe(100)
  expect(asks()).toBe(0)
  clock.advance('1h')
  expect(asks()).toBe(100)
})

test('a server of mail is not flooded by addresses that somebody makes up, for an hour, and no other is kept from hearing', () => {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const limits = signUpLimits(clock)
  const made = Array.from({ length: 1100 }, (_, index) => ({ address: `reader${index}@example.org` }))
  expect(made.filter((target) => limits.mayAsk('email', target))).toHaveLength(1000)
  expect(limits.mayAsk('email', { address: 'cy@example.com' })).toBe(true)
  clock.advance('1h')
  expect(limits.mayAsk('email', { address: 'late@example.org' })).toBe(true)
})

test('strangers cause a hundred text messages an hour in all, whatever the numbers, and none of them keeps mail back', () => {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const limits = signUpLimits(clock)
  const numbers = Array.from({ length: 120 }, (_, index) => ({ number: `+3519${10_000_000 + index * 7919}` }))
  expect(numbers.filter((target) => limits.mayAsk('sms', target))).toHaveLength(100)
  expect(limits.mayAsk('email', { address: 'cy@example.com' })).toBe(true)
  clock.advance('1h')
  expect(limits.mayAsk('sms', { number: '+351987654321' })).toBe(true)
})
