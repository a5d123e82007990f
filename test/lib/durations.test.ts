import { expect, test } from 'vitest'
import { readDuration, writeDuration } from '../../src/lib/durations.ts'

test.each([
  ['90', 90, '1m 30s'],
  ['90s', 90, '1m 30s'],
  ['15m', 900, '15m'],
  ['15 min', 900, '15m'],
  ['1h 30m', 5400, '1h 30m'],
  ['1h30m', 5400, '1h 30m'],
  [' 2D ', 172_800, '2d'],
  ['0', 0, '0s'],
])('%j is %i seconds, written %s', (text, total, written) => {
  expect(readDuration(text)).toBe(total)
  expect(writeDuration(total)).toBe(written)
})

test.each(['', ' ', 'soon', '1x', '-5m', '1.5h', 'm', '5mm', '5 minutes'])('%j is no duration', (text) => {
  expect(readDuration(text)).toBe(null)
})
