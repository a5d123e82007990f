import { existsSync } from 'node:fs'
import { fileOf } from '../../database/backup.ts'
import { openDatabase } from '../../database/database.ts'
import { type Barred, barredSince } from '../../domain/subscribers/suppressions.ts'
import type { Instant } from '../../lib/clock.ts'

/**
 * Who left since a backup was made, as the database says whose place it is to take: they are not to be told again for an
 * accident of ours. Null: there is none, or it cannot be read, which may be why it is replaced.
 */
export async function leaversSince(url: string, since: Instant): Promise<readonly Barred[] | null> {
  const file = fileOf(url)
  if (file !== null && !existsSync(file)) return null
  try {
    const { db, close } = openDatabase(url, 'for all rows')
    try {
      return await barredSince(db, since)
    } finally {
      await close()
    }
  } catch {
    return null
  }
}
