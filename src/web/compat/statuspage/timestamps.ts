import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../../lib/clock.ts'

/** Zones that the API writes as `Z`; any other one, London in winter too, as an offset. */
const utc = /^(etc\/)?(utc|uct|universal|zulu)$/i

/**
 * How a page writes instants: in its zone, with milliseconds, `2019-06-24T06:07:14.473-07:00`. One zone a page, because
 * clients compare the first 19 characters as text.
 */
export function timestampsIn(zone: string): (instant: Instant) => string {
  if (utc.test(zone)) return (instant) => instant
  // Thousands of components are changed by few changes, so the same few instants come again and again.
  const written = new Map<Instant, string>()
  return (instant) => {
    const known = written.get(instant)
    if (known !== undefined) return known
    const text = Temporal.Instant.from(instant)
      .toZonedDateTimeISO(zone)
      .toString({ timeZoneName: 'never', fractionalSecondDigits: 3 })
    written.set(instant, text)
    return text
  }
}
