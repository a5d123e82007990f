import type { Db } from '../../database/database.ts'
import { check } from '../../lib/check.ts'
import { type Clock, type Instant, secondsBetween } from '../../lib/clock.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import { instantOfLocal, localTime } from '../../lib/local-times.ts'
import { type Recurrence, readRule } from '../../lib/recurrence.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import { clockActor } from '../changes/actor.ts'
import type { Change, Changer } from '../changes/change.ts'
import { namesOf } from '../components/impacts.ts'
import { authorOf } from '../incidents/updates.ts'
import { readSite } from '../site/queries.ts'
import { translated } from '../site/translations.ts'
import { announce } from './announcing.ts'
import { cancelMaintenance, mustBeWindow } from './commands.ts'
import { type MaintenanceWord, type NewSeries, maintenanceWord, newSeries } from './input.ts'
import { seriesWord } from './series-words.ts'
import {
  type MaintenanceSeries,
  type Occurrence,
  dueOccurrences,
  nextOccurrences,
  readSeries,
  seriesGoingOn,
} from './series.ts'
import { componentsOf } from './steps.ts'

/** A window and the rule that it repeats by, as somebody wishes it. */
export interface Repetition {
  readonly rule: string
  readonly plannedFrom: Instant
  readonly plannedUntil: Instant
}

/** When it would come round next, before anything is saved; a rule that nobody can follow is refused. */
export function foreseen(
  { rule, plannedFrom, plannedUntil }: Repetition,
  { zone, now, most }: { readonly zone: string; readonly now: Instant; readonly most: number },
): Occurrence[] {
  const from = localTime(plannedFrom, zone)
  const recurrence: Recurrence = { rule: readRule(rule), from, zone }
  const first = instantOfLocal(from, zone)
  if (first !== null && secondsBetween(first, plannedFrom) >= 60) throw new Invalid(twice, 'plannedFrom')
  const seconds = secondsBetween(plannedFrom, plannedUntil)
  if (seconds <= 0) throw new Invalid('The planned end must come after the planned beginning.', 'plannedUntil')
  const soon = nextOccurrences({ ...recurrence, seconds }, now, Math.max(most, toCompare))
  if (soon.length === 0) throw new Invalid('No day to come fits this rule.', 'rule')
  soon.slice(1).forEach(({ from }, index) => {
    const before = soon[index]
    if (before && from < before.until) throw new Invalid('It would begin again before it is over.', 'rule')
  })
  return soon.slice(0, most)
}

/** Only a program can say it; by its rule the series would begin an hour earlier, or after the next turn. */
const twice = 'Clocks show this time twice that night, and a series takes the first: say the hour before.'

/** About a year of a weekly rule: enough to see that windows overlap. */
const toCompare = 60

