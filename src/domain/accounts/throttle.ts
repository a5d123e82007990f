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

/** How many wrong passwords pass without a wait. */
const free: Record<Guesser['kind'], number> = { account: 5, device: 5, network: 10 }
const longestWait = 15 * 60
const forgottenAfter = 24 * 3600

/** Seconds to wait after so many failures: nothing at first, then 1, 2, 4 … a quarter of an hour. Never for ever. */
export function waitAfter(failures: number, kind: Guesser['kind']): number {
  if (failures < free[kind]) return 0
  return Math.min(2 ** (failures - free[kind]), longestWait)
}

/**
 * Counts an attempt as failed before it is made, so that a thousand at once are a thousand failures; `forgive` takes
 * it back. Refuses while somebody has to wait: then no password is hashed and nothing is counted.
 */
export async function takeAttempt(db: Db, guessers: readonly Guesser[], now: Instant): Promise<void> {
  await inTransaction(db, async (tx) => {
    for (const guesser of guessers) {
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
      const failures = sinceLast < forgottenAfter ? row.failures : 0
      const wait = waitAfter(failures, guesser.kind) - sinceLast
      if (wait > 0) throw new TooMany(`Too many wrong passwords. Try again in ${inWords(wait)}.`, wait)
      await tx
        .updateTable('sign_in_failures')
        .set({ failures: failures + 1, last_at: now })
        .where('key', '=', key)
        .execute()
    }
  })
}

/** The attempt was not made after all: nobody learnt anything, so nobody has to wait for it. */
export async function takeBack(db: Db, guessers: readonly Guesser[]): Promise<void> {
  await db
    .updateTable('sign_in_failures')
    .set((row) => ({ failures: row('failures', '-', 1) }))
    .where('key', 'in', guessers.map(keyOf))
    .where('failures', '>', 0)
    .execute()
}

/** The attempt was right: the account and the device begin anew, the network gets this one attempt back. */
export async function forgive(db: Db, guessers: readonly Guesser[], now: Instant): Promise<void> {
  await inTransaction(db, async (tx) => {
    const own = guessers.filter((guesser) => guesser.kind !== 'network').map(keyOf)
    if (own.length > 0) await tx.deleteFrom('sign_in_failures').where('key', 'in', own).execute()
    for (const network of guessers.filter((guesser) => guesser.kind === 'network')) {
      await tx
        .updateTable('sign_in_failures')
        .set((row) => ({ failures: row('failures', '-', 1) }))
        .where('key', '=', keyOf(network))
        .execute()
    }
    await tx.deleteFrom('sign_in_failures').where('last_at', '<', later(now, -forgottenAfter)).execute()
  })
}

function keyOf(guesser: Guesser): string {
  return `${guesser.kind}:${guesser.key}`
}

function inWords(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
