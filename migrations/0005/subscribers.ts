import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** Who is told, of what, and how. Their addresses are sealed: the key lies outside the database. */
export async function subscribers(db: Db): Promise<void> {
  await db.schema
    .createTable('subscribers')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('target_sealed', 'text', (c) => c.notNull())
    // A keyed hash, so that an address is found and cannot be read.
    .addColumn('address_hash', 'text', (c) => c.notNull().unique())
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('zone', 'text', (c) => c.notNull())
    .addColumn('everything', 'text', (c) => c.notNull())
    .addColumn('kinds', 'text', (c) => c.notNull())
    .addColumn('severity_from', 'text', (c) => c.notNull())
    .addColumn('extent', 'text', (c) => c.notNull())
    .addColumn('quiet_from', 'text')
    .addColumn('quiet_until', 'text')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('consented_at', 'text')
    .addColumn('confirmed_at', 'text')
    .addColumn('paused_at', 'text')
    .addColumn('disabled_at', 'text')
    .addColumn('disabled_because', 'text')
    // How often it was written to about the subscription itself, and since when that is counted.
    .addColumn('asked', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('asked_since', 'text')
    // Addresses that bounce are given up after several in a row, not after one.
    .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('failing_since', 'text')
    // JSON: what was asked for with this address later on, which counts when its owner says so; and since when it waits.
    .addColumn('wanted', 'text')
    .addColumn('wanted_at', 'text')
    // Of a webhook: since when it is signed with another secret as well as the one before.
    .addColumn('secret_changed_at', 'text')
    // Rises when all links that were sent before are to be worth nothing.
    .addColumn('links', 'integer', (c) => c.notNull().defaultTo(1))
    .execute()
  await db.schema.createIndex('subscribers_created').on('subscribers').columns(['created_at', 'id']).execute()
  await db.schema
    .createIndex('subscribers_unconfirmed')
    .on('subscribers')
    .column('created_at')
    .where(sql.ref('confirmed_at'), 'is', null)
    .execute()

  await db.schema
    .createIndex('subscribers_two_secrets')
    .on('subscribers')
    .column('secret_changed_at')
    .where(sql.ref('secret_changed_at'), 'is not', null)
    .execute()

  // Who is told and wants everything, with all by which it is decided: a walk along this index counts them.
  await db.schema
    .createIndex('subscribers_told')
    .on('subscribers')
    // The last three, so that the condition itself needs no look at the row.
    .columns(['everything', 'id', 'kinds', 'severity_from', 'extent', 'channel'])
    .columns(['confirmed_at', 'paused_at', 'disabled_at'])
    .where(sql.ref('confirmed_at'), 'is not', null)
    .where(sql.ref('paused_at'), 'is', null)
    .where(sql.ref('disabled_at'), 'is', null)
    .execute()

  await db.schema
    .createTable('subscriber_scopes')
    .addColumn('subscriber_id', 'text', (c) => c.notNull().references('subscribers.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('target_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('subscriber_scopes_key', ['subscriber_id', 'kind', 'target_id'])
    .execute()
  await db.schema
    .createIndex('subscriber_scopes_target')
    .on('subscriber_scopes')
    .columns(['kind', 'target_id', 'subscriber_id'])
    .execute()

  // Everybody who asks is written down alike and answered later, so that no time tells who is known.
  await db.schema
    .createTable('subscriber_asks')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('subscriber_asks_at').on('subscriber_asks').columns(['at', 'id']).execute()

  // What somebody chose who says in a chat, with a code, that it is theirs.
  await db.schema
    .createTable('subscriber_codes')
    .addColumn('code_hash', 'text', (c) => c.primaryKey())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('subscriber_codes_at').on('subscriber_codes').column('at').execute()

  // The bot that people write to, as long as it hears them: by its name.
  await db.schema
    .createTable('bots')
    .addColumn('channel', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .execute()

  // What is left of somebody who left: enough not to be brought back by a list, and no more.
  await db.schema
    .createTable('suppressions')
    .addColumn('address_hash', 'text', (c) => c.primaryKey())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
}
