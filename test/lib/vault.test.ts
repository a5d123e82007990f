import { expect, test } from 'vitest'
import { vault } from '../../src/lib/vault.ts'

const { seal, open } = vault('a key for tests')

test('what is sealed opens again', () => {
  for (const text of ['', 'secret', 'ünï→😀', 'x'.repeat(100_000)])
    expect(open(seal(text, 'probe'), 'probe')).toBe(text)
})

test('the same text is never sealed the same way, and does not show', () => {
  const sealed = [seal('hunter2', 'probe'), seal('hunter2', 'probe')]
  expect(sealed[0]).not.toBe(sealed[1])
  expect(Buffer.from(sealed[0]!, 'base64url').toString('latin1')).not.toContain('hunter2')
})

test('each changed byte, another purpose and another key are refused', () => {
  const sealed = Buffer.from(seal('hunter2', 'probe'), 'base64url')
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed[at] = changed[at]! ^ 1
    expect(() => open(changed.toString('base64url'), 'probe')).toThrow(/authenticate/)
  }
  expect(() => open(sealed.toString('base64url'), 'mail')).toThrow(/authenticate/)
  expect(() => vault('another').open(sealed.toString('base64url'), 'probe')).toThrow(/authenticate/)
  for (const short of ['', 'AAAA']) expect(() => open(short, 'probe')).toThrow(/Invalid/)
})
