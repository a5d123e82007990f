/** A moment as the whole product writes it: UTC, milliseconds, `2026-11-21T19:05:00.000Z`. Sorts as text. */
export type Instant = string & { readonly instant: unique symbol }

/** Where time comes from. Only this file asks the machine. */
export interface Clock {
  now(): Instant
}

export const wallClock: Clock = { now: () => instantOf(Date.now()) }

/** The instant `milliseconds` after the Unix epoch. */
export function instantOf(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString() as Instant
}

/** Milliseconds since the Unix epoch. */
export function millisecondsOf(instant: Instant): number {
  return Date.parse(instant)
}

/** The instant `seconds` later, or earlier where negative. */
export function later(instant: Instant, seconds: number): Instant {
  return instantOf(millisecondsOf(instant) + seconds * 1000)
}

/** Whole seconds from one instant to another, rounded down, negative where `to` comes first. */
export function secondsBetween(from: Instant, to: Instant): number {
  return Math.floor((millisecondsOf(to) - millisecondsOf(from)) / 1000)
}

const written = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Reads an RFC 3339 date-time with any offset, or answers null: also for days that do not exist, as 30 February. */
export function parseInstant(text: string): Instant | null {
  if (!written.test(text)) return null
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (month < 1 || month > 12 || day < 1 || day > last) return null
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? null : instantOf(milliseconds)
}
