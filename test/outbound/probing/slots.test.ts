import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  confirmMs,
  firstDue,
  fnv1a,
  hasJumped,
  nextSlot,
  rhythmOf,
  slotAt,
  slotsBetween,
} from '../../../src/outbound/probing/slots.ts'

const time = fc.integer({ min: 0, max: 4_000_000_000_000 })
const interval = fc.integer({ min: 10_000, max: 86_400_000 })
const id = fc.string({ minLength: 1, maxLength: 12 })
const rhythm = fc.tuple(id, interval).map(([probe, intervalMs]) => rhythmOf(probe, 'site', intervalMs))

test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('FNV-1a of “%s” is as published', (text, hash) => {
  expect(fnv1a(text)).toBe(hash)
})

test.each([
  [10_000, 5000],
  [30_000, 15_000],
  [60_000, 15_000],
  [86_400_000, 15_000],
])('with an interval of %i ms, a doubt is looked into after %i ms', (intervalMs, confirm) => {
  expect(confirmMs(intervalMs)).toBe(confirm)
})

test('the next slot comes after now, within one interval, and is the same after a restart', () => {
  fc.assert(
    fc.property(rhythm, time, (it, now) => {
      const next = nextSlot(now, it)
      expect(next).toBeGreaterThan(now)
      expect(next - now).toBeLessThanOrEqual(it.intervalMs)
      expect(slotAt(next, it)).toBe(slotAt(now, it) + 1)
      expect(nextSlot(next - 1, it)).toBe(next)
    }),
  )
})

test('however long the clock stood still, a probe is due once and soon, and then in its own slots', () => {
  fc.assert(
    fc.property(rhythm, time, fc.integer({ min: 0, max: 1_000_000_000 }), (it, before, gap) => {
      const now = before + gap
      const due = firstDue(now, it)
      expect(due).toBeGreaterThanOrEqual(now)
      expect(due - now).toBeLessThanOrEqual(Math.min(it.intervalMs, 30_000))
      expect(slotsBetween(before, now, it)).toBeGreaterThanOrEqual(Math.floor(gap / it.intervalMs))
    }),
  )
})

test('ten thousand probes do not begin in one burst', () => {
  const perSecond = new Map<number, number>()
  for (let n = 0; n < 10_000; n += 1) {
    const second = Math.floor(firstDue(1_800_000_000_000, rhythmOf(`probe-${n}`, 'site', 60_000)) / 1000)
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
  }
  expect(perSecond.size).toBeGreaterThan(25)
  expect(Math.max(...perSecond.values())).toBeLessThan(700)
})

test('the same probe has another place on another site', () => {
  expect(rhythmOf('probe', 'here', 60_000).offsetMs).not.toBe(rhythmOf('probe', 'there', 60_000).offsetMs)
})

test.each([
  [100, 100, false],
  [2000, 100, false],
  [3_600_100, 100, true],
  [-3_600_000, 100, true],
  [60_000, 60_000, false],
])('wall %i ms beside steady %i ms: a jump is %s', (wall, steady, jumped) => {
  expect(hasJumped(wall, steady)).toBe(jumped)
})
