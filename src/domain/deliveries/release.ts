import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'

/** Lets go of what somebody claimed: it is due at once, as the letter that it is, because part of it may have arrived. */
export async function releaseClaims(db: Db, by: string, now: Instant): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ claimed_by: null, claimed_until: null, due_at: now })
    .where('claimed_by', '=', by)
    .where('done_at', 'is', null)
    .execute()
}

/** Who has claimed anything. */
export async function claimants(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('claimed_by')
    .distinct()
    .where('claimed_by', 'is not', null)
    .orderBy('claimed_by')
    .execute()
  return rows.flatMap(({ claimed_by: by }) => (by === null ? [] : [by]))
}
