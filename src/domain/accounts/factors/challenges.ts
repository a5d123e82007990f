import { createHash } from 'node:crypto'
import type { Db } from '../../../database/database.ts'
import { type Clock, type Instant, later } from '../../../lib/clock.ts'
import { TooMany } from '../../../lib/errors.ts'
import type { Ids } from '../../../lib/ids.ts'
import { hashOfSecret } from '../../../lib/secrets.ts'

/** What a passkey signs is good for one of these and for no other. */
export type Purpose = 'sign in' | 'second step' | 'confirm' | 'register'

export interface Asked {
  readonly purpose: Purpose
  /** The secret in the cookie of the browser that asked. */
  readonly secret: string
}

const validSeconds = 5 * 60
/** Whoever knocks may ask, so one network cannot fill the table. Each browser has at most one for each purpose. */
const mostOfNetwork = 300

/** 256 bits that a passkey is to sign, once, in this browser. Only a hash of them is kept. */
export async function makeChallenge(
  { db, clock, ids }: { db: Db; clock: Clock; ids: Ids },
  { purpose, secret, network }: Asked & { readonly network: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const now = clock.now()
  const boundTo = hashOfSecret(secret)
  await db.deleteFrom('challenges').where('bound_to', '=', boundTo).where('purpose', '=', purpose).execute()
  const open = await db
    .selectFrom('challenges')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('network', '=', network)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (Number(open?.count ?? 0) >= mostOfNetwork) {
    throw new TooMany('Too many people are signing in with passkeys at once. Try again in a minute.', 60)
  }
  const challenge = new Uint8Array(createHash('sha256').update(ids.secret()).digest())
  await db
    .insertInto('challenges')
    .values({
      challenge_hash: hashOfSecret(Buffer.from(challenge).toString('base64url')),
      purpose,
      bound_to: boundTo,
      network,
      expires_at: later(now, validSeconds),
    })
    .execute()
  return challenge
}

/** Whether we asked for this, in this browser, for this, just now. It is good once, whatever comes of it. */
export async function takeChallenge(
  db: Db,
  { purpose, secret, challenge, now }: Asked & { readonly challenge: string; readonly now: Instant },
): Promise<boolean> {
  const taken = await db
    .deleteFrom('challenges')
    .where('challenge_hash', '=', hashOfSecret(challenge))
    .where('purpose', '=', purpose)
    .where('bound_to', '=', hashOfSecret(secret))
    .returning('expires_at')
    .execute()
  return taken[0] !== undefined && taken[0].expires_at > now
}
