import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'
import type { PromiseRow } from '../../src/database/tables/promises.ts'

/** What is promised, and what became of it; the site's terms. */
export async function promiseTables(db: Db): Promise<void> {
  await db.schema
    .createTable('promises')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('made_by', 'text')
    .addColumn('made_at', 'text', (c) => c.notNull())
    .addColumn('due_at', 'text', (c) => c.notNull())
    .addColumn('reminded_at', 'text')
    .addColumn('outcome', 'text')
    .addColumn('decided_at', 'text')
    .addColumn('decided_by', 'text')
    .addColumn('came_at', 'text')
    .execute()
  await db.schema.createIndex('promises_incident').on('promises').columns(['incident_id', 'due_at']).execute()
  // What is open is never much; what is decided is read by month.
  await db.schema
    .createIndex('promises_open')
    .on('promises')
    .columns(['due_at', 'id'])
    .where(sql.ref('outcome'), 'is', null)
    .execute()
  await db.schema.createIndex('promises_decided').on('promises').columns(['decided_at', 'id']).execute()
  await db.schema.alterTable('sites').addColumn('terms', 'text').execute()
  await promisesOfBefore(db)
}

/** Until now a promise stood only in the update that made it. Its outcome follows from the update after it. */
async function promisesOfBefore(db: Db): Promise<void> {
  const promised = await db
    .selectFrom('updates')
    .select('incident_id')
    .distinct()
    .where('incident_id', 'is not', null)
    .where('next_update_by', 'is not', null)
    .where('displayed_at', 'is not', null)
    .orderBy('incident_id')
    .execute()
  for (const { incident_id: incidentId } of promised) {
    const words = await db
      .selectFrom('updates')
      .select(['id', 'displayed_at', 'next_update_by'])
      .where('incident_id', '=', incidentId)
      .where('displayed_at', 'is not', null)
      .orderBy('displayed_at')
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    for (const [index, { id, displayed_at: madeAt, next_update_by: dueAt }] of words.entries()) {
      if (!incidentId || !madeAt || !dueAt) continue
      const outcome = outcomeOf(dueAt, words[index + 1])
      const promise = { id, incident_id: incidentId, kind: 'update' as const, made_by: id, made_at: madeAt }
      await db
        .insertInto('promises')
        .values({ ...promise, due_at: dueAt, reminded_at: null, ...outcome })
        .execute()
    }
  }
}

type Outcome = Pick<PromiseRow, 'outcome' | 'decided_at' | 'decided_by' | 'came_at'>

function outcomeOf(
  dueAt: PromiseRow['due_at'],
  next: { readonly id: string; readonly displayed_at: PromiseRow['came_at'] } | undefined,
): Outcome {
  if (!next?.displayed_at) return { outcome: null, decided_at: null, decided_by: null, came_at: null }
  const came = { decided_by: next.id, came_at: next.displayed_at }
  return next.displayed_at <= dueAt
    ? { outcome: 'kept', decided_at: next.displayed_at, ...came }
    : { outcome: 'missed', decided_at: dueAt, ...came }
}
