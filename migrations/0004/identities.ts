import type { Db } from '../../src/database/database.ts'

/** Who people are elsewhere, how they come back in, and tokens that follow each other. */
export async function identities(db: Db): Promise<void> {
  await db.schema
    .createTable('identities')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('issuer', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('used_at', 'text', (c) => c.notNull())
    .addColumn('shut_at', 'text')
    .addUniqueConstraint('identities_subject', ['issuer', 'subject'])
    .execute()
  await db.schema.createIndex('identities_account').on('identities').column('account_id').execute()

  await db.schema
    .createTable('account_resets')
    .addColumn('secret_hash', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('factors', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('account_resets_account').on('account_resets').column('account_id').execute()

  for (const column of ['used_from', 'former_hash', 'former_until', 'former_used_at', 'changed_at']) {
    await db.schema.alterTable('tokens').addColumn(column, 'text').execute()
  }
  await db.schema.createIndex('tokens_former').on('tokens').column('former_hash').execute()
}
