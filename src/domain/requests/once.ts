import type { Db } from '../../database/database.ts'
import { type Json, canonicalJson } from '../../lib/canonical-json.ts'
import { type Clock, later } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import type { Change } from '../changes/change.ts'

/** How a program says that what it sends, perhaps for the second time, is one and the same request. */
export interface Once {
  readonly tokenId: string
  /** What the program chose; kept as a hash. */
  readonly key: string
  /** What is asked, all of it. */
  readonly request: Json
}

const kept = 24 * 3600

/**
 * Carries a request out once: its answer is written in the change that it belongs to, so that whoever did not hear it
 * gets the same one again, also after a crash in between. One that was refused left nothing behind and runs anew.
 * Of two at once the second waits for its turn to change, and finds the answer of the first.
 */
export async function once<T>(
  change: Change,
  { tokenId, key, request }: Once,
  work: () => Promise<T>,
): Promise<{ readonly answer: T; readonly isAgain: boolean }> {
  const keyHash = hashOfSecret(key)
  const requestHash = hashOfSecret(canonicalJson(request))
  const before = await change.tx
    .selectFrom('requests_once')
    .select(['request_hash', 'answer'])
    .where('token_id', '=', tokenId)
    .where('key_hash', '=', keyHash)
    .where('at', '>', later(change.now, -kept))
    .executeTakeFirst()
  if (before) {
    if (before.request_hash !== requestHash) {
      throw new Invalid('This Idempotency-Key was used for another request: choose a new key for each.')
    }
    return { answer: JSON.parse(before.answer) as T, isAgain: true }
  }
  const answer = await work()
  const row = { request_hash: requestHash, answer: JSON.stringify(answer ?? null), at: change.now }
  await change.tx
    .insertInto('requests_once')
    .values({ token_id: tokenId, key_hash: keyHash, ...row })
    // One of yesterday.
    .onConflict((conflict) => conflict.columns(['token_id', 'key_hash']).doUpdateSet(row))
    .execute()
  return { answer, isAgain: false }
}

/** Forgets answers that nobody waits for any more. */
export async function forgetRequests(db: Db, clock: Clock): Promise<void> {
  await db.deleteFrom('requests_once').where('at', '<=', later(clock.now(), -kept)).execute()
}
