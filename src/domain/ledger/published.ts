import type { Db } from '../../database/database.ts'
import type { UpdateRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Json, JsonObject } from '../../lib/canonical-json.ts'
import type { Reason } from '../revisions/revision.ts'
import type { Selectable } from 'kysely'

/*
 * What readers are told, written as it enters the ledger. Each member is named here, one by one, so that nothing enters
 * because a table got a column: no id of an operator, no address, no draft.
 */

/** The facts of an incident; null while it is a draft. */
export async function publishedIncident(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.told_at === null) return null
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    locale: row.locale,
    translations: JSON.parse(row.translations) as Json,
    stage: row.stage,
    severity: row.severity_override ?? row.severity,
    beganAt: row.began_at,
    noticedAt: row.noticed_at,
    toldAt: row.told_at,
    mitigatedAt: row.mitigated_at,
    overAt: row.over_at,
    toldOverAt: row.told_over_at,
    impacts: await publishedImpacts(db, id),
  }
}

/** What its components suffered from when to when. */
async function publishedImpacts(db: Db, incident: string): Promise<Json> {
  const rows = await db
    .selectFrom('impacts')
    .innerJoin('components', 'components.id', 'impacts.component_id')
    .select(['impacts.component_id', 'components.name', 'impacts.status', 'impacts.began_at', 'impacts.ended_at'])
    .where('impacts.incident_id', '=', incident)
    .where('impacts.said_at', 'is not', null)
    .orderBy('impacts.began_at')
    .orderBy('impacts.id')
    .execute()
  return rows.map((row) => ({
    component: row.component_id,
    name: row.name,
    status: row.status,
    beganAt: row.began_at,
    endedAt: row.ended_at,
  }))
}

/** The facts of a maintenance. */
export async function publishedMaintenance(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('maintenances').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.announced_at === null) return null
  const components = await db
    .selectFrom('maintenance_components')
    .innerJoin('components', 'components.id', 'maintenance_components.component_id')
    .select(['components.id', 'components.name'])
    .where('maintenance_components.maintenance_id', '=', id)
    .orderBy('components.id')
    .execute()
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    locale: row.locale,
    translations: JSON.parse(row.translations) as Json,
    stage: row.stage,
    plannedFrom: row.planned_from,
    plannedUntil: row.planned_until,
    beganAt: row.began_at,
    endedAt: row.ended_at,
    cancelledAt: row.cancelled_at,
    components: components.map(({ id: component, name }) => ({ component, name })),
  }
}

/** A word on an incident or a maintenance, by the public name of who said it. */
export async function publishedUpdate(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('updates').selectAll().where('id', '=', id).executeTakeFirst()
  return row && row.displayed_at !== null ? wordOf(row) : null
}

/** Of one that is withdrawn, no more than that it was there; what it said stands in the entry that said it. */
export function wordOf(row: Selectable<UpdateRow>): JsonObject {
  const said = { id: row.id, stage: row.stage, author: row.author, displayedAt: row.displayed_at }
  if (row.withdrawn_at !== null)
    return {
      ...said,
      withdrawnAt: row.withdrawn_at,
      withdrawnReason: row.withdrawn_reason,
      ...reasonElsewhere(JSON.parse(row.withdrawn_translations) as Reason['translations']),
    }
  return {
    ...said,
    body: row.body,
    locale: row.locale,
    translations: JSON.parse(row.translations) as Json,
    affected: row.affected === null ? null : (JSON.parse(row.affected) as Json),
    nextUpdateBy: row.next_update_by,
    noPromiseReason: row.no_promise_reason,
  }
}

/** A reason in other languages. Where there are none it is not named: entries were made before there could be any. */
function reasonElsewhere(translations: Reason['translations']): JsonObject {
  return Object.keys(translations).length === 0 ? {} : { translations: translations as JsonObject }
}

/** A correction: what was said before and since, by the public name of who corrected it, and why. */
export async function publishedRevision(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('revisions').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  return {
    of: row.of,
    author: row.author,
    reason: row.reason,
    ...reasonElsewhere(JSON.parse(row.translations) as Reason['translations']),
    before: row.before === null ? null : (JSON.parse(row.before) as Json),
    after: row.after === null ? null : (JSON.parse(row.after) as Json),
  }
}

/** What our checks held for an outage and was none, with what was said to be felt before and since. */
export async function publishedAnnulment(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('annulments').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const revisions = await db
    .selectFrom('revisions')
    .select('id')
    .where('annulment_id', '=', id)
    .where('owner_id', '=', row.incident_id)
    .orderBy('at')
    .orderBy('id')
    .execute()
  const corrections: Json[] = []
  for (const revision of revisions) corrections.push(await publishedRevision(db, revision.id))
  return {
    id: row.id,
    component: row.component_id,
    from: row.from_at,
    until: row.until_at,
    author: row.author,
    reason: row.reason,
    ...reasonElsewhere(JSON.parse(row.translations) as Reason['translations']),
    corrections,
  }
}

/** Null before its time, and if it was ended before anybody saw it. */
export async function publishedNotice(db: Db, id: string, now: Instant): Promise<JsonObject | null> {
  const row = await db.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.shown_from > now || row.shown_until === row.shown_from) return null
  return {
    id: row.id,
    name: row.name,
    body: row.body,
    locale: row.locale,
    translations: JSON.parse(row.translations) as Json,
    shownFrom: row.shown_from,
    shownUntil: row.shown_until,
  }
}

/** What an operator says where checks find something else than is said. */
export async function publishedExplanation(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('explanations').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    component: row.component_id,
    body: row.body,
    locale: row.locale,
    translations: JSON.parse(row.translations) as Json,
    author: row.author,
    saidAt: row.said_at,
  }
}

/** What a component is called, and since when it counts. */
export async function publishedComponent(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('components').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    name: row.name,
    translations: JSON.parse(row.translations) as Json,
    startDate: row.start_date,
    removedAt: row.removed_at,
  }
}

export async function publishedPromise(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('promises').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    kind: row.kind,
    madeAt: row.made_at,
    dueAt: row.due_at,
    outcome: row.outcome,
    decidedAt: row.decided_at,
  }
}
