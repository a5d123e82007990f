import type { Db } from '../../database/database.ts'
import { inTransaction } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { later, secondsBetween } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'

/**
 * Whose guesses are counted. An account and a network each wait on their own. A device on which this person has
 * signed in before is counted by itself alone, so that nobody can shut an operator out by guessing.
 */
export type Guesser =
  | { readonly kind: 'account'; readonly key: string }
  | { readonly kind: 'network'; readonly key: string }
  | { readonly kind: 'device'; readonly key: string }

/** Whoever is counted by network is counted with all others too: who guesses at many accounts does so from many networks. */
type Counted = Guesser['kind'] | 'everybody'
const everybody = { kind: 'everybody', key: 'who' } as const

interface Limit {
  /** How many wrong passwords pass without a wait. */
  readonly free: number
  readonly longestWait: number
  /** After so much quiet it begins anew. */
  readonly forgottenAfter: number
}

const minute = 60
const day = 24 * 3600
const limits: Readonly<Record<Counted, Limit>> = {
  account: { free: 5, longestWait: 15 * minute, forgottenAfter: day },
  device: { free: 5, longestWait: 15 * minute, forgottenAfter: day },
  network: { free: 10, longestWait: 15 * minute, forgottenAfter: day },
  // Short: it is the one that makes people wait for what strangers do, on a device that is not known.
  everybody: { free: 20, longestWait: minute / 2, forgottenAfter: 15 * minute },
}

/** Seconds to wait after so many failures: nothing at first, then 1, 2, 4 … a quarter of an hour. Never for ever. */
export function waitAfter(failures: number, kind: Counted): number {
  const { free, longestWait } = limits[kind]
  return failures < free ? 0 : Math.min(2 ** (failures - free), longestWait)
}

/**
 * Counts an attempt as failed before it is made, so that a thousand at once are a thousand failures; `forgive` takes
 * it back. Refuses while somebody has to wait: then no password is hashed and nothing is counted, but `heldBack` told.
 */
export async function takeAttempt(
  db: Db,
  guessers: readonly Guesser[],
  now: Instant,
  heldBack: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const taken = inTransaction(db, async (tx) => {
    for (const guesser of counted(guessers)) {
      const key = keyOf(guesser)
      // Writes the row as it is, which holds it until the end of the transaction on either database.
      const row = await tx
        .insertInto('sign_in_failures')
        .values({ key, failures: 0, last_at: now })
        .onConflict((on) => on.column('key').doUpdateSet((eb) => ({ failures: eb.ref('sign_in_failures.failures') })))
        .returningAll()
        .executeTakeFirstOrThrow()
      // A clock that was set back is no reason to wait until it is as late again.
      const sinceLast = Math.max(0, secondsBetween(row.last_at, now))
      const failures = sinceLast < limits[guesser.kind].forgottenAfter ? row.failures : 0
      const wait = waitAfter(failures, guesser.kind) - sinceLast
      if (wait > 0) throw new TooMany(`Too many wrong passwords. Try again in ${inWords(wait)}.`, wait)
      await tx
        .updateTable('sign_in_failures')
        .set({ failures: failures + 1, last_at: now })
        .where('key', '=', key)
        .execute()
    }
  })
  try {
    await taken
  } catch (error) {
    if (error instanceof TooMany) await heldBack()
    throw error
  }
}

/** The attempt was not made after all: nobody learnt anything, so nobody has to wait for it. */
export async function takeBack(db: Db, guessers: readonly Guesser[]): Promise<void> {
  await db
    .updateTable('sign_in_failures')
    .set((row) => ({ failures: row('failures', '-', 1) }))
    .where('key', 'in', counted(guessers).map(keyOf))
    .where('failures', '>', 0)
    .execute()
}

/** The attempt was right: the account and the device begin anew, what is shared with others gets this one attempt back. */
export async function forgive(db: Db, guessers: readonly Guesser[], now: Instant): Promise<void> {
  await inTransaction(db, async (tx) => {
    const own = guessers.filter((guesser) => guesser.kind !== 'network').map(keyOf)
    if (own.length > 0) await tx.deleteFrom('sign_in_failures').where('key', 'in', own).execute()
    const shared = counted(guessers).filter(({ kind }) => kind === 'network' || kind === 'everybody')
    for (const one of shared) {
      await tx
        .updateTable('sign_in_failures')
        .set((row) => ({ failures: row('failures', '-', 1) }))
        .where('key', '=', keyOf(one))
        .execute()
    }
    await tx.deleteFrom('sign_in_failures').where('last_at', '<', later(now, -day)).execute()
  })
}

function counted(guessers: readonly Guesser[]): readonly { readonly kind: Counted; readonly key: string }[] {
  return guessers.some(({ kind }) => kind === 'network') ? [...guessers, everybody] : guessers
}

function keyOf({ kind, key }: { readonly kind: Counted; readonly key: string }): string {
  return `${kind}:${key}`
}

function inWords(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
