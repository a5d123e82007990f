import { parentPort, workerData } from 'node:worker_threads'
import { wallClock } from '../lib/clock.ts'
import { openMigrated } from './migrate.ts'
import type { Upgraded } from './upgrade.ts'

/** The thread that upgrades a database: what it does to rows by the million keeps no reader waiting. */
const tell = (answer: Upgraded): void => parentPort?.postMessage(answer)

try {
  const { database, ran } = await openMigrated(workerData as string, wallClock, 'for all rows')
  await database.close()
  tell({ ran })
} catch (error) {
  tell({ error: error instanceof Error ? error : new Error(String(error)) })
}
