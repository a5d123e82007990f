import { hostname } from 'node:os'
import { type Clock, type Instant, later } from '../lib/clock.ts'
import type { Ids } from '../lib/ids.ts'
import type { Db } from './database.ts'
import { instantForAll } from './dialect.ts'

/**
 * What only one of several processes does at a time, for as long as it says every few seconds that it is there. Whoever
 * was stopped and wakes up may do some of it beside the next one until it asks: what must not happen twice is decided in
 * a change, from how things are there, and rests on no lease.
 */
export interface Lease {
  /** Whether this process has it, as far as it can know: one that could not say so for a while does not rely on it. */
  isHeld(): boolean
  /** Takes it if it is free, keeps it if it is ours. */
  renew(): Promise<void>
  /** Lets the next one have it at once. */
  release(): Promise<void>
}

const seconds = 10
/** Ours ends before anybody else may take it. */
const marginMs = 2000

export interface LeaseParts {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  /** Machine, number of the process, and something that tells it from one that had the same number. */
  readonly holder?: string
}

export function createLease({ db, clock, ids, holder }: LeaseParts, name: string): Lease {
  const me = holder ?? holderName(ids)
  let heldUntil = -Infinity
  let heldUntilInstant = '' as Instant
  return {
    // By a clock that nobody sets, and by the one that went on while the machine slept.
    isHeld: () => performance.now() < heldUntil && clock.now() < heldUntilInstant,
    async renew() {
      const asked = performance.now()
      const known = await db.selectFrom('leases').select('holder').where('name', '=', name).executeTakeFirst()
      const gone = known && isDead(known.holder) ? known.holder : me
      const askedAt = clock.now()
      const now = instantForAll(db, clock)
      const until = instantForAll(db, clock, seconds)
      // So far ahead only a clock can have written that was set right since.
      const impossible = instantForAll(db, clock, seconds * 2)
      const taken = await db
        .insertInto('leases')
        .values({ name, holder: me, until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ holder: me, until })
            .where((eb) =>
              eb.or([
                eb('leases.holder', 'in', [me, gone]),
                eb('leases.until', '<', now),
                eb('leases.until', '>', impossible),
              ]),
            ),
        )
        .returning('holder')
        .executeTakeFirst()
      const heldMs = seconds * 1000 - marginMs
      heldUntil = taken ? asked + heldMs : -Infinity
      heldUntilInstant = later(askedAt, heldMs / 1000)
    },
    async release() {
      heldUntil = -Infinity
      await db.deleteFrom('leases').where('name', '=', name).where('holder', '=', me).execute()
    },
  }
}

/** Somebody who may hold something: machine, number of the process, and what tells it from one with the same number. */
export function holderName(ids: Ids): string {
  return `${hostname()} ${process.pid} ${ids.next()}`
}

/** One that was killed on this machine: nobody has to wait for it. Its number may be ours by now, as in a container. */
export function isDead(holder: string): boolean {
  const [host, pid] = holder.split(' ')
  if (host !== hostname()) return false
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
