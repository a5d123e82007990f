import { Temporal } from 'temporal-polyfill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../../src/lib/days.ts'

test('days are added as the calendar has them, leap years included', () => {
  const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(days, fc.integer({ min: -5000, max: 5000 }), (date, count) => {
      const day = date.toISOString().slice(0, 10)
      expect(addDays(day, count)).toBe(Temporal.PlainDate.from(day).add({ days: count }).toString())
    }),
    { numRuns: 2000 },
  )
})
