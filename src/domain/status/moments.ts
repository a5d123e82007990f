import { type Instant, instantOf, later, millisecondsOf } from '../../lib/clock.ts'

/**
 * When what is read now is true: at the last event, at the whole minute or at the last moment that was known
 * beforehand (a promise falls due, a notice begins), whichever is latest. It does not depend on who reads or when in
 * the minute, so every process and machine writes the same bytes.
 */
export function asOfNow(now: Instant, lastEvent: Instant | null, moments: readonly Instant[]): Instant {
  const past = moments.filter((moment) => moment <= now)
  return [minuteOf(now), ...past, ...(lastEvent === null ? [] : [lastEvent])].toSorted().at(-1) ?? now
}

/** When it has to be read again although nothing happens: at the next whole minute, or at a known moment before. */
export function nextMoment(asOf: Instant, moments: readonly Instant[]): Instant {
  const coming = moments.filter((moment) => moment > asOf)
  return [later(minuteOf(asOf), 60), ...coming].toSorted()[0] ?? asOf
}

export function minuteOf(instant: Instant): Instant {
  return instantOf(Math.floor(millisecondsOf(instant) / 60_000) * 60_000)
}

export function hourOf(instant: Instant): Instant {
  return instantOf(Math.floor(millisecondsOf(instant) / 3_600_000) * 3_600_000)
}
