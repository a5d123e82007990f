import { type Selectable, sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { ActionRow, ReviewRow } from '../../database/tables/reviews.ts'
import type { Instant } from '../../lib/clock.ts'
import type { DayName } from '../../lib/days.ts'
import type { Translations } from '../site/site.ts'
import type { Action, HeadTexts, HeadTranslations, Review, ReviewDraft } from './review.ts'

/** A statement holds only so many values, and a plan for 500 serves for all. */
const atOnce = 500

/** The published reviews of these incidents, by incident. Two indexed reads for each 500 of them. */
export async function reviewsOf(db: Db, incidentIds: readonly string[]): Promise<ReadonlyMap<string, Review>> {
  const byIncident = new Map<string, Review>()
  for (let at = 0; at < incidentIds.length; at += atOnce) {
    const rows = await db
      .selectFrom('reviews')
      .selectAll()
      .where('incident_id', 'in', incidentIds.slice(at, at + atOnce))
      .where((eb) => eb.or([eb('preliminary_at', 'is not', null), eb('final_at', 'is not', null)]))
      .orderBy('incident_id')
      .execute()
    const actions = await actionsOf(
      db,
      rows.map((row) => row.incident_id),
    )
    for (const row of rows) byIncident.set(row.incident_id, toReview(row, actions.get(row.incident_id) ?? []))
  }
  return byIncident
}

/** The review of an incident as the desk knows it, published or not; null before anything was written. */
export async function reviewAtDesk(
  db: Db,
  incidentId: string,
): Promise<{ readonly review: Review; readonly draft: SavedDraft | null } | null> {
  const row = await db.selectFrom('reviews').selectAll().where('incident_id', '=', incidentId).executeTakeFirst()
  if (!row) return null
  const actions = await actionsOf(db, [incidentId])
  return { review: toReview(row, actions.get(incidentId) ?? []), draft: toDraft(row) }
}

/** What is written and not published, with who wrote it last and when. */
export interface SavedDraft extends ReviewDraft {
  readonly at: Instant
  readonly by: string | null
}

export async function readAction(db: Db, id: string): Promise<Action | null> {
  const row = await db.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toAction(row) : null
}

/** An action with the incident that it came from. */
export interface OwedAction extends Action {
  readonly incidentName: string
}

/** What is still to be done, the one that is due first in front. Costs what is open, whatever was done in ten years. */
export async function openActions(db: Db, limit = 500): Promise<OwedAction[]> {
  const rows = await db
    .selectFrom('actions')
    .innerJoin('incidents', 'incidents.id', 'actions.incident_id')
    .selectAll('actions')
    .select('incidents.name as incident_name')
    .where('actions.settled_at', 'is', null)
    .orderBy('actions.due_on')
    .orderBy('actions.id')
    .limit(limit)
    .execute()
  return rows.map(({ incident_name: incidentName, ...row }) => ({ ...toAction(row), incidentName }))
}

/** A review that is promised and has not come. */
export interface OwedReview {
  readonly incidentId: string
  readonly incidentName: string
  readonly kind: 'review' | 'final-review'
  readonly dueAt: Instant
  readonly isMissed: boolean
}

/** What is owed on incidents that are over, the one that is due first in front. Costs what is owed. */
export async function owedReviews(db: Db, limit = 200): Promise<OwedReview[]> {
  const rows = await db
    .selectFrom('promises')
    .innerJoin('incidents', 'incidents.id', 'promises.incident_id')
    .select(['promises.incident_id', 'incidents.name', 'promises.kind', 'promises.due_at', 'promises.outcome'])
    .where('promises.came_at', 'is', null)
    // Written out, not bound: so the index of what is owed is known to fit.
    .where('promises.kind', '!=', sql.lit('update'))
    .where((eb) => eb.or([eb('promises.outcome', 'is', null), eb('promises.outcome', '=', 'missed')]))
    .orderBy('promises.due_at')
    .orderBy('promises.id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    incidentId: row.incident_id,
    incidentName: row.name,
    kind: row.kind === 'review' ? 'review' : 'final-review',
    dueAt: row.due_at,
    isMissed: row.outcome === 'missed',
  }))
}

/** Open ones whose day is before `today` and of which the clock has not said so yet. */
export async function newlyOverdue(db: Db, today: DayName): Promise<OwedAction[]> {
  const open = await openActions(db)
  return open.filter(({ dueOn, overdueAt }) => dueOn < today && overdueAt === null)
}

async function actionsOf(db: Db, incidentIds: readonly string[]): Promise<ReadonlyMap<string, Action[]>> {
  if (incidentIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('actions')
    .selectAll()
    .where('incident_id', 'in', incidentIds)
    .orderBy('incident_id')
    .orderBy('due_on')
    .orderBy('id')
    .execute()
  return Map.groupBy(rows.map(toAction), ({ incidentId }) => incidentId)
}

function toReview(row: Selectable<ReviewRow>, actions: readonly Action[]): Review {
  return {
    id: row.id,
    incidentId: row.incident_id,
    locale: row.locale,
    heads: JSON.parse(row.heads) as HeadTexts,
    translations: JSON.parse(row.translations) as HeadTranslations,
    author: row.author,
    preliminaryAt: row.preliminary_at,
    finalAt: row.final_at,
    correctedAt: row.corrected_at,
    updatedAt: row.updated_at,
    actions,
  }
}

function toDraft({ draft, drafted_at: at, drafted_by: by }: Selectable<ReviewRow>): SavedDraft | null {
  return draft === null || at === null ? null : { ...(JSON.parse(draft) as ReviewDraft), at, by }
}

function toAction(row: Selectable<ActionRow>): Action {
  return {
    id: row.id,
    incidentId: row.incident_id,
    title: row.title,
    locale: row.locale,
    translations: JSON.parse(row.translations) as Translations<'title' | 'word'>,
    owner: row.owner,
    dueOn: row.due_on,
    firstDueOn: row.first_due_on,
    state: row.state,
    word: row.word,
    settledAt: row.settled_at,
    overdueAt: row.overdue_at,
    updatedAt: row.updated_at,
  }
}
