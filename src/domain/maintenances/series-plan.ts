import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { MaintenanceRow } from '../../database/tables.ts'
import { type Instant, later, secondsBetween } from '../../lib/clock.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import { instantOfLocal, localTime } from '../../lib/local-times.ts'
import { type Recurrence, readRule } from '../../lib/recurrence.ts'
import { translated } from '../site/translations.ts'
import { type Repetition, foreseen, stillThere } from './repeating.ts'
import { type MaintenanceSeries, type Occurrence, moreDays, mostAhead, nextOccurrences } from './series.ts'

type Row = Selectable<MaintenanceRow>

/** What a change of the series makes of one that was announced. */
export interface Fate {
  readonly id: string
  readonly name: string
  readonly from: Instant
  readonly until: Instant
  /**
   * `changes` with the series; `stays` as it is, because it is not as the series has it, was skipped or has begun; `falls`,
   * because the new rule comes round less often.
   */
  readonly what: 'changes' | 'stays' | 'falls'
  /** Why it stays; null: it does not. */
  readonly because: 'different' | 'skipped' | 'begun' | null
  /** The time of the new rule that it stands for; null: none. */
  readonly occurrence: Occurrence | null
}

export interface SeriesPlan {
  /** From when on the rule is counted: as before where only other things change, so that a COUNT goes on counting. */
  readonly timing: Recurrence & Pick<MaintenanceSeries, 'seconds'>
  /** In their order; what stands before the first one is not among them. */
  readonly fates: readonly Fate[]
  /** The next times by the new rule. */
  readonly times: readonly Occurrence[]
}

/**
 * The window of the first one that is changed, the rule by which it goes on, and which one is the first; null: the next
 * time of the rule, even if that was skipped. What an earlier rule left before it stays.
 */
export interface Replanning extends Repetition {
  readonly since: string | null
}

/**
 * What another plan would make of a series, before anything is saved. Each that was announced takes the next time of the
 * new rule, in their order, so that its address, its number and its entry in calendars stay what they are.
 */
export async function planSeries(
  db: Db,
  series: MaintenanceSeries,
  { wish, now }: { readonly wish: Replanning; readonly now: Instant },
): Promise<SeriesPlan> {
  const { zone } = series
  mustBeToCome(series, wish.plannedFrom, now)
  foreseen(wish, { zone, now, most: 1 })
  const rows = await occurrencesOf(db, series.id)
  const first = wish.since === null ? nextOccurrences(series, now, 1)[0]?.name : chosen(rows, wish.since, now)
  const isBefore = ({ occurrence }: OccurrenceRow): boolean => first === undefined || occurrence < first
  const slots = rows.filter((row) => !isBefore(row))
  const rule = readRule(wish.rule)
  const from = localTime(wish.plannedFrom, zone)
  mustComeAfter(rows.filter(isBefore), wish.plannedFrom, zone)
  // As instants: in a night in which clocks skip a time, the one that the rule names is not the one that is wished.
  const [same] = nextOccurrences(series, later(wish.plannedFrom, -1), 1)
  const isSame = rule === series.rule && same?.name === first && same?.from === wish.plannedFrom
  const timing = {
    rule,
    zone,
    from: isSame ? series.from : from,
    seconds: secondsBetween(wish.plannedFrom, wish.plannedUntil),
  }
  // As far ahead as readers know it already, and a week: what was announced is rather moved than called off.
  // What one stands for already counts, too: else a week that was skipped might be freed, and come back.
  const known = slots.flatMap((row) => [later(row.planned_from, 7 * 86_400), turnOf(row, zone)])
  const [horizon = now] = [later(now, moreDays * 86_400), ...known].toSorted().toReversed()
  const times = nextOccurrences(timing, later(wish.plannedFrom, -1), Math.max(mostAhead, slots.length))
  const taken = times.filter((time, index) => index === 0 || time.from <= horizon).slice(0, slots.length)
  const names = await componentsOf(
    db,
    slots.map(({ id }) => id),
  )
  const own = new Set(await stillThere(db, series.componentIds))
  const fates = slots.map((row, index): Fate => {
    const { id, name, planned_from, planned_until } = row
    const occurrence = taken[index] ?? null
    const isOwn = row.planned_from > now && isAsSeries(row, series) && isEqual(names.get(id) ?? new Set(), own)
    const what = !isOwn ? 'stays' : occurrence ? 'changes' : 'falls'
    return {
      id,
      name,
      from: planned_from,
      until: planned_until,
      what,
      because: isOwn ? null : becauseOf(row),
      occurrence,
    }
  })
  const moving = new Set(fates.flatMap(({ id, what }) => (what === 'stays' ? [] : [id])))
  const staying = rows.filter((row) => row.ended_at === null && row.cancelled_at === null && !moving.has(row.id))
  const moved = fates.flatMap(({ what, occurrence }) => (what === 'changes' && occurrence ? [occurrence] : []))
  // What was moved onto another by itself lies there whatever the series is called.
  const isAsBefore = isSame && timing.seconds === series.seconds
  if (!isAsBefore) mustNotOverlap([...moved, ...times.slice(taken.length)], staying, zone)
  return { timing, fates, times }
}

