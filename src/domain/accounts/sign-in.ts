import type { Db } from '../../database/database.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Ids } from '../../lib/ids.ts'
import { TooMany } from '../../lib/errors.ts'
import type { Passwords } from '../../lib/passwords.ts'
import { hashOfSecret, isSame, sign } from '../../lib/secrets.ts'
import type { Account } from './account.ts'
import { credentials } from './queries.ts'
import { beginSession } from './sessions.ts'
import { type Guesser, forgive, takeAttempt, takeBack } from './throttle.ts'

export interface SignInParts {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  readonly passwords: Passwords
}

export interface Attempt {
  readonly email: string
  readonly password: string
  /** The network that the request came from. */
  readonly network: string
  /** What this browser was given when somebody last signed in with it. */
  readonly device: string | null
}

/**
 * A new session and the mark of a known device; or null, which never says whether the person is unknown, disabled, or
 * the password wrong. Refuses with `TooMany` after too many wrong ones.
 */
export async function signIn(
  { db, clock, ids, passwords }: SignInParts,
  { email, password, network, device }: Attempt,
): Promise<{ account: Account; session: string; device: string } | null> {
  const address = email.trim().toLowerCase()
  // No address holds NUL, and one of the databases cannot even be asked for it.
  const known = address.includes('\0') ? null : await credentials(db, { email: address })
  const guessers: Guesser[] =
    known && device !== null && isSame(device, deviceMark(known))
      ? [{ kind: 'device', key: hashOfSecret(device) }]
      : [
          { kind: 'account', key: hashOfSecret(address) },
          { kind: 'network', key: network },
        ]
  const isRight = await compare({ db, clock, passwords }, guessers, { hash: known?.passwordHash ?? null, password })
  if (!known || !isRight || known.account.disabledAt) return null

  await forgive(db, guessers, clock.now())
  let { passwordHash } = known
  if (passwords.isOutdated(passwordHash)) {
    passwordHash = await passwords.hash(password)
    await db.updateTable('accounts').set({ password_hash: passwordHash }).where('id', '=', known.account.id).execute()
  }
  const session = await beginSession(db, { clock, ids }, known.account.id)
  return { account: known.account, session, device: deviceMark({ account: known.account, passwordHash }) }
}

/** Whether this is the password of somebody who is signed in: asked again before what would lock them out. */
export async function isOwnPassword(
  { db, clock, passwords }: SignInParts,
  id: string,
  password: string,
): Promise<boolean> {
  const known = await credentials(db, { id })
  const guessers: Guesser[] = [{ kind: 'device', key: `own ${id}` }]
  const isRight = await compare({ db, clock, passwords }, guessers, { hash: known?.passwordHash ?? null, password })
  if (isRight) await forgive(db, guessers, clock.now())
  return isRight
}

/** Counts the attempt, unless so many sign in at once that it is not even made. */
async function compare(
  { db, clock, passwords }: Omit<SignInParts, 'ids'>,
  guessers: readonly Guesser[],
  { hash, password }: { hash: string | null; password: string },
): Promise<boolean> {
  await takeAttempt(db, guessers, clock.now())
  try {
    return await passwords.isRight(hash, password)
  } catch (error) {
    if (error instanceof TooMany) await takeBack(db, guessers)
    throw error
  }
}

/** Good until the password changes; no use to anybody without that password. */
function deviceMark({ account, passwordHash }: { account: Account; passwordHash: string }): string {
  return sign(passwordHash, `device of ${account.id}`)
}
