import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { addDays, startOfDay } from '../../lib/days.ts'
import type { Incident } from './incident.ts'
import { withWords } from './rows.ts'

/** More than this are never open at once; what is beyond is a mistake that must not slow the page. */
const mostOpen = 200

/** An incident that readers know of, or null. */
export async function readIncident(db: Db, id: string): Promise<Incident | null> {
  const rows = await told(db).where('id', '=', id).execute()
  return (await withWords(db, rows, 'readers'))[0] ?? null
}

/** Published and not over, newest beginning first. */
export async function openIncidents(db: Db): Promise<Incident[]> {
  const rows = await told(db)
    .where('over_at', 'is', null)
    .orderBy('began_at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostOpen)
    .execute()
  return withWords(db, rows, 'readers')
}

/** Those with the latest word, newest word first. */
export async function recentIncidents(db: Db, limit: number, known: readonly Incident[] = []): Promise<Incident[]> {
  const rows = await told(db)
    .where('latest_update_at', 'is not', null)
    .orderBy('latest_update_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return withWords(db, rows, 'readers', known)
}

/** Begun at `from` or later and before `until`, newest beginning first. */
export async function incidentsBegunBetween(
  db: Db,
  from: Instant,
  until: Instant,
  limit: number,
  known: readonly Incident[] = [],
): Promise<Incident[]> {
  const rows = await told(db)
    .where('began_at', '>=', from)
    .where('began_at', '<', until)
    .orderBy('began_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return withWords(db, rows, 'readers', known)
}

/** Those that began last before and first after an incident. */
export async function neighboursOf(
  db: Db,
  incident: Pick<Incident, 'beganAt' | 'id'>,
): Promise<{ readonly before: Incident | null; readonly after: Incident | null }> {
  const [before = null] = await withWords(db, await nextTo(db, incident, '<').execute(), 'readers')
  const [after = null] = await withWords(db, await nextTo(db, incident, '>').execute(), 'readers')
  return { before, after }
}

/** The ids of those that are neighbours of these now. Two indexed reads for each. */
export async function idsBeside(db: Db, ids: readonly string[]): Promise<string[]> {
  const beside: string[] = []
  for (const { id, began_at: beganAt } of await told(db).where('id', 'in', ids).execute()) {
    for (const side of ['<', '>'] as const) {
      const row = await nextTo(db, { id, beganAt }, side).executeTakeFirst()
      if (row) beside.push(row.id)
    }
  }
  return beside
}

function nextTo(db: Db, { beganAt, id }: Pick<Incident, 'beganAt' | 'id'>, side: '<' | '>') {
  const order = side === '<' ? 'desc' : 'asc'
  return told(db)
    .where((eb) => eb(eb.refTuple('began_at', 'id'), side, eb.tuple(beganAt, id)))
    .orderBy('began_at', order)
    .orderBy('id', order)
    .limit(1)
}

/** Of these, those that readers know of, newest beginning first. */
export async function incidentsById(db: Db, ids: readonly string[]): Promise<Incident[]> {
  if (ids.length === 0) return []
  const rows = await told(db).where('id', 'in', ids).orderBy('began_at', 'desc').orderBy('id', 'desc').execute()
  return withWords(db, rows, 'readers')
}

/** Those that began before another, or the last ones of all; newest beginning first. A page of the whole of history. */
export async function incidentsBefore(
  db: Db,
  other: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<Incident[]> {
  let query = told(db)
  if (other) query = query.where((eb) => eb(eb.refTuple('began_at', 'id'), '<', eb.tuple(other.at, other.id)))
  const rows = await query.orderBy('began_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return withWords(db, rows, 'readers')
}

/** Begun or over between two instants, newest beginning first. */
export async function incidentsTouching(
  db: Db,
  from: Instant,
  until: Instant,
  limit: number,
  known: readonly Incident[],
): Promise<Incident[]> {
  const begun = await incidentsBegunBetween(db, from, until, limit, known)
  const rows = await told(db)
    // The end is not said before it has come: so much for the index; what counts is the end.
    .where('latest_update_at', '>=', from)
    .where('over_at', '>', from)
    .where('began_at', '<', from)
    .orderBy('latest_update_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  const over = rows.toSorted((a, b) => (a.began_at < b.began_at ? 1 : a.began_at > b.began_at ? -1 : 0))
  return [...begun, ...(await withWords(db, over, 'readers', known))].slice(0, limit)
}

/** Begun in a month, `2026-11`, of the site's zone, newest beginning first. */
export async function incidentsOfMonth(db: Db, month: string, zone: string): Promise<Incident[]> {
  const first = `${month}-01`
  const next = `${addDays(first, 31).slice(0, 7)}-01`
  return incidentsBegunBetween(db, startOfDay(first, zone), startOfDay(next, zone), 1000)
}

/** Those from which a component suffered, or that named it, at some time between two instants; newest beginning first. */
export async function incidentsOfComponent(
  db: Db,
  componentId: string,
  from: Instant,
  until: Instant,
): Promise<Incident[]> {
  const impacts = db
    .selectFrom('impacts')
    .select('incident_id')
    .where('component_id', '=', componentId)
    .where('incident_id', 'is not', null)
    .where('said_at', 'is not', null)
    .where('began_at', '<', until)
  const open = await impacts.where('ended_at', 'is', null).orderBy('id').limit(1000).execute()
  const ended = await impacts
    .where('ended_at', '>=', from)
    .orderBy('ended_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1000)
    .execute()
  const ids = [...new Set([...open, ...ended].flatMap((impact) => impact.incident_id ?? []))].slice(0, 500)
  if (ids.length === 0) return []
  const rows = await told(db).where('id', 'in', ids).orderBy('began_at', 'desc').orderBy('id', 'desc').execute()
  return withWords(db, rows, 'readers')
}

/** Those that wait for a person or for their time, oldest first. For the desk. */
export async function drafts(db: Db): Promise<Incident[]> {
  const rows = await waiting(db).orderBy('created_at').orderBy('id').limit(mostOpen).execute()
  return withWords(db, rows, 'desk')
}

/** An incident in whatever state, drafts and dismissed ones too. For the desk and the engine. */
export async function readIncidentOrDraft(db: Db, id: string): Promise<Incident | null> {
  const rows = await db.selectFrom('incidents').selectAll().where('id', '=', id).execute()
  return (await withWords(db, rows, 'desk'))[0] ?? null
}

/** The drafts whose time is up, oldest first. */
export async function dueDrafts(db: Db, now: Instant): Promise<Incident[]> {
  const rows = await waiting(db)
    .where('publishes_at', '<=', now)
    .orderBy('publishes_at')
    .orderBy('id')
    .limit(mostOpen)
    .execute()
  return withWords(db, rows, 'desk')
}

function told(db: Db) {
  return db.selectFrom('incidents').selectAll().where('told_at', 'is not', null).where('dismissed_at', 'is', null)
}

function waiting(db: Db) {
  return db
    .selectFrom('incidents')
    .selectAll()
    .where('told_at', 'is', null)
    .where('over_at', 'is', null)
    .where('dismissed_at', 'is', null)
}
