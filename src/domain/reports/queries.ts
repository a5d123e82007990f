import type { Db } from '../../database/database.ts'
import { type Instant, later } from '../../lib/clock.ts'
import type { Site } from '../site/site.ts'
import { roundedDown } from './report.ts'

/** How many readers said of each of these incidents that it affects them. Costs their reports of a day, and one row an hour before. */
export async function reportsByIncident(db: Db, incidentIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (incidentIds.length === 0) return new Map()
  const today = await db
    .selectFrom('reports')
    .select((eb) => ['incident_id as id', eb.fn.countAll().as('count')])
    .where('incident_id', 'in', incidentIds)
    .groupBy('incident_id')
    .orderBy('incident_id')
    .execute()
  const before = await db
    .selectFrom('report_hours')
    .select((eb) => ['incident_id as id', eb.fn.sum('reports').as('count')])
    .where('incident_id', 'in', incidentIds)
    .groupBy('incident_id')
    .orderBy('incident_id')
    .execute()
  const counts = new Map<string, number>()
  for (const { id, count } of [...today, ...before]) if (id) counts.set(id, (counts.get(id) ?? 0) + Number(count))
  return counts
}

/** As readers see it: rounded down, and not at all while it is few. */
export async function shownReports(
  db: Db,
  { reports: { asked, shown, shownFrom } }: Pick<Site, 'reports'>,
  incidents: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, number>> {
  if (asked === 'no' || shown === 'no') return new Map()
  const counts = await reportsByIncident(
    db,
    incidents.map(({ id }) => id),
  )
  return new Map([...counts].filter(([, count]) => count >= shownFrom).map(([id, count]) => [id, roundedDown(count)]))
}

/** What readers say does not work and is not listed, within the last hour, the most reports first. */
export interface Unlisted {
  /** Null: they did not say what. */
  readonly componentId: string | null
  readonly count: number
  readonly latest: Instant
}

export async function unlistedReports(db: Db, now: Instant): Promise<Unlisted[]> {
  const rows = await db
    .selectFrom('reports')
    .select((eb) => ['component_id', eb.fn.countAll().as('count'), eb.fn.max('at').as('latest')])
    .where('incident_id', 'is', null)
    .where('at', '>=', later(now, -3600))
    .groupBy('component_id')
    .execute()
  return rows
    .map(({ component_id: componentId, count, latest }) => ({ componentId, count: Number(count), latest }))
    .toSorted((a, b) => b.count - a.count || (a.latest < b.latest ? 1 : -1))
}

/** What a draft that readers raised stands on. */
export interface Burst {
  readonly reports: number
  readonly minutes: number
  readonly at: Instant
}

export async function burstsBehind(db: Db, incidentIds: readonly string[]): Promise<ReadonlyMap<string, Burst>> {
  if (incidentIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('report_bursts')
    .select(['incident_id', 'reports', 'minutes', 'at'])
    .where('incident_id', 'in', incidentIds)
    .orderBy('at')
    .execute()
  return new Map(rows.map(({ incident_id: id, reports, minutes, at }) => [id, { reports, minutes, at }]))
}

/** What readers say, as operators see it at once. */
export interface ReadersSay {
  /** By open incident, how many it affects too. */
  readonly reports: ReadonlyMap<string, number>
  /** By draft that they raised, what it stands on. */
  readonly bursts: ReadonlyMap<string, Burst>
  readonly unlisted: readonly Unlisted[]
}

export async function readersSay(
  db: Db,
  now: Instant,
  { incidents, drafts }: Readonly<Record<'incidents' | 'drafts', readonly { readonly id: string }[]>>,
): Promise<ReadersSay> {
  const ids = (of: readonly { readonly id: string }[]): string[] => of.map(({ id }) => id)
  return {
    reports: await reportsByIncident(db, ids(incidents)),
    bursts: await burstsBehind(db, ids(drafts)),
    unlisted: await unlistedReports(db, now),
  }
}
