import { migrations } from '../../migrations/index.ts'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../lib/clock.ts'
import { Conflict } from '../lib/errors.ts'
import {
  type Carried,
  type Db,
  type Migration,
  type OpenDatabase,
  type Tx,
  inTransaction,
  openDatabase,
} from './database.ts'
import { tableExists, takeMigrationTurn } from './dialect.ts'
import type { Patience } from './postgres-pool.ts'

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

/** How far the last step is, if it is one that goes in portions and is under way; null: it is done. */
export async function underWay(db: Db): Promise<Carried | null> {
  if ((await databaseVersion(db)) === 0) return null
  // All columns: databases of before such steps have no word of how far they are.
  const row = await db.selectFrom('schema_versions').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst()
  return row?.under_way ? (JSON.parse(row.under_way) as Carried) : null
}

/** Whoever waits for the database looks every ten milliseconds whether it is free: after each portion it is. */
const breathMs = 20

/**
 * Brings the database to the version of the code, and answers the names of the steps it ran: each in a transaction of its
 * own, and each portion of those that have some, so that it goes on where it was, whoever goes on. Forward only: a
 * database that is newer than the code is refused.
 */
export async function migrate(
  db: Db,
  clock: Clock,
  list: readonly Migration[] = migrations,
  carried: (share: number) => void = () => undefined,
): Promise<string[]> {
  const ran = new Set<string>()
  for (;;) {
    const did = await inTransaction(db, async (tx) => {
      await takeMigrationTurn(tx)
      const version = await databaseVersion(tx)
      if (version > list.length) {
        throw new Conflict(
          `The database is newer (version ${version}) than this Candor (version ${list.length}). ` +
            'Start the newer Candor again, or restore a backup from before the upgrade.',
        )
      }
      const before = await underWay(tx)
      return before
        ? carryOn(tx, { version, step: list[version - 1], before })
        : begin(tx, clock, version, list[version])
    })
    if (did === null) return [...ran]
    ran.add(did.name)
    if (did.share === null) continue
    carried(did.share)
    await pause(breathMs)
  }
}

/** Which step, and how far it is; null: it is done. */
interface Did {
  readonly name: string
  readonly share: number | null
}

async function begin(tx: Tx, clock: Clock, version: number, step: Migration | undefined): Promise<Did | null> {
  if (!step) return null
  await step.up(tx)
  const nothingYet: Carried = { after: null, share: 0 }
  await tx
    .insertInto('schema_versions')
    .values({
      version: version + 1,
      name: step.name,
      applied_at: clock.now(),
      ...(step.portion ? { under_way: JSON.stringify(nothingYet) } : {}),
    })
    .execute()
  return { name: step.name, share: null }
}

interface UnderWay {
  readonly version: number
  readonly step: Migration | undefined
  readonly before: Carried
}

async function carryOn(tx: Tx, { version, step, before }: UnderWay): Promise<Did> {
  if (!step?.portion) throw new Error(`Version ${version} is under way, and this Candor does not know how it goes on.`)
  const now = await step.portion(tx, before.after)
  await tx
    .updateTable('schema_versions')
    .set({ under_way: now && JSON.stringify(now) })
    .where('version', '=', version)
    .execute()
  return { name: step.name, share: now?.share ?? null }
}

/** Opens a database and brings it to the version of the code; `ran` names the steps that this took. */
export async function openMigrated(
  url: string,
  clock: Clock,
  patience?: Patience,
  carried?: (share: number) => void,
): Promise<{ database: OpenDatabase; ran: string[] }> {
  const database = openDatabase(url, patience)
  try {
    return { database, ran: await migrate(database.db, clock, migrations, carried) }
  } catch (error) {
    await database.close()
    throw error
  }
}
