import { hashOfSecret } from '../../../lib/secrets.ts'
import type { Vault } from '../../../lib/vault.ts'
import type { Change } from '../../changes/change.ts'
import type { Account } from '../account.ts'
import { type ComingParts, noteHeldBack } from '../comings.ts'
import { accountById } from '../queries.ts'
import type { Beginning } from '../sessions.ts'
import { type Entered, enter, isKnownDevice } from '../sign-in.ts'
import { type Guesser, forgive, takeAttempt } from '../throttle.ts'
import { mayUsePassword } from '../ways-in.ts'
import type { Asked } from './challenges.ts'
import { useCode } from './code-app.ts'
import { endHalfSignIn, takeTry } from './half-sign-in.ts'
import { type PasskeyParts, hasPasskey, judgePasskey } from './passkeys.ts'
import { useRecoveryCode } from './recovery-codes.ts'

export interface ProofParts extends ComingParts, PasskeyParts {
  readonly config: ComingParts['config'] & PasskeyParts['config'] & { readonly oidcOnly: boolean }
  readonly vault: Vault
}

/** Somebody whose password was right, in the browser whose cookie holds `secret`. */
export interface HalfWay {
  readonly account: Account
  readonly secret: string
  /** What this browser was given when somebody last signed in with it. */
  readonly device: string | null
  readonly beginning: Beginning
}

/** The code of an app, or a recovery code; null: a wrong one, or one that was used. Throttled as passwords are. */
export async function enterWithCode(
  parts: ProofParts,
  { account, secret, device, beginning }: HalfWay,
  { kind, code }: { readonly kind: 'app' | 'recovery'; readonly code: string },
): Promise<Entered | null> {
  const guessers = await guessersOf(parts, account, device)
  await takeAttempt(parts.db, guessers, parts.clock.now(), () =>
    noteHeldBack(parts, { account, key: account.email, from: beginning.from }),
  )
  if (!(await takeTry(parts, secret)) || !(await isRightCode(parts, account, { kind, code }))) return null
  await forgive(parts.db, guessers, parts.clock.now())
  return enterOnce(parts, { account, secret, beginning })
}

/** One of their passkeys after the password. */
export async function enterWithSecondPasskey(
  parts: ProofParts,
  { account, secret, beginning }: HalfWay,
  answer: string,
): Promise<Entered | null> {
  const isTheirs = await provesByPasskey(parts, { purpose: 'second step', secret }, { account, answer })
  return isTheirs ? enterOnce(parts, { account, secret, beginning }) : null
}

/** Of two requests with two right proofs, one; and none once a new password or factor has ended what was begun. */
function enterOnce(parts: ProofParts, { account, secret, beginning }: Omit<HalfWay, 'device'>): Promise<Entered> {
  return enter(parts, account, beginning, (db) => endHalfSignIn({ db }, secret))
}

/** A passkey alone: the device has asked for a finger, a face or its own code, so it is two factors in one. */
export async function enterWithPasskey(
  parts: ProofParts,
  { secret, answer, beginning }: { secret: string; answer: string; beginning: Beginning },
): Promise<Entered | null> {
  const judged = await judgePasskey(parts, { purpose: 'sign in', secret }, { answer, accountId: null })
  if (judged.verdict === 'wrong') return null
  const { id, accountId } = judged
  const account = await accountById(parts.db, accountId)
  if (!account || account.disabledAt || !mayUsePassword(parts.config, account)) return null
  if (judged.verdict === 'suspect') {
    await flag(parts, account, judged.name)
    return null
  }
  return enter(parts, account, beginning, async (db) => {
    const now = await accountById(db, accountId)
    return now !== null && !now.disabledAt && (await hasPasskey(db, id))
  })
}

/** Whether it is they who sit there, once more. */
export async function provesByCode(parts: ProofParts, account: Account, code: string): Promise<boolean> {
  const guessers: Guesser[] = [{ kind: 'device', key: `own code of ${account.id}` }]
  await takeAttempt(parts.db, guessers, parts.clock.now())
  const isRight = await isRightCode(parts, account, { kind: 'app', code })
  if (isRight) await forgive(parts.db, guessers, parts.clock.now())
  return isRight
}

export async function provesByPasskey(
  parts: ProofParts,
  asked: Asked,
  { account, answer }: { account: Account; answer: string },
): Promise<boolean> {
  const judged = await judgePasskey(parts, asked, { answer, accountId: account.id })
  if (judged.verdict === 'suspect') await flag(parts, account, judged.name)
  return judged.verdict === 'right'
}

function isRightCode(
  parts: ProofParts,
  account: Account,
  { kind, code }: { kind: 'app' | 'recovery'; code: string },
): Promise<boolean> {
  if (kind === 'app') return useCode(parts, { accountId: account.id, code, now: parts.clock.now() })
  return changeAs(parts, account, (it) => useRecoveryCode(it, account, code))
}

async function guessersOf({ db }: ProofParts, account: Account, device: string | null): Promise<Guesser[]> {
  return device !== null && (await isKnownDevice(db, account.id, device))
    ? [{ kind: 'device', key: `second ${hashOfSecret(device)}` }]
    : [{ kind: 'account', key: `second ${account.id}` }]
}

function flag(parts: ProofParts, account: Account, passkey: string): Promise<void> {
  const { id, name } = account
  return changeAs(parts, account, (it) =>
    it.record({ type: 'account.passkey-refused', subject: id, data: { name, passkey } }),
  )
}

function changeAs<T>({ change }: ProofParts, { id, name }: Account, work: (it: Change) => Promise<T>): Promise<T> {
  return change({ kind: 'operator', id, name }, work)
}
