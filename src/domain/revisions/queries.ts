import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { RevisionRow } from '../../database/tables/revisions.ts'
import type { Annulment } from './annulment.ts'
import type { Locale } from '../site/site.ts'
import type { Facts, Reason, Revision, Withdrawn } from './revision.ts'

/** A statement holds only so many values. */
const atOnce = 500

/** What one thing was, oldest correction first, with those that readers are not told of. Costs the thing's corrections. */
export async function revisionsOf(db: Db, subject: string): Promise<Revision[]> {
  const rows = await db
    .selectFrom('revisions')
    .selectAll()
    .where('subject_id', '=', subject)
    .orderBy('at')
    .orderBy('id')
    .limit(1000)
    .execute()
  return rows.map(toRevision)
}

/** Corrections that readers are told of, by the incident, maintenance or notice that they belong to, oldest first. */
export async function revisionsByOwner(db: Db, owners: readonly string[]): Promise<Map<string, Revision[]>> {
  const byOwner = new Map<string, Revision[]>()
  for (let at = 0; at < owners.length; at += atOnce) {
    const rows = await db
      .selectFrom('revisions')
      .selectAll()
      .where('owner_id', 'in', owners.slice(at, at + atOnce))
      .where('shown', '=', 'yes')
      .orderBy('at')
      .orderBy('id')
      .execute()
    for (const row of rows) byOwner.set(row.owner_id, [...(byOwner.get(row.owner_id) ?? []), toRevision(row)])
  }
  return byOwner
}

/** How a component's intervals were corrected, oldest first. Costs the component's corrections. */
export async function revisionsOfComponent(db: Db, componentId: string): Promise<Revision[]> {
  const rows = await db
    .selectFrom('revisions')
    .selectAll()
    .where('component_id', '=', componentId)
    .orderBy('at')
    .orderBy('id')
    .limit(1000)
    .execute()
  return rows.map(toRevision)
}

/** What was annulled of incidents, by the incident, oldest first. */
export async function annulmentsOf(db: Db, incidents: readonly string[]): Promise<Map<string, Annulment[]>> {
  const byIncident = new Map<string, Annulment[]>()
  for (let at = 0; at < incidents.length; at += atOnce) {
    const rows = await db
      .selectFrom('annulments')
      .selectAll()
      .where('incident_id', 'in', incidents.slice(at, at + atOnce))
      .orderBy('at')
      .orderBy('id')
      .execute()
    for (const {
      id,
      incident_id: incident,
      component_id: componentId,
      from_at: from,
      until_at: until,
      ...row
    } of rows) {
      const { at, author, reason } = row
      const translations = JSON.parse(row.translations) as Reason['translations']
      const one: Annulment = { id, componentId, from, until, at, author, reason, translations }
      byIncident.set(incident, [...(byIncident.get(incident) ?? []), one])
    }
  }
  return byIncident
}

/** What is left of withdrawn words, by what they were said on, newest first: all but the words. */
export async function withdrawnOf(
  db: Db,
  column: 'incident_id' | 'maintenance_id',
  owners: readonly string[],
): Promise<Map<string, Withdrawn[]>> {
  const byOwner = new Map<string, Withdrawn[]>()
  for (let at = 0; at < owners.length; at += atOnce) {
    const rows = await db
      .selectFrom('updates')
      .select([column, 'id', 'stage', 'author', 'locale', 'displayed_at', 'withdrawn_at', 'withdrawn_reason'])
      .select('withdrawn_translations')
      .where(column, 'in', owners.slice(at, at + atOnce))
      .where('withdrawn_at', 'is not', null)
      .where('displayed_at', 'is not', null)
      .orderBy('displayed_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
    for (const { displayed_at: displayedAt, withdrawn_at: withdrawnAt, ...row } of rows) {
      if (displayedAt === null || withdrawnAt === null) continue
      const { id, stage, author, withdrawn_reason: reason } = row
      const locale = row.locale as Locale
      const translations = JSON.parse(row.withdrawn_translations) as Reason['translations']
      const owner = row[column] ?? ''
      const one: Withdrawn = { id, stage, author, locale, displayedAt, withdrawnAt, reason: reason ?? '', translations }
      byOwner.set(owner, [...(byOwner.get(owner) ?? []), one])
    }
  }
  return byOwner
}

function toRevision(row: Selectable<RevisionRow>): Revision {
  return {
    id: row.id,
    of: row.of,
    subject: row.subject_id,
    owner: row.owner_id,
    at: row.at,
    author: row.author,
    reason: row.reason,
    translations: JSON.parse(row.translations) as Reason['translations'],
    before: row.before === null ? null : (JSON.parse(row.before) as Facts),
    after: row.after === null ? null : (JSON.parse(row.after) as Facts),
    shown: row.shown,
    annulment: row.annulment_id,
  }
}
