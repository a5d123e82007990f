import { Temporal } from 'temporal-polyfill'
import { type Instant, instantOf, millisecondsOf } from './clock.ts'

/** A day of the calendar, `2026-11-21`; which seconds it has depends on the zone. Sorts as text. */
export type DayName = string

/** The day of an instant in an IANA zone. */
export function dayOf(instant: Instant, zone: string): DayName {
  return known(days, `${instant} ${zone}`, () =>
    Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString(),
  )
}

/** The first instant of a day in a zone: also where the clock jumps over midnight. */
export function startOfDay(day: DayName, zone: string): Instant {
  return known(starts, `${day} ${zone}`, () =>
    instantOf(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds),
  )
}

/** Pages ask for the same three months over and over, and the calendar is slow to say. */
const days = new Map<string, DayName>()
const starts = new Map<string, Instant>()
const mostKnown = 2000

function known<T>(answers: Map<string, T>, question: string, answer: () => T): T {
  const before = answers.get(question)
  if (before !== undefined) return before
  const now = answer()
  if (answers.size >= mostKnown) answers.clear()
  answers.set(question, now)
  return now
}

export function addDays(day: DayName, days: number): DayName {
  // Days of the calendar are all as long in UTC; asking the calendar itself costs thirty times as much.
  return instantOf(millisecondsOf(`${day}T00:00:00.000Z` as Instant) + days * 86_400_000).slice(0, 10)
}

/** Both ends included; empty where `last` comes first. */
export function daysFrom(first: DayName, last: DayName): DayName[] {
  const names: DayName[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) names.push(day)
  return names
}

/** Whether this is a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text
  } catch {
    return false
  }
}
