import { expect, test } from 'vitest'
import { type MessageKey, messages, phrases } from '../../src/lib/messages.ts'

test('a message is said with its values, in the digits of its language', () => {
  expect(messages('en')('bars.ago', { count: 1 })).toBe('1 day ago')
  expect(messages('en')('bars.ago', { count: 90 })).toBe('90 days ago')
  expect(messages('fa')('bars.ago', { count: 90 })).toBe('۹۰ روز پیش')
})

test('a message that is not in the catalogue throws', () => {
  expect(() => messages('en')('no.such' as MessageKey)).toThrow('no.such')
})

test('a placeholder without its value throws', () => {
  expect(() => messages('en')('promise.next')).toThrow('when')
})

test('a phrase keeps the things that stand in it', () => {
  const when = { instant: '2026-11-21T14:30:00.000Z' }
  expect(phrases<typeof when>('en')('promise.next', { when })).toEqual(['Next update by ', when])
  expect(phrases('en')('nav.history', {})).toEqual(['History'])
})

test('what stands in a value is never read as a pattern', () => {
  expect(messages('en')('incident.title', { name: '{site} <b>', site: 'N' })).toBe('{site} <b> · N')
})