/** Names what the field would show if the form were opened now: another day moves all that follow. */
function mustBeToCome(series: MaintenanceSeries, from: Instant, now: Instant): void {
  if (from > now) return
  const at = nextOccurrences(series, now, 1)[0]?.name.replace('T', ' ')
  const next = at ? `by its rule, the next one is that of ${at}` : 'say when the next one begins'
  throw new Invalid(`That has passed: ${next}.`, 'plannedFrom')
}

function mustComeAfter(staying: readonly OccurrenceRow[], from: Instant, zone: string): void {
  const passed = staying.find((row) => turnOf(row, zone) >= from)
  if (!passed) return
  const at = passed.occurrence.replace('T', ' ')
  throw new Invalid(`The one of ${at} comes before those that change, and stays: say a later beginning.`, 'plannedFrom')
}

function mustNotOverlap(times: readonly Occurrence[], staying: readonly Row[], zone: string): void {
  const other = staying.find((row) => times.some((time) => isOverlapping(row, time)))
  if (!other) return
  const at = localTime(other.planned_from, zone).replace('T', ' ')
  throw new Invalid(`It would overlap the one of ${at}, which stays as it is: change that one first.`, 'plannedFrom')
}

function isOverlapping({ planned_from, planned_until }: Row, { from, until }: Occurrence): boolean {
  return planned_from < until && from < planned_until
}

type OccurrenceRow = Row & { readonly occurrence: string }

/** All that were announced of it, in the order of the rule; what a former change called off stands for no time any more. */
async function occurrencesOf(db: Db, seriesId: string): Promise<OccurrenceRow[]> {
  const rows = await db
    .selectFrom('maintenances')
    .selectAll()
    .where('series_id', '=', seriesId)
    .where('occurrence', 'is not', null)
    .orderBy('occurrence', 'desc')
    .limit(100)
    .execute()
  return rows.flatMap((row) => (row.occurrence === null ? [] : [{ ...row, occurrence: row.occurrence }])).toReversed()
}

/** The time that the one from which on it is to change stands for. */
function chosen(rows: readonly OccurrenceRow[], since: string, now: Instant): string {
  const row = rows.find(({ id }) => id === since)
  if (!row || !isToCome(row) || row.planned_from <= now)
    throw new Conflict('The one from which on it was to change has begun, or was cancelled.', 'since')
  return row.occurrence
}

function isToCome({ began_at, ended_at, cancelled_at }: Row): boolean {
  return began_at === null && ended_at === null && cancelled_at === null
}

function becauseOf({ began_at, cancelled_at }: Row): Fate['because'] {
  if (cancelled_at !== null) return 'skipped'
  return began_at === null ? 'different' : 'begun'
}

function turnOf({ occurrence }: OccurrenceRow, zone: string): Instant {
  return instantOfLocal(occurrence, zone) as Instant
}

/** Whether it is as its series has it, and to come; not so is also what an earlier change from a later one on left behind. */
function isAsSeries(row: OccurrenceRow, series: MaintenanceSeries): boolean {
  const from = turnOf(row, series.zone)
  return (
    isToCome(row) &&
    row.planned_from === from &&
    row.planned_until === later(from, series.seconds) &&
    row.name === series.name &&
    row.translations === JSON.stringify(translated(series.translations, ['name'], series.locale)) &&
    row.runs_by === series.runsBy
  )
}

/** Without those that were removed since. */
async function componentsOf(db: Db, ids: readonly string[]): Promise<Map<string, Set<string>>> {
  const found = new Map(ids.map((id) => [id, new Set<string>()]))
  if (ids.length === 0) return found
  const rows = await db
    .selectFrom('maintenance_components')
    .innerJoin('components', 'components.id', 'maintenance_components.component_id')
    .select(['maintenance_components.maintenance_id', 'components.id'])
    .where('maintenance_components.maintenance_id', 'in', ids)
    .where('components.removed_at', 'is', null)
    .execute()
  for (const { maintenance_id, id } of rows) found.get(maintenance_id)?.add(id)
  return found
}

function isEqual(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && one.isSubsetOf(other)
}
