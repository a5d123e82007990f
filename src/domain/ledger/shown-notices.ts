import type { Db } from '../../database/database.ts'
import type { Clock } from '../../lib/clock.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import { clockActor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'
import { recentNotices } from '../notices/queries.ts'
import { isKnown } from './queries.ts'

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

/** More of them do not begin while nobody looks. */
const atOnce = 50

/**
 * Job: notices that were written for later and whose time has come are public, and enter the ledger; also those whose time
 * came and went while Candor did not run.
 */
export async function noteShownNotices({ db, change, clock }: Parts): Promise<void> {
  await oneByOne(await recentNotices(db, clock.now(), atOnce), async ({ id, name }) => {
    if (await isKnown(db, id)) return
    await change(clockActor, async (it) => {
      // Another process may have been faster.
      if (!(await isKnown(it.tx, id))) await it.record({ type: 'notice.shown', subject: id, data: { name } })
    })
  })
}
