import { readConfig } from '../config.ts'
import { openMigrated } from '../database/migrate.ts'
import type { Patience } from '../database/database.ts'
import { type Deps, createDeps } from '../deps.ts'
import { wallClock } from '../lib/clock.ts'
import { randomIds } from '../lib/ids.ts'
import { createLog } from '../lib/log.ts'
import { secretFile } from '../lib/secret-file.ts'
import type { Shell } from './command.ts'

/**
 * The product over its database, brought up to date, without anything that runs. Closed when the work is over.
 * `patience`: for how long one statement may take.
 */
export async function withProduct<T>(
  { env }: Shell,
  work: (deps: Deps) => Promise<T>,
  patience?: Patience,
): Promise<T> {
  const config = readConfig(env)
  const { database } = await openMigrated(config.databaseUrl, wallClock, patience)
  try {
    const key = secretFile(config.dataDir, 'key', randomIds)
    const log = createLog('silent')
    return await work(await createDeps({ config, database, clock: wallClock, ids: randomIds, log, key }))
  } finally {
    await database.close()
  }
}
