import type { Db } from '../../src/database/database.ts'

/** Requests that are carried out once, however often they are sent. */
export async function requestsOnce(db: Db): Promise<void> {
  await db.schema
    .createTable('requests_once')
    .addColumn('token_id', 'text', (c) => c.notNull())
    .addColumn('key_hash', 'text', (c) => c.notNull())
    .addColumn('request_hash', 'text', (c) => c.notNull())
    .addColumn('answer', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('requests_once_key', ['token_id', 'key_hash'])
    .execute()
  await db.schema.createIndex('requests_once_at').on('requests_once').column('at').execute()
}
