import { type Db, inTransaction } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import { type Clock, later } from '../../lib/clock.ts'

/** How often somebody was called is of use for a yearly look back; that somebody took it stands in the log. */
const keptDays = 400

const atOnce = 500

/** Job: forgets what operators were called for long ago. What stands is kept, however long. A portion at a time. */
export async function forgetAlerts({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const before = later(clock.now(), -keptDays * 24 * 3600)
  for (;;) {
    const forgotten = await inTransaction(db, async (tx) => {
      const old = await tx
        .selectFrom('alerts')
        .select('id')
        .where('at', '<', before)
        .where('over_at', '<', before)
        .orderBy('at')
        .orderBy('id')
        .limit(atOnce)
        .execute()
      const ids = old.map(({ id }) => id)
      if (ids.length > 0) await tx.deleteFrom('alerts').where('id', 'in', ids).execute()
      return ids.length
    })
    if (forgotten < atOnce) return
    await breath()
  }
}
