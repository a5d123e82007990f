import { type Instant, millisecondsOf } from '../../lib/clock.ts'
import { type DayName, addDays, startOfDay } from '../../lib/days.ts'
import { type Component, type ComponentStatus, type Impact, worse } from '../components/component.ts'
import type { Day } from './snapshot-types.ts'

/** How many days the bars show, today among them. */
export const stripDays = 90

/** Seconds of one day in each state but operational. */
export type Tally = Pick<Day, 'major' | 'partial' | 'degraded' | 'maintenance' | 'unknown'>

export type Span = Pick<Impact, 'status' | 'beganAt' | 'endedAt'>

/** A day on which nothing happened. */
export const quiet: Tally = { major: 0, partial: 0, degraded: 0, maintenance: 0, unknown: 0 }

export function isQuiet(tally: Tally): boolean {
  return tallyColumns.every((column) => tally[column] === 0)
}

/** In the order in which a strip packs them. */
export const tallyColumns = ['major', 'partial', 'degraded', 'maintenance', 'unknown'] as const

/**
 * Seconds of a day that the impacts account for, up to `now`. Where several overlap, the worst one counts, and only
 * once: seconds, never counts of checks.
 */
export function tallyDay(spans: readonly Span[], day: DayName, zone: string, now: Instant): Tally {
  return tallyBetween(spans, startOfDay(day, zone), earlier(startOfDay(addDays(day, 1), zone), now))
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b
}

/** The same for who knows where the day begins and ends: that is most of the work. */
export function tallyBetween(spans: readonly Span[], begins: Instant, ends: Instant): Tally {
  const [from, until] = [millisecondsOf(begins), millisecondsOf(ends)]
  const clipped = spans
    .map((span) => ({
      status: span.status,
      from: Math.max(from, millisecondsOf(span.beganAt)),
      until: Math.min(until, span.endedAt ? millisecondsOf(span.endedAt) : until),
    }))
    .filter((span) => span.from < span.until)
  if (clipped.length === 0) return quiet

  const edges = [...new Set(clipped.flatMap((span) => [span.from, span.until]))].toSorted((a, b) => a - b)
  const tally = { ...quiet }
  edges.slice(1).forEach((edge, index) => {
    const start = edges[index] ?? edge
    const status = clipped
      .filter((span) => span.from <= start && span.until >= edge)
      .map((span) => span.status)
      .reduce<ComponentStatus>(worse, 'operational')
    const column = columnOf(status)
    if (column) tally[column] += (edge - start) / 1000
  })
  for (const column of tallyColumns) tally[column] = Math.round(tally[column])
  return tally
}

function columnOf(status: ComponentStatus): keyof Tally | null {
  switch (status) {
    case 'major_outage':
      return 'major'
    case 'partial_outage':
      return 'partial'
    case 'degraded_performance':
      return 'degraded'
    case 'under_maintenance':
      return 'maintenance'
    case 'unknown':
      return 'unknown'
    case 'operational':
      return null
  }
}

/** What a second in each state costs of the uptime; printed beside every figure. */
export const weights = { major: 1, partial: 0.3, degraded: 0 } as const

/**
 * The share of observed time that a component worked, 0 to 1: `1 − Σ(weight · seconds) / seconds observed`. Maintenance
 * and what was not measured stand on neither side. Null where nothing was observed: no figure is better than an old one.
 */
export function uptimeOf(days: readonly (Omit<Day, 'day'> | null)[]): number | null {
  let observed = 0
  let lost = 0
  for (const day of days) {
    if (!day) continue
    observed += day.seconds - day.maintenance - day.unknown
    lost += weights.major * day.major + weights.partial * day.partial + weights.degraded * day.degraded
  }
  return observed > 0 ? 1 - lost / observed : null
}

/** A share as a percentage with two decimals, floored: 99.999 is not 100. */
export function flooredPercent(share: number): number {
  return Math.floor(Math.round(share * 1e9) / 1e5) / 100
}

/** From when on a component counts: midnight of its first day in the site's zone, or when it was created. */
export function countedSince(
  { startDate, createdAt }: Pick<Component, 'startDate' | 'createdAt'>,
  zone: string,
): Instant {
  return startDate ? startOfDay(startDate, zone) : createdAt
}

/** What of these lies after a component began: it cannot lose time that it was not there for. */
export function since<Of extends Span>(spans: readonly Of[], began: Instant): Of[] {
  return spans
    .filter(({ endedAt }) => endedAt === null || endedAt > began)
    .map((span) => (span.beganAt < began ? { ...span, beganAt: began } : span))
}

/** The seconds that a day has had and that count: since `began` on the first day, until `now` today. */
export function secondsOf(day: DayName, zone: string, began: Instant, now: Instant): number {
  const from = Math.max(millisecondsOf(startOfDay(day, zone)), millisecondsOf(began))
  const until = Math.min(millisecondsOf(startOfDay(addDays(day, 1), zone)), millisecondsOf(now))
  return Math.max(0, Math.round((until - from) / 1000))
}
