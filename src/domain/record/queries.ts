import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { IncidentRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { monthBefore, nextMonth } from '../../lib/dates.ts'
import { type DayName, dayOf, startOfDay } from '../../lib/days.ts'
import type { Severity } from '../incidents/incident.ts'
import { recordBegan } from '../site/first-month.ts'
import type { Locale, Site, Translations } from '../site/site.ts'
import { type ComponentRecord, componentRecords } from './components.ts'
import { type CountedFacts, type Figures, type RecordFacts, figuresOf } from './record.ts'

/** How well the word was kept: computed from what happened whenever it is asked for, so there is nothing to edit. */
export interface TrackRecord {
  readonly since: Instant
  /** Newest first, at most twelve, the one of now among them. */
  readonly months: readonly RecordMonth[]
  /** All of them together. */
  readonly whole: Figures
  readonly components: readonly ComponentRecord[]
}

export interface RecordMonth {
  /** `2026-11`, of the site's zone. */
  readonly month: string
  readonly figures: Figures
}

/** What the clock has to say to it. */
interface Now {
  readonly site: Site
  /** In the site's zone. */
  readonly today: DayName
  /** Until when time is counted. */
  readonly now: Instant
}

/** The kinds of events that make a figure of the record another one; besides, the hour does, of the month that goes on. */
export const recordedOf = ['incident', 'impact', 'maintenance', 'component', 'probe', 'promise', 'review', 'site']

const monthsShown = 12
/** A year has no more of anything; what is beyond is a mistake that must not stop the page. */
const most = 50_000

/**
 * The last twelve months. Costs the rows of these months, found by their instants, and not the history before: of ten
 * years with 3 000 incidents and 40 000 updates, 300 incidents and 4 000 promises.
 */
export async function trackRecord(db: Db, { site, today, now }: Now): Promise<TrackRecord> {
  const since = await recordBegan(db, site)
  const months = monthsOf(today, dayOf(since, site.zone).slice(0, 7), site.zone)
  const from = months.at(-1)?.from ?? now
  const until = months[0]?.until ?? now
  const facts = { ...(await happened(db, from, until)), promises: await decisions(db, from, until) }
  return {
    since,
    months: months.map((month) => ({
      month: month.month,
      figures: figuresOf(within(facts, month), earlier(now, month.until)),
    })),
    whole: figuresOf(facts, now),
    components: await componentRecords(db, { months, zone: site.zone, now }),
  }
}

export interface MonthFacts {
  readonly month: string
  /** Until when time is counted. */
  readonly until: Instant
  readonly facts: RecordFacts
  readonly figures: Figures
  readonly components: readonly ComponentRecord[]
}

/** One month and all that its figures were computed from. `now` is null where it is over. Costs the rows of this month. */
export async function monthRecord(
  db: Db,
  month: string,
  { site, now }: { readonly site: Site; readonly now: Instant | null },
): Promise<MonthFacts> {
  const span = boundsOf(month, site.zone)
  const until = earlier(now ?? span.until, span.until)
  const facts = {
    ...(await happened(db, span.from, span.until)),
    promises: await decidedPromises(db, span.from, span.until),
  }
  return {
    month,
    until,
    facts,
    figures: figuresOf(facts, until),
    components: await componentRecords(db, { months: [span], zone: site.zone, now: until }),
  }
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b
}

interface MonthSpan {
  readonly month: string
  readonly from: Instant
  readonly until: Instant
}

function monthsOf(today: DayName, first: string, zone: string): MonthSpan[] {
  const months: MonthSpan[] = []
  for (let month = today.slice(0, 7); month >= first && months.length < monthsShown; month = monthBefore(month)) {
    months.push(boundsOf(month, zone))
  }
  return months
}

function boundsOf(month: string, zone: string): MonthSpan {
  return { month, from: startOfDay(`${month}-01`, zone), until: startOfDay(`${nextMonth(month)}-01`, zone) }
}

function within(facts: CountedFacts, { from, until }: MonthSpan): CountedFacts {
  const isIn = (at: Instant): boolean => at >= from && at < until
  return {
    incidents: facts.incidents.filter(({ beganAt }) => isIn(beganAt)),
    promises: facts.promises.filter(({ decidedAt }) => isIn(decidedAt)),
    maintenances: facts.maintenances.filter(({ plannedFrom }) => isIn(plannedFrom)),
    falseAlarms: facts.falseAlarms.filter(({ beganAt }) => isIn(beganAt)),
  }
}

async function happened(db: Db, from: Instant, until: Instant): Promise<Omit<RecordFacts, 'promises'>> {
  return {
    incidents: await toldIncidents(db, from, until),
    maintenances: await doneMaintenances(db, from, until),
    falseAlarms: await falseAlarms(db, from, until),
  }
}

async function toldIncidents(db: Db, from: Instant, until: Instant): Promise<RecordFacts['incidents']> {
  const rows = await db
    .selectFrom('incidents')
    .select(['id', 'name', 'locale', 'translations', 'severity', 'severity_override', 'source', 'began_at'])
    .select(['noticed_at', 'told_at'])
    .where('told_at', 'is not', null)
    .where('dismissed_at', 'is', null)
    .where('annulled_at', 'is', null)
    .where('began_at', '>=', from)
    .where('began_at', '<', until)
    .orderBy('began_at')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map((row) => ({
    ...named(row),
    severity: (row.severity_override ?? row.severity) as Severity,
    source: row.source,
    beganAt: row.began_at,
    noticedAt: row.noticed_at,
    toldAt: row.told_at ?? row.began_at,
  }))
}

/** Out of an index that holds all of it: there are thousands in a year. */
async function decisions(db: Db, from: Instant, until: Instant): Promise<CountedFacts['promises']> {
  const rows = await db
    .selectFrom('promises')
    .select(['kind', 'outcome', 'decided_at'])
    .where('outcome', 'in', ['kept', 'missed'])
    .where('decided_at', '>=', from)
    .where('decided_at', '<', until)
    .orderBy('decided_at')
    .limit(most)
    .execute()
  return rows.map(({ kind, outcome, decided_at: decidedAt }) => ({
    kind,
    outcome: outcome === 'kept' ? 'kept' : 'missed',
    decidedAt: decidedAt ?? from,
  }))
}

async function decidedPromises(db: Db, from: Instant, until: Instant): Promise<RecordFacts['promises']> {
  const rows = await db
    .selectFrom('promises')
    .innerJoin('incidents', 'incidents.id', 'promises.incident_id')
    .select(['incidents.id', 'incidents.name', 'incidents.locale', 'incidents.translations'])
    .select(['promises.id as promise_id', 'kind', 'due_at', 'outcome', 'decided_at', 'came_at'])
    .where('outcome', 'in', ['kept', 'missed'])
    .where('incidents.told_at', 'is not', null)
    .where('decided_at', '>=', from)
    .where('decided_at', '<', until)
    .orderBy('decided_at')
    .orderBy('promises.id')
    .limit(most)
    .execute()
  return rows.map((row) => ({
    id: row.promise_id,
    incident: named(row),
    kind: row.kind,
    dueAt: row.due_at,
    outcome: row.outcome === 'kept' ? 'kept' : 'missed',
    decidedAt: row.decided_at ?? row.due_at,
    cameAt: row.came_at,
  }))
}

async function doneMaintenances(db: Db, from: Instant, until: Instant): Promise<RecordFacts['maintenances']> {
  const rows = await db
    .selectFrom('maintenances')
    .select(['id', 'name', 'locale', 'translations', 'source', 'planned_from', 'planned_until', 'original_until'])
    .select(['announced_at', 'window_said_at', 'began_at', 'ended_at'])
    .where('announced_at', 'is not', null)
    .where('began_at', 'is not', null)
    .where('cancelled_at', 'is', null)
    .where('planned_from', '>=', from)
    .where('planned_from', '<', until)
    .orderBy('planned_from')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map((row) => ({
    ...named(row),
    source: row.source,
    plannedFrom: row.planned_from,
    plannedUntil: row.original_until ?? row.planned_until,
    saidAt: row.window_said_at ?? row.announced_at ?? row.planned_from,
    beganAt: row.began_at ?? row.planned_from,
    endedAt: row.ended_at,
  }))
}

/**
 * Drafts of probes that were dismissed, by a person or because everything was well again, and incidents that were
 * annulled; no draft that became part of an incident.
 */
async function falseAlarms(db: Db, from: Instant, until: Instant): Promise<RecordFacts['falseAlarms']> {
  const rows = await db
    .selectFrom('incidents')
    .select(['id', 'began_at', 'dismissed_at', 'annulled_at'])
    .where('source', '=', 'probe')
    .where((eb) =>
      eb.or([
        eb('annulled_at', 'is not', null),
        eb.and([eb('told_at', 'is', null), eb('dismissed_at', 'is not', null), eb('merged_into', 'is', null)]),
      ]),
    )
    .where('began_at', '>=', from)
    .where('began_at', '<', until)
    .orderBy('began_at')
    .orderBy('id')
    .limit(most)
    .execute()
  const components = await componentsOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map(({ id, began_at: beganAt, dismissed_at: dismissedAt, annulled_at: annulledAt }) => ({
    id,
    beganAt,
    dismissedAt: annulledAt ?? dismissedAt ?? beganAt,
    told: annulledAt === null ? ('no' as const) : ('yes' as const),
    componentIds: [...new Set(components.get(id))],
  }))
}

async function componentsOf(db: Db, incidentIds: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (let at = 0; at < incidentIds.length; at += 500) {
    const rows = await db
      .selectFrom('impacts')
      .select(['incident_id', 'component_id'])
      .where('incident_id', 'in', incidentIds.slice(at, at + 500))
      .orderBy('began_at')
      .orderBy('id')
      .execute()
    // What was annulled is no interval any more.
    const annulled = await db
      .selectFrom('revisions')
      .select(['owner_id as incident_id', 'component_id'])
      .where('owner_id', 'in', incidentIds.slice(at, at + 500))
      .where('annulment_id', 'is not', null)
      .orderBy('at')
      .orderBy('id')
      .execute()
    for (const { incident_id: incident, component_id: component } of [...rows, ...annulled]) {
      if (incident !== null && component !== null) found.set(incident, [...(found.get(incident) ?? []), component])
    }
  }
  return found
}

function named(row: Pick<Selectable<IncidentRow>, 'id' | 'name' | 'locale' | 'translations'>) {
  return {
    id: row.id,
    name: row.name,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'name'>,
  }
}
