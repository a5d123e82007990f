import type { Db } from '../../database/database.ts'
import { TooMany, Unavailable } from '../../lib/errors.ts'
import { type Passwords, tooManyAtOnce } from '../../lib/passwords.ts'
import { hashOfSecret, isSame, sign } from '../../lib/secrets.ts'
import type { Account } from './account.ts'
import { type ComingParts, type IsStillSo, comeIn, noteHeldBack } from './comings.ts'
import { hasFactor } from './factors/factor.ts'
import { beginHalfSignIn, endHalfSignIn } from './factors/half-sign-in.ts'
import { factorsOf } from './factors/queries.ts'
import { credentials } from './queries.ts'
import { type Beginning, endSession } from './sessions.ts'
import { type Guesser, forgive, takeAttempt, takeBack } from './throttle.ts'
import { mayUsePassword } from './ways-in.ts'

export interface SignInParts extends ComingParts {
  readonly config: ComingParts['config'] & { readonly oidcOnly: boolean }
  readonly passwords: Passwords
}

export interface Attempt {
  readonly email: string
  readonly password: string
  /** The network that the request came from. */
  readonly network: string
  /** What this browser was given when somebody last signed in with it. */
  readonly device: string | null
  readonly beginning: Beginning
  /** The account that they come to connect with the one they have elsewhere. */
  readonly connecting?: string | null
}

/** A session and the mark of a known device, for the cookies of the browser. */
export interface Entered {
  readonly account: Account
  readonly session: string
  readonly device: string | null
}

export type SignedIn =
  | ({ readonly step: 'last' } & Entered)
  /** They have a second factor: `secret` opens the step at which they are asked for it, and nothing else. */
  | { readonly step: 'first'; readonly account: Account; readonly secret: string }

/**
 * What the right password opens; or null, which never says whether the person is unknown, disabled, or the password
 * wrong. Refuses with `TooMany` after too many wrong ones.
 */
export async function signIn(
  parts: SignInParts,
  { email, password, network, device, beginning, connecting = null }: Attempt,
): Promise<SignedIn | null> {
  const { db, clock, passwords } = parts
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
  const isRight = await compare(parts, guessers, {
    hash: known?.passwordHash ?? null,
    password,
    heldBack: () => noteHeldBack(parts, { account: known?.account ?? null, key: address, from: beginning.from }),
  })
  if (!known || !isRight || known.account.disabledAt) return null
  const isConnecting = connecting === known.account.id
  if (!mayUsePassword(parts.config, known.account) && !isConnecting) return null

  await forgive(db, guessers, clock.now())
  if (passwords.isOutdated(known.passwordHash)) {
    const passwordHash = await passwords.hash(password)
    await db
      .updateTable('accounts')
      .set({ password_hash: passwordHash })
      .where('id', '=', known.account.id)
      // Whoever chose another one meanwhile is not given this one back.
      .where('password_hash', '=', known.passwordHash)
      .execute()
  }
  const { account } = known
  const isTwoSteps = hasFactor(await factorsOf(db, account.id))
  const opened: SignedIn = isTwoSteps
    ? { step: 'first', account, secret: await beginHalfSignIn(parts, account.id) }
    : {
        step: 'last',
        ...(await enter(
          parts,
          account,
          isConnecting ? { ...beginning, via: 'single-sign-on' } : beginning,
          async (now) => !hasFactor(await factorsOf(now, account.id)),
        )),
      }
  if (await isStillRight(parts, known, password)) return opened
  await (opened.step === 'first' ? endHalfSignIn(parts, opened.secret) : endSession(db, opened.session))
  return null
}

/**
 * Asked once the session is there: comparing takes a while, and a password that was changed or an account that was
 * disabled in it has ended every session but this one.
 */
async function isStillRight(
  { db, passwords }: SignInParts,
  { account, passwordHash }: { account: Account; passwordHash: string },
  password: string,
): Promise<boolean> {
  const now = await credentials(db, { id: account.id })
  if (!now || now.account.disabledAt) return false
  return now.passwordHash === passwordHash || passwords.isRight(now.passwordHash, password)
}

/** Everything was proved. */
export async function enter(
  parts: ComingParts,
  account: Account,
  beginning: Beginning,
  isStillSo?: IsStillSo,
): Promise<Entered> {
  const session = await comeIn(parts, account, beginning, isStillSo)
  const known = await credentials(parts.db, { id: account.id })
  return { account, session, device: known && deviceMark(known) }
}

/** Whether this person has signed in with this browser before, and their password is the same since. */
export async function isKnownDevice(db: Db, accountId: string, device: string | null): Promise<boolean> {
  const known = device === null ? null : await credentials(db, { id: accountId })
  return known !== null && isSame(device ?? '', deviceMark(known))
}

/** Whether this is the password of somebody who is signed in: asked again before what would lock them out. */
export async function isOwnPassword(
  { db, clock, passwords }: Pick<SignInParts, 'db' | 'clock' | 'passwords'>,
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
  { db, clock, passwords }: Pick<SignInParts, 'db' | 'clock' | 'passwords'>,
  guessers: readonly Guesser[],
  { hash, password, heldBack }: { hash: string | null; password: string; heldBack?: () => Promise<void> },
): Promise<boolean> {
  // Before anything is written: a flood must not wear out the disk.
  if (passwords.isFull()) throw tooManyAtOnce()
  await takeAttempt(db, guessers, clock.now(), heldBack)
  try {
    return await passwords.isRight(hash, password)
  } catch (error) {
    if (error instanceof TooMany || error instanceof Unavailable) await takeBack(db, guessers)
    throw error
  }
}

/** Good until the password changes; no use to anybody without that password. */
export function deviceMark({ account, passwordHash }: { account: Account; passwordHash: string }): string {
  return sign(passwordHash, `device of ${account.id}`)
}
