import type { Clock, Instant } from '../../lib/clock.ts'
import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { takeTurn } from '../../database/dialect.ts'
import type { Actor } from './actor.ts'
import type { Difference } from './difference.ts'
import { type Event, nounOf } from './events.ts'

/**
 * One transaction, one actor, one moment: the only way anything is written that somebody would read about. Inside
 * there is only SQL: no network, no file, no template. A face, a job or a probe opens it; commands take it, so they
 * compose and live or die together.
 */
export interface Change {
  readonly tx: Tx
  readonly actor: Actor
  readonly now: Instant
  readonly ids: Ids
  /** Seals secrets before they are written. */
  readonly vault: Vault
  /** Writes down what happened, in the same transaction as the fact; and what the fields that changed were and are. */
  record(event: Event, changes?: readonly Difference[]): Promise<void>
}

/** Opens a change, runs `work` in it and commits; answers what `work` answers. If it throws, nothing was written. */
export type Changer = <T>(actor: Actor, work: (change: Change) => Promise<T>) => Promise<T>

/** Writes what these events made public into the ledger, in the transaction that made it so. */
export type Scribe = (tx: Tx, now: Instant, events: readonly Event[]) => Promise<void>

export interface ChangerParts {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  readonly vault: Vault
  readonly scribe: Scribe
  /** Whether the log is to say from where something was done; without a word, it is. */
  readonly addresses?: 'kept' | 'never kept'
  /** Called after each commit that somebody may hear of. A hint only: followers would find the event by themselves. */
  wake(): void
}

/** No page says who comes and goes, and nobody is told: where hundreds sign in at once nothing is read again for each. */
const unheard: ReadonlySet<string> = new Set<Event['type']>([
  'account.signed-in',
  'account.signed-out',
  'account.sign-in-refused',
])

/** Whether any page or letter may differ after it. */
export function isHeardOf({ type }: { readonly type: string }): boolean {
  return !unheard.has(type)
}

export function changer({ db, clock, ids, vault, scribe, wake, addresses = 'kept' }: ChangerParts): Changer {
  return async (actor, work) => {
    const events: Event[] = []
    const result = await inTransaction(db, async (tx) => {
      await takeTurn(tx)
      const now = clock.now()
      const record: Change['record'] = async (event, changes = []) => {
        events.push(event)
        const seq = await writeDown({ tx, actor, now }, event, changes)
        if (addresses === 'kept') await noteAddress({ tx, actor, now }, seq)
      }
      const done = await work({ tx, actor, now, ids, vault, record })
      // At the end, when the rows are as readers will see them.
      await scribe(tx, now, events)
      return done
    })
    if (events.some(isHeardOf)) wake()
    return result
  }
}

async function writeDown(
  { tx, actor, now }: Pick<Change, 'tx' | 'actor' | 'now'>,
  event: Event,
  changes: readonly Difference[],
): Promise<number> {
  const { from: _, ...who } = actor as From
  const { seq } = await tx
    .insertInto('events')
    .values({
      at: now,
      actor: JSON.stringify(who),
      actor_id: 'id' in who ? who.id : who.kind,
      type: event.type,
      noun: nounOf(event),
      subject: event.subject,
      data: JSON.stringify(event.data),
      changes: changes.length === 0 ? null : JSON.stringify(changes),
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  return seq
}

type From = Actor & { readonly from?: string }

/** Apart from the event, which stays for ever. */
async function noteAddress({ tx, actor, now }: Pick<Change, 'tx' | 'actor' | 'now'>, seq: number): Promise<void> {
  const { from = null } = actor as From
  if (from !== null) await tx.insertInto('event_addresses').values({ seq, at: now, address: from }).execute()
}
