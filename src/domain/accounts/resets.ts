import type { Db } from '../../database/database.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Passwords } from '../../lib/passwords.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import type { Change, Changer } from '../changes/change.ts'
import { readSite } from '../site/queries.ts'
import type { Account } from './account.ts'
import { changePassword } from './commands.ts'
import { removeAllFactors } from './factors/commands.ts'
import { assertPassword } from './password-rules.ts'
import { accountById } from './queries.ts'
import { mayConcern } from './ranks.ts'
import { deviceMark } from './sign-in.ts'
import { mayUsePassword } from './ways-in.ts'

export const resetSeconds = 30 * 60

/** A link that was handed over, with which somebody chooses a new password. */
interface Reset {
  readonly account: Account
  /** What happens to their second factors. */
  readonly factors: 'kept' | 'removed'
}

/** Answers the secret of the link, this once. One before it is worth nothing from now on. */
export async function offerReset(
  change: Change,
  id: string,
  { factors, config }: { readonly factors: Reset['factors']; readonly config: { readonly oidcOnly: boolean } },
): Promise<{ secret: string; account: Account }> {
  const account = await accountById(change.tx, id)
  if (!account) throw new NotFound('There is nobody like that on the team.')
  await mayConcern(change, factors === 'removed' ? 'owner' : account.role)
  if (account.disabledAt) throw new Conflict(`${account.name} is disabled. Enable the account first.`)
  if (!mayUsePassword(config, account)) {
    throw new Conflict(`Only owners sign in with a password here. ${account.name} comes in by single sign-on.`)
  }
  await change.tx.deleteFrom('account_resets').where('account_id', '=', id).execute()
  return { secret: await putResetDown(change, account, factors), account }
}

/** Answers the secret of a new link. Who may have one was asked before. */
export async function putResetDown(change: Change, { id, name }: Account, factors: Reset['factors']): Promise<string> {
  const secret = change.ids.secret()
  await change.tx
    .insertInto('account_resets')
    .values({
      secret_hash: hashOfSecret(secret),
      account_id: id,
      factors,
      expires_at: later(change.now, resetSeconds),
      created_at: change.now,
    })
    .execute()
  await change.record({ type: 'account.reset-offered', subject: id, data: { name, factors } })
  return secret
}

/** What a link is good for; null: used, replaced, expired, or never one of ours. */
export async function resetOfSecret(db: Db, secret: string, now: Instant): Promise<Reset | null> {
  const row = await db
    .selectFrom('account_resets')
    .select(['account_id', 'factors'])
    .where('secret_hash', '=', hashOfSecret(secret))
    .where('expires_at', '>', now)
    .executeTakeFirst()
  const account = row && (await accountById(db, row.account_id))
  return account && !account.disabledAt ? { account, factors: row.factors } : null
}

export interface ResetParts {
  readonly db: Db
  readonly clock: Clock
  readonly change: Changer
  readonly passwords: Passwords
}

/**
 * The new password. Every session ends; second factors stay unless the link says otherwise. Answers the mark of a known
 * device, so that nobody who guesses meanwhile makes them wait.
 */
export async function resetPassword(
  { db, clock, change, passwords }: ResetParts,
  secret: string,
  { password, from }: { readonly password: string; readonly from: string },
): Promise<{ device: string }> {
  const offered = await resetOfSecret(db, secret, clock.now())
  if (!offered) throw noReset()
  const { id, name, email } = offered.account
  assertPassword(password, { email, name, site: (await readSite(db)).name })
  // Outside of the change: hashing takes longer than a change may.
  const passwordHash = await passwords.hash(password)
  await change({ kind: 'operator', id, name, from }, async (it) => {
    const reset = await resetOfSecret(it.tx, secret, it.now)
    if (!reset) throw noReset()
    await changePassword(it, id, passwordHash)
    if (reset.factors === 'removed') await removeAllFactors(it, reset.account)
  })
  return { device: deviceMark({ account: offered.account, passwordHash }) }
}

export function noReset(): NotFound {
  return new NotFound('This link has been used, replaced, or is older than half an hour. Ask for a new one.')
}
