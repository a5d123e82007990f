import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { IncidentRow, UpdateRow } from '../../database/tables.ts'
import type { Impact } from '../components/component.ts'
import { toImpact } from '../components/rows.ts'
import type { MadePromise } from '../promises/promise.ts'
import { promisesOf } from '../promises/queries.ts'
import { reviewsOf } from '../reviews/queries.ts'
import { annulmentsOf, revisionsByOwner, withdrawnOf } from '../revisions/queries.ts'
import type { Locale, Translations } from '../site/site.ts'
import type { Affected, Incident, IncidentStage, Severity, Update, UpdateText } from './incident.ts'

/** Who reads: readers see only what was said; the desk also sees drafts. */
export type Audience = 'readers' | 'desk'

/** A statement holds only so many values, and a plan for 500 serves for all. */
const atOnce = 500

/**
 * Incidents of these rows in the same order, each with its updates, newest first, and its impacts. What is `known` was read
 * for the same audience in the same view of the database, and is not read again.
 */
export async function withWords(
  db: Db,
  rows: readonly Selectable<IncidentRow>[],
  audience: Audience,
  known: readonly Incident[] = [],
): Promise<Incident[]> {
  const before = new Map(known.map((incident) => [incident.id, incident]))
  const ids = rows.map(({ id }) => id).filter((id) => !before.has(id))
  const updates = await updatesOf(db, 'incident_id', ids, audience)
  const impacts = await impactsOf(db, ids, audience)
  const promises = await promisesOf(db, ids)
  const reviews = await reviewsOf(db, ids)
  const withdrawn = await withdrawnOf(db, 'incident_id', ids)
  const revisions = await revisionsByOwner(db, ids)
  const annulments = await annulmentsOf(db, ids)
  return rows.map(
    (row) =>
      before.get(row.id) ?? {
        ...toIncident(row, updates.get(row.id) ?? [], impacts.get(row.id) ?? [], promises.get(row.id) ?? []),
        review: reviews.get(row.id) ?? null,
        withdrawn: withdrawn.get(row.id) ?? [],
        revisions: revisions.get(row.id) ?? [],
        annulments: annulments.get(row.id) ?? [],
      },
  )
}

/** Updates that stand, by the id of what they belong to, newest first. */
export async function updatesOf(
  db: Db,
  column: 'incident_id' | 'maintenance_id',
  ids: readonly string[],
  audience: Audience,
): Promise<Map<string, Update[]>> {
  const byOwner = new Map<string, Update[]>()
  for (let at = 0; at < ids.length; at += atOnce) {
    let query = db
      .selectFrom('updates')
      .selectAll()
      .where(column, 'in', ids.slice(at, at + atOnce))
      .where('withdrawn_at', 'is', null)
    if (audience === 'readers') query = query.where('displayed_at', 'is not', null)
    const rows = await query
      .orderBy('displayed_at', 'desc')
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
    for (const row of rows) {
      const owner = row[column] ?? ''
      const list = byOwner.get(owner)
      if (list) list.push(toUpdate(row))
      else byOwner.set(owner, [toUpdate(row)])
    }
  }
  return byOwner
}

async function impactsOf(db: Db, ids: readonly string[], audience: Audience): Promise<Map<string, Impact[]>> {
  const byIncident = new Map<string, Impact[]>()
  for (let at = 0; at < ids.length; at += atOnce) {
    let query = db
      .selectFrom('impacts')
      .selectAll()
      .where('incident_id', 'in', ids.slice(at, at + atOnce))
    if (audience === 'readers') query = query.where('said_at', 'is not', null)
    const rows = await query.orderBy('began_at').orderBy('id').execute()
    for (const row of rows) {
      const owner = row.incident_id ?? ''
      const list = byIncident.get(owner)
      if (list) list.push(toImpact(row))
      else byIncident.set(owner, [toImpact(row)])
    }
  }
  return byIncident
}

function toIncident(
  row: Selectable<IncidentRow>,
  updates: readonly Update[],
  impacts: readonly Impact[],
  promises: readonly MadePromise[],
): Omit<Incident, 'review' | 'withdrawn' | 'revisions' | 'annulments'> {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'name'>,
    stage: row.stage as IncidentStage,
    severity: (row.severity_override ?? row.severity) as Severity,
    derivedSeverity: row.severity as Severity,
    severityOverride: row.severity_override as Severity | null,
    source: row.source,
    heldBy: row.held_by,
    probeId: row.probe_id,
    beganAt: row.began_at,
    noticedAt: row.noticed_at,
    toldAt: row.told_at,
    monitoringAt: row.monitoring_at,
    mitigatedAt: row.mitigated_at,
    overAt: row.over_at,
    toldOverAt: row.told_over_at,
    reviewDueAt: row.review_due_at,
    reviewedAt: row.reviewed_at,
    nextUpdateBy: row.next_update_by,
    noPromiseReason: row.no_promise_reason,
    publishesAt: row.publishes_at,
    dismissedAt: row.dismissed_at,
    recoveredAt: row.recovered_at,
    latestUpdateAt: row.latest_update_at,
    intermittentAt: row.intermittent_at,
    annulledAt: row.annulled_at,
    shortlink: row.shortlink,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updates,
    impacts,
    promises,
  }
}

function toUpdate(row: Selectable<UpdateRow>): Update {
  return {
    id: row.id,
    stage: row.stage,
    body: row.body,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<UpdateText>,
    author: row.author,
    source: row.source,
    affected: row.affected === null ? null : (JSON.parse(row.affected) as Affected[]),
    delivered: row.delivered,
    nextUpdateBy: row.next_update_by,
    noPromiseReason: row.no_promise_reason,
    displayedAt: row.displayed_at,
    revision: row.revision,
    translates: JSON.parse(row.translates) as Update['translates'],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
