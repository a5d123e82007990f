import { expect, test } from 'vitest'
import { barsOf, calendarOf } from '../../../src/domain/status/bars.ts'
import { type Instant, later } from '../../../src/lib/clock.ts'

test('a system is not green in its first second: nothing of it was observed', () => {
  const began = '2026-11-22T11:00:00.000Z' as Instant
  const at = (now: Instant) => barsOf(calendarOf('2026-11-22', 'UTC', now), undefined, [], began).at(-1)
  expect(at(began)).toBeNull()
  expect(at(later(began, 1))).toMatchObject({ day: '2026-11-22', seconds: 1 })
})