/** Announces work that repeats, and its first occurrences; answers the series' id. */
export async function announceSeries(change: Change, input: Unchecked<NewSeries>): Promise<string> {
  const given = check(newSeries, input)
  mustBeWindow(change, given.plannedFrom, given.plannedUntil)
  const site = await readSite(change.tx)
  const { zone } = site
  foreseen(given, { zone, now: change.now, most: 1 })
  const componentIds = given.components ?? []
  await namesOf(
    change,
    componentIds.map((component) => ({ id: component })),
  )
  const locale = given.locale ?? site.locale
  const id = change.ids.next()
  await change.tx
    .insertInto('maintenance_series')
    .values({
      id,
      name: given.name,
      body: given.body,
      locale,
      translations: JSON.stringify(translated(given.translations, ['name', 'body'], locale)),
      rule: readRule(given.rule),
      zone,
      first_at: localTime(given.plannedFrom, zone),
      seconds: secondsBetween(given.plannedFrom, given.plannedUntil),
      components: JSON.stringify(componentIds),
      runs_by: given.runsBy ?? 'clock',
      author: authorOf(change, given.author),
      announced_through: null,
      ended_at: null,
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
  await change.record({ type: 'maintenance.series-announced', subject: id, data: { name: given.name } })
  await announceDue(change, id)
  return id
}

/**
 * Ends a series: nothing of it is announced any more. What was announced and has not begun stands, or is cancelled with
 * a word to readers. Subscribers hear of it once: which windows will not take place stands in it.
 */
export async function endSeries(
  change: Change,
  id: string,
  { word }: { readonly word: Unchecked<MaintenanceWord> | null },
): Promise<void> {
  const series = await readSeries(change.tx, id)
  if (!series) throw new NotFound('There is no such series.')
  if (series.endedAt !== null) throw new Conflict('This series has ended already.')
  const said = word && check(maintenanceWord, word)
  await setEnded(change, series)
  if (!said) return
  const cancelled = await notBegun(change, id)
  const inEach = Object.entries(said.translations ?? {}).map(([locale, given]) => [locale, given?.body] as const)
  const written = { body: said.body, translations: Object.fromEntries(inEach) }
  const outcomes = cancelled.map(({ planned_from: from, planned_until: until }) => ({ from, until, becomes: null }))
  const words = cancelled.length > 1 ? seriesWord(written, outcomes, series) : said
  const each: { readonly id: string; readonly systems: readonly string[] }[] = []
  for (const row of cancelled) each.push({ id: row.id, systems: [...(await componentsOf(change, row.id)).keys()] })
  // Once, but for what somebody gave other systems: those who follow them know of no other. The widest speaks for all it can.
  const told = new Set<string>()
  for (const [index, one] of each.toSorted((a, b) => b.systems.length - a.systems.length).entries()) {
    const isNews = index === 0 || one.systems.some((system) => !told.has(system))
    await cancelMaintenance(change, one.id, { ...said, ...words, deliver: isNews ? said.deliver : 'no' })
    for (const system of one.systems) told.add(system)
  }
}

/** Job: announces what is due of every series. Safe to run twice, and safe to miss: what has passed is not announced. */
export async function announceOccurrences({ db, change, clock }: Parts): Promise<void> {
  await oneByOne(await seriesGoingOn(db), async (series) => {
    const now = clock.now()
    const isDue = dueOccurrences(series, now).length > 0 || nextOccurrences(series, now, 1).length === 0
    if (isDue) await change(clockActor, (it) => announceDue(it, series.id))
  })
}

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

/** Announces what is due of one. Read again inside the change: another process may have been faster. */
export async function announceDue(change: Change, id: string): Promise<void> {
  const series = await readSeries(change.tx, id)
  if (!series || series.endedAt !== null) return
  const componentIds = await stillThere(change.tx, series.componentIds)
  for (const [index, { name, from, until }] of dueOccurrences(series, change.now).entries()) {
    await announce(change, {
      ...series,
      components: componentIds,
      author: series.author,
      plannedFrom: from,
      plannedUntil: until,
      // Once is news. Of the others readers are reminded as they come.
      deliver: series.announcedThrough === null && index === 0 ? 'yes' : 'no',
      series: { id, occurrence: name },
    })
    await change.tx
      .updateTable('maintenance_series')
      .set({ announced_through: name, updated_at: change.now })
      .where('id', '=', id)
      .execute()
  }
  // Its rule has come to its end.
  if (nextOccurrences(series, change.now, 1).length === 0) await setEnded(change, series)
}

async function setEnded(change: Change, { id, name }: MaintenanceSeries): Promise<void> {
  await change.tx
    .updateTable('maintenance_series')
    .set({ ended_at: change.now, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'maintenance.series-ended', subject: id, data: { name } })
}

/** Of the systems that a series names, those that were not removed since. */
export async function stillThere(db: Db, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('components')
    .select('id')
    .where('id', 'in', ids)
    .where('removed_at', 'is', null)
    .execute()
  const there = new Set(rows.map((row) => row.id))
  return ids.filter((id) => there.has(id))
}

function notBegun(change: Change, seriesId: string) {
  return change.tx
    .selectFrom('maintenances')
    .select(['id', 'planned_from', 'planned_until'])
    .where('series_id', '=', seriesId)
    .where('began_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .orderBy('planned_from')
    .orderBy('id')
    .limit(100)
    .execute()
}
