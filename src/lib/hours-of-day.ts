import { Temporal } from 'temporal-polyfill'
import { type Instant, instantOf, millisecondsOf } from './clock.ts'

/** `22:00` to `07:00`, over midnight where the end comes first; none at all where both are the same. */
export interface Hours {
  readonly from: string
  readonly until: string
}

/**
 * When these hours of the day are over, on the wall clock of a zone; null where the instant lies outside of them. Where the
 * clock is put forward over their end, that is when; where it is put back into them, they last until it has passed again.
 */
export function endOfHours(instant: Instant, hours: Hours, zone: string): Instant | null {
  let there = Temporal.Instant.fromEpochMilliseconds(millisecondsOf(instant)).toZonedDateTimeISO(zone)
  if (!liesIn(there, hours)) return null
  const until = Temporal.PlainTime.from(hours.until)
  do {
    const left = there.toPlainTime().until(until).total('nanoseconds')
    // In time that passes, not on the wall: exact as long as nobody puts the clock forward or back.
    const end = there.add({ nanoseconds: left > 0 ? left : left + dayNanoseconds })
    const change = there.getTimeZoneTransition('next')
    if (change === null || Temporal.ZonedDateTime.compare(change, end) > 0) return instantOf(end.epochMilliseconds)
    there = change
  } while (liesIn(there, hours))
  return instantOf(there.epochMilliseconds)
}

const dayNanoseconds = 86_400e9

function liesIn(there: Temporal.ZonedDateTime, { from, until }: Hours): boolean {
  // As text it sorts: `07:00:00` comes after `07:00`.
  const time = there.toPlainTime().toString()
  return from <= until ? from <= time && time < until : time >= from || time < until
}
