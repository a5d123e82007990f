import { sql } from 'kysely'
import { migrations } from '../../migrations/index.ts'
import { type Db, type OpenDatabase, inTransaction } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { emptyDatabase } from '../database.ts'
import type { Release } from './recorded.ts'

const isFile = process.env['TEST_DATABASE_URL'] === undefined

/** A database as this release left it. */
export async function recorded(release: Release): Promise<OpenDatabase> {
  const database = await emptyDatabase()
  await fill(database.db, release)
  return database
}

/** Makes a release's tables in an empty database, with what was recorded of it. */
export async function fill(db: Db, { version, rows }: Release): Promise<void> {
  await migrate(db, wallClock, migrations.slice(0, version))
  await inTransaction(db, async (tx) => {
    // In whatever order tables come.
    await (isFile ? sql`pragma defer_foreign_keys = on` : sql`set local session_replication_role = replica`).execute(tx)
    for (const [table, all] of rows) {
      // What the migrations themselves wrote is in it.
      await sql`delete from ${sql.table(table)}`.execute(tx)
      for (let from = 0; from < all.length; from += 50) {
        await tx
          .insertInto(table as 'events')
          .values(all.slice(from, from + 50) as never)
          .execute()
      }
    }
    if (isFile) return
    for (const table of ['events', 'ledger'].filter((name) => rows.has(name))) {
      await sql`select setval(pg_get_serial_sequence(${table}, 'seq'), (select max(seq) from ${sql.table(table)}))`.execute(
        tx,
      )
    }
  })
}

/** Every table with its columns and the number of its rows. */
export async function dumpOf(db: Db): Promise<unknown> {
  const tables = (await db.introspection.getTables()).filter(({ isView }) => !isView)
  return Promise.all(
    tables.map(async ({ name, columns }) => [name, columns.map((column) => column.name), await countOf(db, name)]),
  )
}

export async function countOf(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db)
  return Number(rows[0]?.count)
}
