import { sql } from 'kysely'
import type { Carried, Db, Migration, Tx } from '../../src/database/database.ts'

const atOnce = 7

/** A step such as a later release may have: what was ever said is carried over into a table of its own, a few at a time. */
export const carries: Required<Migration> = {
  name: '9999-carries',
  async up(db) {
    await db.schema
      .createTable('sayings')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('portion', 'text', (c) => c.notNull())
      .execute()
  },
  async portion(tx, after) {
    const rows = await tx
      .selectFrom('updates')
      .select(['id', 'body'])
      .where('id', '>', after ?? '')
      .orderBy('id')
      .limit(atOnce)
      .execute()
    for (const { id, body } of rows) {
      await sql`insert into sayings (id, body, portion) values (${id}, ${body}, ${after ?? 'the first'})`.execute(tx)
    }
    const last = rows.at(-1)
    return last ? { after: last.id, share: await shareUpTo(tx, last.id) } : null
  },
}

async function shareUpTo(tx: Tx, last: string): Promise<Carried['share']> {
  const { done, all } = await tx
    .selectFrom('updates')
    .select((eb) => [
      eb.fn.countAll<number>().as('all'),
      eb.fn.countAll<number>().filterWhere('id', '<=', last).as('done'),
    ])
    .executeTakeFirstOrThrow()
  return done / all
}

export interface Saying {
  readonly id: string
  readonly body: string
  readonly portion: string
}

/** What was carried over, in order. */
export async function sayings(db: Db): Promise<readonly Saying[]> {
  return (await sql<Saying>`select id, body, portion from sayings order by id`.execute(db)).rows
}
