import { parentPort, workerData } from 'node:worker_threads'
import { wallClock } from '../lib/clock.ts'
import { Refusal } from '../lib/errors.ts'
import { openMigrated } from './migrate.ts'
import type { Upgrading } from './upgrade.ts'

/** The thread that upgrades a database: what it does to rows by the million keeps no reader waiting. */
const tell = (said: Upgrading): void => parentPort?.postMessage(said)

try {
  const { database, ran } = await openMigrated(workerData as string, wallClock, 'for all rows', (share) =>
    tell({ share }),
  )
  await database.close()
  tell({ ran })
} catch (error) {
  if (error instanceof Refusal) tell({ refusal: error.message })
  else tell({ error: error instanceof Error ? error : new Error(String(error)) })
}
