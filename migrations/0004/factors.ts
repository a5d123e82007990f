import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** What people prove themselves with beside a password, and the sessions that follow. */
export async function factors(db: Db): Promise<void> {
  // What a list of sessions says of each. Those that are open stay open: an upgrade signs nobody out in an incident.
  for (const name of ['id', 'browser', 'network'] as const) {
    await db.schema
      .alterTable('sessions')
      .addColumn(name, 'text', (c) => c.notNull().defaultTo(''))
      .execute()
  }
  await db.schema
    .alterTable('sessions')
    .addColumn('via', 'text', (c) => c.notNull().defaultTo('password'))
    .execute()
  await db.schema.alterTable('sessions').addColumn('proved_at', 'text').execute()
  await sql`update sessions set id = substr(secret_hash, 1, 12)`.execute(db)

  await db.schema
    .alterTable('sites')
    .addColumn('second_factor', 'text', (c) => c.notNull().defaultTo('optional'))
    .execute()

  await db.schema
    .createTable('code_apps')
    .addColumn('account_id', 'text', (c) => c.primaryKey().references('accounts.id'))
    .addColumn('sealed_seed', 'text', (c) => c.notNull())
    .addColumn('last_step', 'integer', (c) => c.notNull())
    .addColumn('confirmed_at', 'text')
    .addColumn('used_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('recovery_codes')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('code_hash', 'text', (c) => c.notNull())
    .addColumn('used_at', 'text')
    .addPrimaryKeyConstraint('recovery_codes_key', ['account_id', 'code_hash'])
    .execute()

  await db.schema
    .createTable('passkeys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('credential_id', 'text', (c) => c.notNull().unique())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('counter', 'bigint', (c) => c.notNull())
    .addColumn('transports', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('used_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('passkeys_account').on('passkeys').column('account_id').execute()

  await db.schema
    .createTable('challenges')
    .addColumn('challenge_hash', 'text', (c) => c.primaryKey())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('bound_to', 'text', (c) => c.notNull())
    .addColumn('network', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('challenges_bound').on('challenges').columns(['bound_to', 'purpose']).execute()
  await db.schema.createIndex('challenges_network').on('challenges').column('network').execute()

  await db.schema
    .createTable('half_sign_ins')
    .addColumn('secret_hash', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('half_sign_ins_account').on('half_sign_ins').column('account_id').execute()
}
