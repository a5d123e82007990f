import type { Db } from '../../../database/database.ts'
import { type Clock, later } from '../../../lib/clock.ts'
import type { Ids } from '../../../lib/ids.ts'
import { hashOfSecret } from '../../../lib/secrets.ts'
import type { Account } from '../account.ts'
import { accountById } from '../queries.ts'

const validSeconds = 5 * 60
/** Then the password is asked for again. */
const mostTries = 5

interface Parts {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
}

/** The password was right. Answers the secret for the cookie of this browser: it opens the second step and nothing else. */
export async function beginHalfSignIn({ db, clock, ids }: Parts, accountId: string): Promise<string> {
  const now = clock.now()
  const secret = ids.secret()
  await db.deleteFrom('half_sign_ins').where('expires_at', '<=', now).execute()
  await db
    .insertInto('half_sign_ins')
    .values({
      secret_hash: hashOfSecret(secret),
      account_id: accountId,
      tries: 0,
      expires_at: later(now, validSeconds),
    })
    .execute()
  return secret
}

/** Who has come half way in with this cookie, and may still try. */
export async function halfSignedIn({ db, clock }: Omit<Parts, 'ids'>, secret: string | null): Promise<Account | null> {
  if (secret === null) return null
  const row = await db
    .selectFrom('half_sign_ins')
    .select('account_id')
    .where('secret_hash', '=', hashOfSecret(secret))
    .where('expires_at', '>', clock.now())
    .where('tries', '<', mostTries)
    .executeTakeFirst()
  const account = row ? await accountById(db, row.account_id) : null
  return account && !account.disabledAt ? account : null
}

/** Counts a try before it is made; false: there were enough. */
export async function takeTry({ db }: Pick<Parts, 'db'>, secret: string): Promise<boolean> {
  const taken = await db
    .updateTable('half_sign_ins')
    .set((row) => ({ tries: row('tries', '+', 1) }))
    .where('secret_hash', '=', hashOfSecret(secret))
    .where('tries', '<', mostTries)
    .returning('tries')
    .execute()
  return taken.length === 1
}

/** It has done its work, once: false where another request was first. */
export async function endHalfSignIn({ db }: Pick<Parts, 'db'>, secret: string): Promise<boolean> {
  const ended = await db
    .deleteFrom('half_sign_ins')
    .where('secret_hash', '=', hashOfSecret(secret))
    .returning('account_id')
    .execute()
  return ended.length === 1
}
