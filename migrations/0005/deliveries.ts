import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'
import { serialColumn } from '../../src/database/dialect.ts'

/** What is told, and to whom it was brought. */
export async function deliveries(db: Db): Promise<void> {
  const serial = serialColumn(db)
  await db.schema
    .createTable('messages')
    .addColumn('number', serial.type, serial.build)
    // The event that it tells of: one event is one message. Null: a letter to one recipient.
    .addColumn('event_seq', 'bigint', (c) => c.unique())
    .addColumn('kind', 'text', (c) => c.notNull())
    // What belongs to one conversation: incident:abc.
    .addColumn('thread', 'text', (c) => c.notNull())
    // The update that it brings, so that one is found by the other.
    .addColumn('word', 'text')
    // As severe as the conversation ever was: by this it is decided who hears of it.
    .addColumn('severity', 'text')
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('due_at', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    // Who comes next where it is handed out to many; '' before the first.
    .addColumn('cursor', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('handed_out_at', 'text')
    .addColumn('taken_back_at', 'text')
    .addColumn('recipients', 'integer', (c) => c.notNull().defaultTo(0))
    // Sums of what is no longer kept one by one.
    .addColumn('accepted', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('failed', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema
    .createIndex('messages_to_hand_out')
    .on('messages')
    .columns(['due_at', 'number'])
    .where(sql.ref('handed_out_at'), 'is', null)
    .where(sql.ref('taken_back_at'), 'is', null)
    .execute()
  await db.schema
    .createIndex('messages_word')
    .on('messages')
    .columns(['word', 'number'])
    .where(sql.ref('word'), 'is not', null)
    .execute()
  await db.schema.createIndex('messages_thread').on('messages').columns(['thread', 'number']).execute()

  await db.schema
    .createTable('deliveries')
    .addColumn('message', 'bigint', (c) => c.notNull().references('messages.number'))
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('recipient', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('thread', 'text', (c) => c.notNull())
    // When it is looked at next: while it is under way or waits for another, that moves.
    .addColumn('due_at', 'text', (c) => c.notNull())
    // When it was first due, from its first claim on.
    .addColumn('first_due_at', 'text')
    .addColumn('claimed_by', 'text')
    .addColumn('claimed_until', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    // The first of those that go out as one; null: it has not been decided.
    .addColumn('lead', 'bigint')
    .addColumn('done_at', 'text')
    .addColumn('outcome', 'text')
    .addColumn('reason', 'text')
    .addColumn('code', 'text')
    .addPrimaryKeyConstraint('deliveries_key', ['message', 'audience', 'recipient'])
    .execute()
  await db.schema
    .createIndex('deliveries_due')
    .on('deliveries')
    // Each channel, and each audience of it, takes its own: one that stands still keeps no other waiting.
    .columns(['channel', 'audience', 'due_at', 'message', 'recipient'])
    .where(sql.ref('done_at'), 'is', null)
    .execute()
  await db.schema
    .createIndex('deliveries_claimed')
    .on('deliveries')
    .column('claimed_by')
    .where(sql.ref('claimed_by'), 'is not', null)
    .execute()
  // What is forgotten after a while.
  await db.schema
    .createIndex('deliveries_done')
    .on('deliveries')
    .columns(['done_at', 'message'])
    .where(sql.ref('done_at'), 'is not', null)
    .execute()
  // All that one got, in order for each conversation.
  await db.schema
    .createIndex('deliveries_of')
    .on('deliveries')
    .columns(['audience', 'recipient', 'thread', 'message'])
    .execute()

  await db.schema
    .createTable('followed')
    // Which follower, and the last event that it has seen to.
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .execute()
  // From the present: nobody is told of what was before there were subscribers.
  await db
    .insertInto('followed')
    .columns(['name', 'seq'])
    .expression((eb) =>
      eb
        .selectFrom('events')
        .select((row) => [sql.lit('subscribers').as('name'), row.fn.coalesce(row.fn.max('seq'), row.lit(0)).as('seq')]),
    )
    .execute()
}
