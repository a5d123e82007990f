import { foreseen } from '../../../domain/maintenances/repeating.ts'
import type { Maintenance } from '../../../domain/maintenances/maintenance.ts'
import type { SeriesPlan } from '../../../domain/maintenances/series-plan.ts'
import type { MaintenanceSeries, Occurrence } from '../../../domain/maintenances/series.ts'
import type { Instant } from '../../../lib/clock.ts'
import { dateWords } from '../../../lib/dates.ts'
import { dayOf } from '../../../lib/days.ts'
import { localTime } from '../../../lib/local-times.ts'

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const places = ['first', 'second', 'third', 'fourth', 'last'] as const

/** How work usually repeats, in the words of a form; which day is meant follows from the day on which it begins. */
export const repeatChoices = [
  { value: '', label: 'no' },
  { value: 'daily', label: 'every day' },
  { value: 'weekly', label: 'every week' },
  { value: 'fortnightly', label: 'every second week' },
  { value: 'monthly', label: 'every month, as the first Sunday' },
  { value: 'date', label: 'every month, as the 15th' },
  { value: 'rule', label: 'by a rule…' },
] as const

/** The rule that a choice means; what somebody wrote where they chose to. Null: it does not repeat. */
export function ruleOf(
  repeats: string,
  { from, rule }: { readonly from: string; readonly rule: string },
): string | null {
  const day = Number(from.slice(8, 10))
  const weekday = weekdays[weekdayOf(from)] ?? 'SU'
  switch (repeats) {
    case 'daily':
      return 'FREQ=DAILY'
    case 'weekly':
      return `FREQ=WEEKLY;BYDAY=${weekday}`
    case 'fortnightly':
      return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${weekday}`
    case 'monthly':
      return `FREQ=MONTHLY;BYDAY=${placeOf(day)}${weekday}`
    case 'date':
      return `FREQ=MONTHLY;BYMONTHDAY=${day}`
    case 'rule':
      return rule
    default:
      return null
  }
}

/** Not every month has a fifth Sunday: from the 29th on, the last one is meant. */
function placeOf(day: number): number {
  return day > 28 ? -1 : Math.ceil(day / 7)
}

function weekdayOf(from: string): number {
  // Of a British week, which begins on Monday.
  return (dateWords('en-GB', 'UTC').placeInWeek(from.slice(0, 10)) + 1) % 7
}

/** A rule that a choice could have made, in words; others stand as they are. */
export function ruleInWords(rule: string): string {
  const weekly = /^FREQ=WEEKLY;(INTERVAL=2;)?BYDAY=([A-Z]{2})$/.exec(rule)
  const monthly = /^FREQ=MONTHLY;BYDAY=(-?\d)([A-Z]{2})$/.exec(rule)
  const date = /^FREQ=MONTHLY;BYMONTHDAY=(\d+)$/.exec(rule)
  const named = (letters = ''): string => dayNames[weekdays.findIndex((one) => one === letters)] ?? letters
  if (rule === 'FREQ=DAILY') return 'every day'
  if (weekly) return `every ${weekly[1] ? 'second ' : ''}${named(weekly[2])}`
  if (monthly)
    return `every ${places.at(Number(monthly[1]) < 0 ? -1 : Number(monthly[1]) - 1) ?? ''} ${named(monthly[2])} of a month`
  if (date) return `on day ${date[1]} of every month`
  return `by the rule ${rule}`
}

/** The choice that means a rule for what begins then; `rule` where none does. */
export function choiceOf(rule: string, from: string): string {
  return repeatChoices.find(({ value }) => ruleOf(value, { from, rule: '' }) === rule)?.value ?? 'rule'
}

/** A series as the desk shows it, with what is announced of it. */
export interface SeriesLine {
  readonly series: MaintenanceSeries
  readonly words: string
  readonly next: readonly Maintenance[]
}

/** What would be announced, as it is looked at before. */
export interface Foreseen {
  readonly words: string
  readonly times: readonly { readonly words: string; readonly odd: string | null }[]
  /** What was looked at: sent along, so that nothing else is announced. */
  readonly seen: string
}

/** What another plan makes of a series, as it is looked at before. */
export interface ForeseenChange {
  readonly words: string
  readonly announced: readonly { readonly words: string; readonly becomes: string; readonly odd: string | null }[]
  /** What follows after those. */
  readonly times: readonly string[]
  readonly seen: string
}

const staying = {
  different: 'stays as it is: it is not as the series has it',
  skipped: 'was skipped, and stays so',
  begun: 'has begun, and stays as it is',
} as const

export function foreseenChange({ timing, fates, times }: SeriesPlan): ForeseenChange {
  const { zone } = timing
  const taken = fates.filter(({ occurrence }) => occurrence !== null).length
  const announced = fates.map((fate) => {
    const { what, because, occurrence } = fate
    const isMoved = occurrence !== null && (occurrence.from !== fate.from || occurrence.until !== fate.until)
    const becomes = {
      stays: staying[because ?? 'different'],
      falls: 'is called off',
      changes: isMoved ? `becomes ${windowWords(occurrence, zone)}` : 'keeps its time',
    }[what]
    const odd = what === 'changes' && occurrence ? oddity(occurrence, zone) : null
    return { words: windowWords(fate, zone), becomes, odd }
  })
  return {
    words: ruleInWords(timing.rule),
    announced,
    times: times.slice(taken, taken + 3).map((time) => windowWords(time, zone)),
    seen: [
      timing.rule,
      timing.from,
      timing.seconds,
      ...fates.map(({ id, from, what }) => `${id} ${from} ${what}`),
    ].join(' | '),
  }
}

export function foreseenWords(
  repetition: { readonly rule: string; readonly plannedFrom: Instant; readonly plannedUntil: Instant },
  { zone, now }: { readonly zone: string; readonly now: Instant },
): Foreseen {
  const { rule, plannedFrom, plannedUntil } = repetition
  return {
    words: ruleInWords(rule),
    times: foreseen(repetition, { zone, now, most: 5 }).map((one) => ({
      words: windowWords(one, zone),
      odd: oddity(one, zone),
    })),
    seen: [rule, plannedFrom, plannedUntil].join(' '),
  }
}

/** `Tuesday, 1 December 2026, 02:00 – 04:00` */
export function windowWords({ from, until }: Pick<Occurrence, 'from' | 'until'>, zone: string): string {
  const words = dateWords('en-GB', zone)
  const [begins, ends] = [dayOf(from, zone), dayOf(until, zone)]
  const last = begins === ends ? words.time(until) : `${words.dayOfYear(ends)}, ${words.time(until)}`
  return `${words.day(begins)}, ${words.time(from)} – ${last}`
}

/** In a night in which clocks change, a time may not be there: what became of it is said before it is announced. */
export function oddity({ name, from }: Occurrence, zone: string): string | null {
  const [meant, is] = [name.slice(11), localTime(from, zone).slice(11, 16)]
  return meant === is ? null : `clocks skip ${meant} that night: it begins at ${is}`
}
