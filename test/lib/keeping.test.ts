import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instantOf, later, millisecondsOf } from '../../src/lib/clock.ts'
import { type Keeping, expired, readKeeping } from '../../src/lib/keeping.ts'

const start = millisecondsOf('2026-01-01T03:17:00.000Z' as Instant)
const backups = fc
  .uniqueArray(fc.integer({ min: 0, max: 900 * 24 }), { maxLength: 120 })
  .map((hours) => hours.map((hour) => instantOf(start + hour * 3_600_000)))
const keepings: fc.Arbitrary<Keeping> = fc.record({
  daily: fc.integer({ min: 0, max: 10 }),
  weekly: fc.integer({ min: 0, max: 6 }),
  monthly: fc.integer({ min: 0, max: 14 }),
})

test('the newest backup is never removed, whatever is asked for', () => {
  fc.assert(
    fc.property(backups, keepings, (all, keeping) => {
      expect(expired(all, keeping)).not.toContain(all.toSorted().at(-1))
    }),
  )
})

test('no more stay than were asked for, and one more where nothing was', () => {
  fc.assert(
    fc.property(backups, keepings, (all, keeping) => {
      const most = Math.max(1, keeping.daily + keeping.weekly + keeping.monthly)
      expect(all.length - expired(all, keeping).length).toBeLessThanOrEqual(most)
    }),
  )
})

test('what was removed stays removed, and nothing else goes: thinning twice is thinning once', () => {
  fc.assert(
    fc.property(backups, keepings, (all, keeping) => {
      const gone = new Set(expired(all, keeping))
      const kept = all.filter((at) => !gone.has(at))
      expect(expired(kept, keeping)).toEqual([])
      expect([...gone].every((at) => all.includes(at))).toBe(true)
    }),
  )
})

test('each of the last days, weeks and months that have a backup keeps its last one', () => {
  fc.assert(
    fc.property(backups, keepings, (all, keeping) => {
      const gone = new Set(expired(all, keeping))
      for (const [unit, length] of [
        ['daily', 10],
        ['monthly', 7],
      ] as const) {
        const periods = [...new Set(all.map((at) => at.slice(0, length)))].toSorted().slice(-keeping[unit] || Infinity)
        for (const period of periods) {
          const last = all
            .filter((at) => at.startsWith(period))
            .toSorted()
            .at(-1)
          expect(last === undefined || gone.has(last)).toBe(false)
        }
      }
    }),
  )
})

test('two years of nights leave a week, a month of Sundays and a year of last days', () => {
  const nights = Array.from({ length: 730 }, (_, index) => later('2025-01-01T03:17:00.000Z' as Instant, index * 86_400))
  const gone = new Set(expired(nights, { daily: 7, weekly: 4, monthly: 12 }))
  const kept = nights.filter((at) => !gone.has(at)).map((at) => at.slice(0, 10))
  const ends = '01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30'
  const rest = '12-13 12-20 12-25 12-26 12-27 12-28 12-29 12-30 12-31'
  expect(kept).toEqual(`${ends} ${rest}`.split(' ').map((day) => `2026-${day}`))
})

test.each([
  ['7 daily, 4 weekly, 12 monthly', { daily: 7, weekly: 4, monthly: 12 }],
  ['12 monthly', { daily: 0, weekly: 0, monthly: 12 }],
  ['7 daily, 7 daily', null],
  ['seven daily', null],
  ['7', null],
  ['', null],
])('%j is read', (text, keeping) => {
  expect(readKeeping(text)).toEqual(keeping)
})
