import type { Db } from '../../database/database.ts'
import type { End } from './chain.ts'

/** Where the ledger ends; null before it begins. One indexed read. */
export async function ledgerEnd(db: Db): Promise<End | null> {
  const row = await db
    .selectFrom('ledger')
    .select(['seq', 'at', 'hash', 'ends'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
