import { describe, expect, test } from 'vitest'
import { addressHash } from '../../../src/domain/subscribers/addresses.ts'
import { readTarget } from '../../../src/domain/subscribers/targets.ts'
import { Invalid } from '../../../src/lib/errors.ts'
import { vault } from '../../../src/lib/vault.ts'

const fieldAtFault = (read: () => unknown): string | null => {
  try {
    read()
  } catch (error) {
    if (error instanceof Invalid) return error.field
    throw error
  }
  throw new Error('It was accepted.')
}

describe('an address of a mailbox', () => {
  test.each([
    ['ada@example.org', 'ada@example.org'],
    ['  Ada.Lovelace+status@Example.ORG ', 'Ada.Lovelace+status@example.org'],
    ["o'brien@example.org", "o'brien@example.org"],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@نامه‌ای.example', 'ada@xn--mgba3gch31f060k.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ])('%s is kept as %s', (written, kept) => {
    expect(readTarget('email', { address: written })).toEqual({ address: kept })
  })

  test.each([
    '',
    'ada',
    'ada@localhost',
    'ada@example.org, bob@example.org',
    'ada@example.org;bob@example.org',
    '"ada lovelace"@example.org',
    'Ada <ada@example.org>',
    'ada@example.org\r\nBcc: bob@example.org',
    'ada\u0000@example.org',
    'ada@@example.org',
    'ada@bob@example.org',
    '.ada@example.org',
    'ada.@example.org',
    'ada..b@example.org',
    'bob%example.net@example.org',
    'example.net!bob@example.org',
    'ada@[127.0.0.1]',
    'ada@127.0.0.1',
    'ada@example..org',
    'ada@-example.org',
    'ada@example.org.',
    'ada@exam/ple.org',
    'ada@example.org?subject=x',
    'ädä@example.org',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(64)}.org`,
    `ada@${'abcdefgh.'.repeat(28)}example`,
  ])('%j is refused, beside its field', (written) => {
    expect(fieldAtFault(() => readTarget('email', { address: written }))).toBe('address')
  })

  test('is found again however it was written', () => {
    const safe = vault('a key')
    const of = (address: string): string => addressHash(safe, 'email', readTarget('email', { address }))
    expect(of('ADA@EXAMPLE.ORG')).toBe(of('ada@example.org'))
    expect(of('ada@bücher.example')).toBe(of('ada@XN--BCHER-KVA.example'))
    expect(of('ada@example.org')).not.toBe(of('ida@example.org'))
    expect(of('ada@example.org')).not.toBe(addressHash(vault('another'), 'email', { address: 'ada@example.org' }))
  })
})

test.each([
  ['http://example.org/hook'],
  ['https://user:secret@example.org/hook'],
  ['ftp://example.org'],
  ['data:text/plain,hello'],
  ['https://'],
  ['https://example.org\\@127.0.0.1/'],
  ['https://exa mple.org/'],
  [`https://example.org/${'x'.repeat(2000)}`],
])('a webhook cannot lead to %s', (url) => {
  expect(fieldAtFault(() => readTarget('webhook', { url }))).toBe('url')
})

test('a webhook keeps its address in one form, without what is never sent', () => {
  expect(readTarget('webhook', { url: 'https://EXAMPLE.org:443/hook#here' })).toEqual({
    url: 'https://example.org/hook',
    format: 'standard',
  })
})

test.each([
  ['+351 912 345 678', '+351912345678'],
  ['0049 (170) 1234567', '+491701234567'],
  ['+۹۸۹۱۲۱۲۳۴۵۶۷', '+989121234567'],
])('a phone number written %s is %s', (written, number) => {
  expect(readTarget('sms', { number: written })).toEqual({ number })
})

test.each(['912345678', '+1', 'call me', ''])('%j is no phone number', (number) => {
  expect(fieldAtFault(() => readTarget('sms', { number }))).toBe('number')
})

test('an address that is said to be of a service lies there', () => {
  expect(fieldAtFault(() => readTarget('slack', { url: 'https://example.org/services/x' }))).toBe('url')
  expect(readTarget('slack', { url: 'https://hooks.slack.com/services/x' })).toEqual({
    url: 'https://hooks.slack.com/services/x',
  })
  expect(readTarget('ntfy', { url: 'https://ntfy.example.org/status' })).toHaveProperty('url')
})
