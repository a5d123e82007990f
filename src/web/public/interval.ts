import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { type DayName, dayOf } from '../../lib/days.ts'
import type { Reader } from '../../domain/site/reader.ts'

/** Without days that stand beside it already. */
export function interval(
  from: Instant,
  until: Instant | null,
  { zone, beside }: { readonly zone: string; readonly beside: DayName | null },
  reader: Reader,
) {
  const day = dayOf(from, zone)
  return {
    from: day === beside ? reader.timeOfDay(from) : reader.time(from),
    until: until === null ? null : dayOf(until, zone) === day ? reader.timeOfDay(until) : reader.time(until),
    duration: until === null ? null : reader.dates.duration(secondsBetween(from, until)),
  }
}
