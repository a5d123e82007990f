import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { eachTurn } from '../../lib/each-turn.ts'
import { type LoggedEvent, eventsAfter } from '../changes/log.ts'

/** Where it is said that an event was passed by. */
export interface Complaints {
  error(facts: object, words: string): void
}

interface Following {
  /** Its row in `followed`, which a migration has made. */
  readonly name: string
  /** Within the transaction in which the event counts as seen. */
  see(tx: Tx, event: LoggedEvent): Promise<void>
}

/** Most events tell nobody anything, and are passed by together. */
const atOnce = 100

/** What throws so often in a row is passed by, with an error in the log: one event must not silence all that come after. */
const mostTries = 3

/**
 * Sees every event once, in order: what it writes and how far it has come are one transaction, so that neither a kill nor
 * a second process repeats or loses anything. Answers a function that goes on to the newest event.
 */
export function follower(
  { db, log }: { readonly db: Db; readonly log: Complaints },
  { name, see }: Following,
): () => Promise<void> {
  const stuck = { at: -1, tries: 0 }
  return async () => {
    const turn = eachTurn()
    let most = atOnce
    for (;;) {
      const seen = await seenBy(db, name)
      const events = await eventsAfter(db, seen, most)
      const [first] = events
      const last = events.at(-1)
      if (!first || !last) return
      try {
        await advance(db, { name, from: seen, to: last.seq }, async (tx) => {
          for (const event of events) await see(tx, event)
        })
      } catch (error) {
        if (events.length > 1) {
          // One by one: those before it are not held up.
          most = 1
          continue
        }
        stuck.tries = stuck.at === first.seq ? stuck.tries + 1 : 1
        stuck.at = first.seq
        if (stuck.tries < mostTries) throw new Error(`while telling of event ${first.seq}`, { cause: error })
        log.error({ err: error, event: first.seq, type: first.type }, 'An event could not be told to anybody.')
        await advance(db, { name, from: seen, to: first.seq }, () => Promise.resolve())
      }
      await turn()
    }
  }
}

async function seenBy(db: Db, name: string): Promise<number> {
  const { seq } = await db.selectFrom('followed').select('seq').where('name', '=', name).executeTakeFirstOrThrow()
  return seq
}

/** Does nothing where another process was faster. */
async function advance(
  db: Db,
  { name, from, to }: { readonly name: string; readonly from: number; readonly to: number },
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const moved = await tx
      .updateTable('followed')
      .set({ seq: to })
      .where('name', '=', name)
      .where('seq', '=', from)
      .executeTakeFirst()
    if (moved.numUpdatedRows > 0n) await work(tx)
  })
}
