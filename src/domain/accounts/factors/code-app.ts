import { createHash } from 'node:crypto'
import type { Db } from '../../../database/database.ts'
import { type Clock, type Instant, millisecondsOf } from '../../../lib/clock.ts'
import { Conflict, Invalid } from '../../../lib/errors.ts'
import { isSame } from '../../../lib/secrets.ts'
import type { Vault } from '../../../lib/vault.ts'
import type { Actor } from '../../changes/actor.ts'
import type { Change, Changer } from '../../changes/change.ts'
import { factorChanged } from './changing.ts'

/** RFC 6238 as every app speaks it: other parameters are read and then ignored by some of them. */
const period = 30
const digits = 6
const seedBytes = 20

/** What an app is given, once. */
export interface Seed {
  /** In base32, for whoever types it. */
  readonly text: string
  /** For whoever scans it: `otpauth://totp/…`. */
  readonly address: string
}

/** A new seed for an app. It counts when a first code of it was given, and takes the place of one that never was. */
export async function beginCodeApp(change: Change, accountId: string): Promise<void> {
  const before = await change.tx
    .selectFrom('code_apps')
    .select('confirmed_at')
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  if (before?.confirmed_at) throw new Conflict('An app shows codes for you already. Remove it first.')
  const seed = createHash('sha256').update(change.ids.secret()).digest().subarray(0, seedBytes).toString('base64url')
  const row = {
    sealed_seed: change.vault.seal(seed, purpose(accountId)),
    last_step: 0,
    confirmed_at: null,
    used_at: null,
    created_at: change.now,
  }
  await change.tx
    .insertInto('code_apps')
    .values({ account_id: accountId, ...row })
    .onConflict((on) => on.column('account_id').doUpdateSet(row))
    .execute()
}

/** The seed that was not confirmed yet, to be shown; null: there is none, or it is in use and never shown again. */
export async function unconfirmedSeed(
  { db, vault }: { db: Db; vault: Vault },
  { id, label, issuer }: { id: string; label: string; issuer: string },
): Promise<Seed | null> {
  const row = await db
    .selectFrom('code_apps')
    .select('sealed_seed')
    .where('account_id', '=', id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { Secret, TOTP } = await import('otpauth')
  const secret = new Secret({ buffer: bufferOf(row.sealed_seed, id, vault) })
  // A colon would end the issuer.
  const totp = new TOTP({ secret, label, issuer: issuer.replaceAll(':', ' '), algorithm: 'SHA1', digits, period })
  return { text: secret.base32, address: totp.toString() }
}

/**
 * The first code proves that the app has the seed: from now on it is asked for. Ends all sessions. What is done
 * `alongside` is done with it, or not at all.
 */
export async function confirmCodeApp<T>(
  { db, vault, clock, change }: { db: Db; vault: Vault; clock: Clock; change: Changer },
  { actor, account, code }: { actor: Actor; account: { id: string; name: string }; code: string },
  alongside: (change: Change) => Promise<T>,
): Promise<T> {
  const row = await db
    .selectFrom('code_apps')
    .selectAll()
    .where('account_id', '=', account.id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw beginAgain()
  const step = await stepOf(bufferOf(row.sealed_seed, account.id, vault), code, clock.now())
  if (step === null) {
    throw new Invalid('This is not the code that the app shows now. Is the clock of the phone right?', 'code')
  }
  return change(actor, async (it) => {
    const confirmed = await it.tx
      .updateTable('code_apps')
      .set({ confirmed_at: it.now, last_step: step })
      .where('account_id', '=', account.id)
      .where('sealed_seed', '=', row.sealed_seed)
      .where('confirmed_at', 'is', null)
      .returning('account_id')
      .execute()
    if (confirmed.length !== 1) throw beginAgain()
    await factorChanged(it, account, { type: 'account.factor-added', factor: 'app' })
    return alongside(it)
  })
}

/** Takes a code, if it is right and was never taken: of fifty at once, one. A clock that is set back brings none back. */
export async function useCode(
  { db, vault }: { db: Db; vault: Vault },
  { accountId, code, now }: { accountId: string; code: string; now: Instant },
): Promise<boolean> {
  const row = await db
    .selectFrom('code_apps')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  if (!row) return false
  const step = await stepOf(bufferOf(row.sealed_seed, accountId, vault), code, now)
  if (step === null) return false
  // One statement asks and takes, so that nobody comes in between.
  const taken = await db
    .updateTable('code_apps')
    .set({ last_step: step, used_at: now })
    .where('account_id', '=', accountId)
    .where('sealed_seed', '=', row.sealed_seed)
    .where('last_step', '<', step)
    .returning('account_id')
    .execute()
  return taken.length === 1
}

export async function removeCodeApp(change: Change, account: { id: string; name: string }): Promise<void> {
  const removed = await change.tx
    .deleteFrom('code_apps')
    .where('account_id', '=', account.id)
    .returning('confirmed_at')
    .execute()
  if (!removed[0]?.confirmed_at) return
  await factorChanged(change, account, { type: 'account.factor-removed', factor: 'app' })
}

/** The step of thirty seconds whose code this is: the present one, or its neighbours, for clocks that differ a little. */
async function stepOf(seed: ArrayBuffer, code: string, now: Instant): Promise<number | null> {
  const typed = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(typed)) return null
  const { Secret, TOTP } = await import('otpauth')
  const secret = new Secret({ buffer: seed })
  const present = Math.floor(millisecondsOf(now) / 1000 / period)
  const steps = [present - 1, present, present + 1].filter((step) =>
    isSame(TOTP.generate({ secret, algorithm: 'SHA1', digits, period, timestamp: step * period * 1000 }), typed),
  )
  return steps.at(-1) ?? null
}

function bufferOf(sealed: string, accountId: string, vault: Vault): ArrayBuffer {
  return new Uint8Array(Buffer.from(vault.open(sealed, purpose(accountId)), 'base64url')).buffer
}

function beginAgain(): Conflict {
  return new Conflict('This was set up in another window. Begin again.')
}

function purpose(accountId: string): string {
  return `seed of ${accountId}`
}
