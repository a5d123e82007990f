import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { MaintenanceSeriesRow } from '../../database/tables/maintenance.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { addDays } from '../../lib/days.ts'
import { instantOfLocal, localTime } from '../../lib/local-times.ts'
import { type Recurrence, occurrencesAfter } from '../../lib/recurrence.ts'
import type { Locale, Translations } from '../site/site.ts'

/** Planned work that repeats, on the wall clock of a zone. Each occurrence is a maintenance of its own. */
export interface MaintenanceSeries extends Recurrence {
  readonly id: string
  readonly name: string
  readonly body: string
  readonly locale: Locale
  readonly translations: Translations<'name' | 'body'>
  /** How long each takes: the night in which clocks change is an hour longer or shorter, the work is not. */
  readonly seconds: number
  readonly componentIds: readonly string[]
  readonly runsBy: 'clock' | 'hand'
  readonly author: string | null
  /** The last occurrence that was announced, on the wall clock. */
  readonly announcedThrough: string | null
  readonly endedAt: Instant | null
  readonly createdAt: Instant
}

/** One time that a series comes round. */
export interface Occurrence {
  /** `2026-12-01T02:00`, as the rule has it; no other of its series is called that. */
  readonly name: string
  /** Where the clock skips that time, as much later as it skips; where it shows it twice, the first one. */
  readonly from: Instant
  readonly until: Instant
}

type Timing = Recurrence & Pick<MaintenanceSeries, 'seconds'>

/** The next ones that begin after an instant. */
export function nextOccurrences(series: Timing, after: Instant, most: number): Occurrence[] {
  // A night in which clocks go back has some times twice: what is a little before may still be to come.
  const before = addDays(localTime(after, series.zone).slice(0, 10), -1)
  const soFar = `${before}T23:59` < series.from ? justBefore(series.from) : `${before}T23:59`
  return occurrencesAfter(series, soFar, most + 2)
    .flatMap((name): Occurrence[] => {
      const from = instantOfLocal(name, series.zone)
      return from && from > after ? [{ name, from, until: later(from, series.seconds) }] : []
    })
    .slice(0, most)
}

function justBefore(time: string): string {
  return `${addDays(time.slice(0, 10), -1)}T23:59`
}

/** Readers are told of the next one as long beforehand as a year; of more than that one only for some weeks ahead. */
export const [nextDays, moreDays, mostAhead] = [400, 35, 5] as const

/** What is to be announced now, oldest first: never more than five ahead, and never the same twice. */
export function dueOccurrences(series: MaintenanceSeries, now: Instant): Occurrence[] {
  const day = 86_400
  return nextOccurrences(series, now, mostAhead).filter(({ name, from }, index) => {
    if (series.announcedThrough !== null && name <= series.announcedThrough) return false
    return from <= later(now, day * (index === 0 ? nextDays : moreDays))
  })
}

export async function readSeries(db: Db, id: string): Promise<MaintenanceSeries | null> {
  const row = await db.selectFrom('maintenance_series').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toSeries(row) : null
}

/** Those that have not ended, oldest first. */
export async function seriesGoingOn(db: Db): Promise<MaintenanceSeries[]> {
  const rows = await db
    .selectFrom('maintenance_series')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.map(toSeries)
}

function toSeries(row: Selectable<MaintenanceSeriesRow>): MaintenanceSeries {
  return {
    id: row.id,
    name: row.name,
    body: row.body,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'name' | 'body'>,
    rule: row.rule,
    zone: row.zone,
    from: row.first_at,
    seconds: row.seconds,
    componentIds: JSON.parse(row.components) as string[],
    runsBy: row.runs_by,
    author: row.author,
    announcedThrough: row.announced_through,
    endedAt: row.ended_at,
    createdAt: row.created_at,
  }
}
