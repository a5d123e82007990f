import { Temporal } from 'temporal-polyfill'
import { type Instant, instantOf, millisecondsOf } from './clock.ts'

/** `2026-11-21T14:30`, as the clock on the wall of a zone shows it and as forms write it. */
export function localTime(instant: Instant, zone: string): string {
  const there = Temporal.Instant.fromEpochMilliseconds(millisecondsOf(instant)).toZonedDateTimeISO(zone)
  return there.toPlainDateTime().toString({ smallestUnit: 'minute' })
}

/** The instant of such a time; null where it cannot be read. In the hour that a clock change repeats, the first one. */
export function instantOfLocal(text: string, zone: string): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return null
  try {
    const plain = Temporal.PlainDateTime.from(text, { overflow: 'reject' })
    return instantOf(plain.toZonedDateTime(zone).epochMilliseconds)
  } catch {
    return null
  }
}

/**
 * The same time of a later day, or of the same day of a later month, as calendar and clock on the wall of a zone have it:
 * a month after 31 January is the last day of February, and a time that a clock change leaves out comes right after it.
 */
export function calendarLater(
  instant: Instant,
  by: { readonly days?: number; readonly months?: number },
  zone: string,
): Instant {
  const there = Temporal.Instant.fromEpochMilliseconds(millisecondsOf(instant)).toZonedDateTimeISO(zone)
  return instantOf(there.add(by, { overflow: 'constrain' }).epochMilliseconds)
}

/** `2026-11-21 14:30:05+00:00`: for whoever has to be exact, in whatever country. */
export function offsetTime(instant: Instant, zone: string): string {
  const there = Temporal.Instant.fromEpochMilliseconds(millisecondsOf(instant)).toZonedDateTimeISO(zone)
  return there.toString({ smallestUnit: 'second', timeZoneName: 'never' }).replace('T', ' ')
}

/** Words a moment in a zone: `Intl` takes numbers as well as dates. */
export function worded(format: Intl.DateTimeFormat, instant: Instant): string {
  return format.format(millisecondsOf(instant))
}

/** How far the clocks of a zone are ahead of UTC. */
export function minutesAhead(instant: Instant, zone: string): number {
  const there = Temporal.Instant.fromEpochMilliseconds(millisecondsOf(instant)).toZonedDateTimeISO(zone)
  return Math.round(there.offsetNanoseconds / 6e10)
}
