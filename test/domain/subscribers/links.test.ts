import { expect, test } from 'vitest'
import { linkFault, linkToken, ownerOfLink } from '../../../src/domain/subscribers/links.ts'
import { type Instant, later } from '../../../src/lib/clock.ts'
import { vault } from '../../../src/lib/vault.ts'

const safe = vault('a key for tests')
const owner = { id: 'abc', links: 1 }
const now = '2026-11-21T12:00:00.000Z' as Instant
const until = later(now, 24 * 3600)

function faultOf(token: string, of = owner, at = now): string | null {
  return linkFault(safe, { purpose: 'confirm', token, now: at }, of)
}

test('a link is good for its purpose, its owner and its time', () => {
  const token = linkToken(safe, 'confirm', owner, until)
  expect(ownerOfLink(token)).toBe('abc')
  expect(faultOf(token)).toBeNull()
  expect(faultOf(token, owner, later(until, -1))).toBeNull()
  expect(faultOf(token, owner, until)).toBe('too late')
  expect(linkFault(safe, { purpose: 'manage', token, now }, owner)).toBe('forged')
  expect(faultOf(token, { id: 'abd', links: 1 })).toBe('forged')
  expect(faultOf(linkToken(vault('another key'), 'confirm', owner, until))).toBe('forged')
})

test('links that were sent before are worth nothing once they are called back', () => {
  expect(faultOf(linkToken(safe, 'confirm', owner, null), { id: 'abc', links: 2 })).toBe('forged')
})

test('a link that is good for ever does not end', () => {
  expect(faultOf(linkToken(safe, 'confirm', owner, null), owner, '2099-01-01T00:00:00.000Z' as Instant)).toBeNull()
})

test('no character of a link can be changed, added or left out', () => {
  const token = linkToken(safe, 'confirm', owner, until)
  for (let at = 0; at < token.length; at += 1) {
    const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
    for (const wrong of [changed, token.slice(0, at), `${token.slice(0, at)}0${token.slice(at)}`]) {
      const fault = ownerOfLink(wrong) === 'abc' ? faultOf(wrong) : 'forged'
      expect(fault, wrong).toBe('forged')
    }
  }
})
