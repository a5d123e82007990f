import { expect, test } from 'vitest'
import { barsOf, calendarOf } from '../../../src/domain/status/bars.ts'
import { flooredPercent, quiet, uptimeOf } from '../../../src/domain/status/days.ts'
import { packStrip, unpackStrip } from '../../../src/domain/status/strips.ts'
import type { Day } from '../../../src/domain/status/snapshot-types.ts'
import { addDays, startOfDay } from '../../../src/lib/days.ts'
import { hasRecordings, recorded, whyNot } from '../../recordings.ts'

/** What a page of another product showed: seconds partly and wholly out by day, and the figure that it printed. */
interface Vector {
  readonly component: string
  readonly start_date: string | null
  readonly shown_percent: string
  readonly days: readonly (readonly [day: string, partial: number, major: number, colour: string])[]
}

const vectors = hasRecordings ? (recorded('uptime-vectors-sample.json') as Vector[]) : []

test.skipIf(!hasRecordings)(`there is something to compare with (skipped where ${whyNot})`, () => {
  expect(vectors.length).toBe(29)
  expect(new Set(vectors.map(({ shown_percent: shown }) => shown)).size).toBeGreaterThan(10)
})

test.each(vectors)('the uptime of $component is the one that its page printed, $shown_percent', (vector) => {
  expect(percentOf(fromBars(vector))).toBe(Number(vector.shown_percent))
  expect(percentOf(wholeDays(vector))).toBe(Number(vector.shown_percent))
})

/** As a snapshot has it: packed into a strip, read again, cut where the component began. */
function fromBars({ days, start_date: start }: Vector): (Day | null)[] {
  const lastDay = days.at(-1)?.[0] ?? ''
  const end = startOfDay(addDays(lastDay, 1), 'UTC')
  const began = startOfDay(start ?? days[0]?.[0] ?? '', 'UTC')
  const strip = { lastDay, tallies: unpackStrip(packStrip(days.map(tallyOf))) }
  return barsOf(calendarOf(lastDay, 'UTC', end), strip, [], began)
}

function wholeDays({ days }: Vector): Day[] {
  return days.map((day) => ({ day: day[0], seconds: 86_400, ...tallyOf(day) }))
}

function tallyOf([, partial, major]: Vector['days'][number]) {
  return { ...quiet, partial, major }
}

function percentOf(days: readonly (Day | null)[]): number {
  return flooredPercent(uptimeOf(days) ?? Number.NaN)
}
