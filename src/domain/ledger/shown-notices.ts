import type { Db } from '../../database/database.ts'
import type { Clock } from '../../lib/clock.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import { clockActor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'
import { currentNotices } from '../notices/queries.ts'
import { isKnown } from './queries.ts'

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

/** Job: notices that were written for later and whose time has come are public now, and enter the ledger. */
export async function noteShownNotices({ db, change, clock }: Parts): Promise<void> {
  await oneByOne(await currentNotices(db, clock.now()), async ({ id, name }) => {
    if (await isKnown(db, id)) return
    await change(clockActor, async (it) => {
      // Another process may have been faster.
      if (!(await isKnown(it.tx, id))) await it.record({ type: 'notice.shown', subject: id, data: { name } })
    })
  })
}
