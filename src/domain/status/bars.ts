import { type Instant, millisecondsOf, secondsBetween } from '../../lib/clock.ts'
import { type DayName, addDays, daysFrom, startOfDay } from '../../lib/days.ts'
import { type Span, type Tally, isQuiet, quiet, secondsOf, since, stripDays, tallyBetween } from './days.ts'
import type { Day } from './snapshot-types.ts'
import type { Strip } from './strips.ts'

/** The 90 days that bars show, worked out once for all components. */
export interface Calendar {
  readonly zone: string
  readonly now: Instant
  /** Oldest first; the last one is today. */
  readonly days: readonly DayName[]
  /** Where each of them begins, and where today ends. */
  readonly starts: readonly Instant[]
  /** Days on which nothing happened: one object for all components that share them. */
  readonly quietDays: readonly Day[]
}

export function calendarOf(today: DayName, zone: string, now: Instant): Calendar {
  const { days, starts } = datesOf(today, zone)
  const quietDays = days.map((day, index) => {
    const [from, until] = [starts[index] ?? now, starts[index + 1] ?? now]
    return { day, seconds: Math.max(0, secondsBetween(from, until < now ? until : now)), ...quiet }
  })
  return { zone, now, days, starts, quietDays }
}

type Dates = Pick<Calendar, 'days' | 'starts'> & { readonly today: DayName; readonly zone: string }

let last: Dates | null = null

/** The same all day long, and most of the work. */
function datesOf(today: DayName, zone: string): Dates {
  if (last?.today === today && last.zone === zone) return last
  const days = daysFrom(addDays(today, 1 - stripDays), today)
  return (last = { today, zone, days, starts: [...days, addDays(today, 1)].map((day) => startOfDay(day, zone)) })
}

/**
 * A component's bars: its strip, shifted to today, and what open impacts have cost until now. Null for days before it
 * began: those are not green, they are not there. `spans`: all that touch days with open impacts, and its first day.
 */
export function barsOf(
  calendar: Calendar,
  strip: Strip | undefined,
  spans: readonly Span[],
  began: Instant,
): (Day | null)[] {
  const { days, starts, quietDays, zone, now } = calendar
  const today = days.at(-1) ?? ''
  const shift = strip ? Math.round((utc(today) - utc(strip.lastDay)) / 86_400_000) : 0
  const open = spans.filter((span) => span.endedAt === null).map((span) => span.beganAt)
  const liveFrom = open.toSorted()[0]
  return days.map((day, index) => {
    const from = starts[index] ?? now
    const until = starts[index + 1] ?? now
    const shared = quietDays[index]
    // In its very first second, too: nothing of it was observed.
    if (!shared || (until < now ? until : now) <= began) return null
    const isFirst = from < began
    const live = isFirst || (liveFrom !== undefined && liveFrom < until)
    const tally: Tally = live
      ? tallyBetween(touching(isFirst ? since(spans, began) : spans, from, until), from, until < now ? until : now)
      : (strip?.tallies[index + shift] ?? quiet)
    if (!isFirst && isQuiet(tally)) return shared
    return { day, seconds: isFirst ? secondsOf(day, zone, began, now) : shared.seconds, ...tally }
  })
}

function touching(spans: readonly Span[], from: Instant, until: Instant): Span[] {
  return spans.filter((span) => span.beganAt < until && (span.endedAt === null || span.endedAt > from))
}

function utc(day: DayName): number {
  return millisecondsOf(`${day}T00:00:00.000Z` as Instant)
}
