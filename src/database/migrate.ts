import { migrations } from '../../migrations/index.ts'
import type { Clock } from '../lib/clock.ts'
import { Conflict } from '../lib/errors.ts'
import { type Db, type Migration, type OpenDatabase, inTransaction, openDatabase } from './database.ts'
import { type Patience, tableExists, takeMigrationTurn } from './dialect.ts'

/** The version that this code knows: the number of migrations. */
export const codeVersion: number = migrations.length

/** The version of the database: how many migrations have run; 0 for an empty one. */
export async function databaseVersion(db: Db): Promise<number> {
  if ((await tableExists(db, 'schema_versions').execute(db)).rows.length === 0) return 0
  const row = await db
    .selectFrom('schema_versions')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst()
  return Number(row?.version ?? 0)
}

/**
 * Brings the database to the version of the code, each step in a transaction of its own, and answers the names of the
 * steps it ran. Forward only: a database that is newer than the code is refused.
 */
export async function migrate(db: Db, clock: Clock, list: readonly Migration[] = migrations): Promise<string[]> {
  const ran: string[] = []
  for (;;) {
    const name = await inTransaction(db, async (tx) => {
      await takeMigrationTurn(tx)
      const version = await databaseVersion(tx)
      if (version > list.length) {
        throw new Conflict(
          `The database is newer (version ${version}) than this Candor (version ${list.length}). ` +
            'Start the newer Candor again, or restore a backup from before the upgrade.',
        )
      }
      const next = list[version]
      if (!next) return null
      await next.up(tx)
      await tx
        .insertInto('schema_versions')
        .values({ version: version + 1, name: next.name, applied_at: clock.now() })
        .execute()
      return next.name
    })
    if (name === null) return ran
    ran.push(name)
  }
}

/** Opens a database and brings it to the version of the code; `ran` names the steps that this took. */
export async function openMigrated(
  url: string,
  clock: Clock,
  patience?: Patience,
): Promise<{ database: OpenDatabase; ran: string[] }> {
  const database = openDatabase(url, patience)
  try {
    return { database, ran: await migrate(database.db, clock) }
  } catch (error) {
    await database.close()
    throw error
  }
}
