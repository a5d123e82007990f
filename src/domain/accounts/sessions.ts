import type { Db, Tx } from '../../database/database.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { later, secondsBetween } from '../../lib/clock.ts'
import type { Ids } from '../../lib/ids.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import type { Account } from './account.ts'
import { accountById } from './queries.ts'

/** An operator who looked in the evening is still signed in at 3 a.m.; a forgotten browser is not, a week later. */
const idleSeconds = 12 * 3600
export const absoluteSeconds = 7 * 24 * 3600
/** How exact `seen_at` is: one write a minute, not one a request. */
const seenEvery = 60

/** Begins a session and answers its secret, of which only a hash is kept. Sweeps away those that are over. */
export async function beginSession(
  db: Db,
  { clock, ids }: { clock: Clock; ids: Ids },
  accountId: string,
): Promise<string> {
  const now = clock.now()
  const secret = ids.secret()
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute()
  await db
    .insertInto('sessions')
    .values({
      secret_hash: hashOfSecret(secret),
      account_id: accountId,
      created_at: now,
      seen_at: now,
      expires_at: later(now, absoluteSeconds),
    })
    .execute()
  return secret
}

/** Whose session this is, if it has not ended and the account may come in. Notes that it was seen. */
export async function accountOfSession(db: Db, secret: string, now: Instant): Promise<Account | null> {
  const hash = hashOfSecret(secret)
  const session = await db.selectFrom('sessions').selectAll().where('secret_hash', '=', hash).executeTakeFirst()
  if (!session) return null
  // The latest time known: setting the machine's clock back does not lengthen a session.
  const time = now > session.seen_at ? now : session.seen_at
  if (time >= session.expires_at || secondsBetween(session.seen_at, time) >= idleSeconds) {
    await endSession(db, secret)
    return null
  }
  const account = await accountById(db, session.account_id)
  if (!account || account.disabledAt) return null
  if (secondsBetween(session.seen_at, time) >= seenEvery) {
    await db.updateTable('sessions').set({ seen_at: time }).where('secret_hash', '=', hash).execute()
  }
  return account
}

export async function endSession(db: Db, secret: string): Promise<void> {
  await db.deleteFrom('sessions').where('secret_hash', '=', hashOfSecret(secret)).execute()
}

/** On every browser: after a new password, another role, or when somebody is disabled. */
export async function endSessionsOf(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('sessions').where('account_id', '=', accountId).execute()
}
