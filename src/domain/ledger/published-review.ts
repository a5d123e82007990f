import type { Db } from '../../database/database.ts'
import type { ActionRow } from '../../database/tables/reviews.ts'
import type { Json, JsonObject } from '../../lib/canonical-json.ts'
import type { Selectable } from 'kysely'

/** A review by its heads, with what it promises; null while it is a draft. */
export async function publishedReview(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('reviews').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || (row.preliminary_at === null && row.final_at === null)) return null
  const actions = await db
    .selectFrom('actions')
    .selectAll()
    .where('incident_id', '=', row.incident_id)
    .orderBy('due_on')
    .orderBy('id')
    .execute()
  return {
    id: row.id,
    locale: row.locale,
    heads: JSON.parse(row.heads) as Json,
    translations: JSON.parse(row.translations) as Json,
    author: row.author,
    preliminaryAt: row.preliminary_at,
    finalAt: row.final_at,
    correctedAt: row.corrected_at,
    actions: actions.map(actionFacts),
  }
}

/** Why it was corrected, beside what it says since. */
export async function correctedReview(db: Db, id: string, revision: string): Promise<JsonObject | null> {
  const review = await publishedReview(db, id)
  const corrected = await db.selectFrom('revisions').select('reason').where('id', '=', revision).executeTakeFirst()
  return review && { review, reason: corrected?.reason ?? null }
}

export async function publishedAction(db: Db, id: string): Promise<JsonObject | null> {
  const row = await db.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? actionFacts(row) : null
}

function actionFacts(row: Selectable<ActionRow>): JsonObject {
  return {
    id: row.id,
    title: row.title,
    translations: JSON.parse(row.translations) as Json,
    owner: row.owner,
    dueOn: row.due_on,
    firstDueOn: row.first_due_on,
    state: row.state,
    word: row.word,
    settledAt: row.settled_at,
    overdueAt: row.overdue_at,
  }
}
