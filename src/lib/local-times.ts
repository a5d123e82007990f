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

/** Words a moment in a zone: `Intl` takes numbers as well as dates. */
export function worded(format: Intl.DateTimeFormat, instant: Instant): string {
  return format.format(millisecondsOf(instant))
}
