import { existsSync } from 'node:fs'
import { fileOf } from '../../database/backup.ts'
import { openDatabase } from '../../database/database.ts'
import { tableExists } from '../../database/dialect.ts'
import { type Barred, barredSince } from '../../domain/subscribers/suppressions.ts'
import type { Instant } from '../../lib/clock.ts'

/** Why nobody knows who left: nothing is there, it speaks of people by another key, or it cannot be read, with the reason. */
export type Unknown = 'no database' | 'another key' | Error

type Leavers = readonly Barred[] | Unknown

export function isKnown(leavers: Leavers): leavers is readonly Barred[] {
  return Array.isArray(leavers)
}

/**
 * Who left since a backup was made, as the database says whose place it is to take: they are not to be told again for an
 * accident of ours. That it cannot be read may be why it is replaced.
 */
export async function leaversSince(url: string, since: Instant): Promise<Leavers> {
  const file = fileOf(url)
  if (file !== null && !existsSync(file)) return 'no database'
  try {
    const { db, close } = openDatabase(url, 'for all rows')
    try {
      const { rows } = await tableExists(db, 'suppressions').execute(db)
      return rows.length > 0 ? await barredSince(db, since) : 'no database'
    } finally {
      await close()
    }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
