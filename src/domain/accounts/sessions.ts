import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../database/database.ts'
import type { SessionRow } from '../../database/tables/people.ts'
import { whereItCanBeKept } from '../../database/unavailable.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { later, secondsBetween } from '../../lib/clock.ts'
import type { Ids } from '../../lib/ids.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import type { Change } from '../changes/change.ts'
import type { WayIn } from '../changes/events.ts'
import type { Account } from './account.ts'
import { accountById } from './queries.ts'
import { mayUsePassword } from './ways-in.ts'

/** A browser in which somebody is signed in. */
export interface Session {
  readonly id: string
  /** In words, as far as it says what it is: `Firefox on Linux`. */
  readonly browser: string
  readonly network: string
  readonly via: WayIn
  readonly beganAt: Instant
  readonly seenAt: Instant
  /** When they last proved that it is they. */
  readonly provedAt: Instant | null
}

export interface SessionParts {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  /** `CANDOR_SESSION_IDLE` and `CANDOR_SESSION_LENGTH`, in seconds, and `CANDOR_OIDC_ONLY`. */
  readonly config: { readonly sessionIdle: number; readonly sessionLength: number; readonly oidcOnly: boolean }
}

export type Beginning = Pick<Session, 'browser' | 'network' | 'via'> & {
  /** Left out: now. Of a session that goes on under a new secret: when it was. */
  readonly provedAt?: Instant | null
  /** Their address, for the log alone. */
  readonly from?: string
}

/** How exact `seen_at` is: one write a minute, not one a request. */
const seenEvery = 60
/** How long what they proved counts for what must not be done by whoever finds an open browser. */
const freshSeconds = 10 * 60
const most = 200

/** Begins a session and answers its secret, of which only a hash is kept. */
export async function beginSession(
  { db, clock, ids, config }: SessionParts,
  accountId: string,
  { browser, network, via, provedAt }: Beginning,
): Promise<string> {
  const now = clock.now()
  const secret = ids.secret()
  await db
    .insertInto('sessions')
    .values({
      secret_hash: hashOfSecret(secret),
      id: ids.next(),
      account_id: accountId,
      browser,
      network,
      via,
      proved_at: provedAt === undefined ? now : provedAt,
      created_at: now,
      seen_at: now,
      expires_at: later(now, config.sessionLength),
    })
    .execute()
  return secret
}

/** Whose session this is, if it has not ended and the account may come in. Notes that it was seen. */
export async function sessionOfSecret(
  { db, clock, config }: Omit<SessionParts, 'ids'>,
  secret: string,
): Promise<{ readonly account: Account; readonly session: Session } | null> {
  const hash = hashOfSecret(secret)
  const found = await db.selectFrom('sessions').selectAll().where('secret_hash', '=', hash).executeTakeFirst()
  if (!found) return null
  const now = clock.now()
  const row = now < found.seen_at ? await settleBack(db, found, now) : found
  if (now >= row.expires_at || secondsBetween(row.seen_at, now) >= config.sessionIdle) {
    await endSession(db, secret)
    return null
  }
  const account = await accountById(db, row.account_id)
  if (!account || account.disabledAt) return null
  // They came in before single sign-on was the only way.
  if (row.via !== 'single-sign-on' && !mayUsePassword(config, account)) {
    await endSession(db, secret)
    return null
  }
  if (secondsBetween(row.seen_at, now) >= seenEvery) {
    await whereItCanBeKept(db.updateTable('sessions').set({ seen_at: now }).where('secret_hash', '=', hash).execute())
  }
  return { account, session: toSession(row) }
}

/** The machine's clock was set back: the session has as much left as before and no more, and what was proved is as old. */
async function settleBack(db: Db, row: Selectable<SessionRow>, now: Instant): Promise<Selectable<SessionRow>> {
  const back = secondsBetween(row.seen_at, now)
  const settled = {
    seen_at: now,
    expires_at: later(row.expires_at, back),
    proved_at: row.proved_at === null ? null : later(row.proved_at, back),
  }
  await db
    .updateTable('sessions')
    .set(settled)
    .where('secret_hash', '=', row.secret_hash)
    // Of several requests at once, one.
    .where('seen_at', '=', row.seen_at)
    .execute()
  return { ...row, ...settled }
}

/** Whether they proved only just that it is they. */
export function isFresh({ provedAt }: Session, now: Instant): boolean {
  return provedAt !== null && provedAt <= now && secondsBetween(provedAt, now) < freshSeconds
}

/** They proved it again: the session goes on under a new secret, which this answers. */
export async function renewSession({ db, clock, ids }: SessionParts, secret: string): Promise<string> {
  const next = ids.secret()
  await db
    .updateTable('sessions')
    .set({ secret_hash: hashOfSecret(next), proved_at: clock.now() })
    .where('secret_hash', '=', hashOfSecret(secret))
    .execute()
  return next
}

/** Those of one person that have not ended, the one seen last first. */
export async function sessionsOf({ db, clock, config }: SessionParts, accountId: string): Promise<Session[]> {
  const now = clock.now()
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now)
    .where('seen_at', '>', later(now, -config.sessionIdle))
    .orderBy('seen_at', 'desc')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(toSession)
}

/** False: it had ended. */
export async function endSession(db: Db, secret: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('secret_hash', '=', hashOfSecret(secret))
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** On every browser, and where only the second step was missing: after a new password, factor or role, or when somebody is disabled. */
export async function endSessionsOf(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('sessions').where('account_id', '=', accountId).execute()
  await tx.deleteFrom('half_sign_ins').where('account_id', '=', accountId).execute()
}

/** Signs somebody out elsewhere: of one session, or of all but the one they sit in. */
export async function endSessionsBeside(
  change: Change,
  account: { readonly id: string; readonly name: string },
  { own, only }: { readonly own: string; readonly only: string | null },
): Promise<void> {
  let query = change.tx.deleteFrom('sessions').where('account_id', '=', account.id).where('id', '!=', own)
  if (only !== null) query = query.where('id', '=', only)
  const ended = await query.returning('id').execute()
  if (ended.length === 0) return
  const data = { name: account.name, count: ended.length }
  await change.record({ type: 'account.sessions-ended', subject: account.id, data })
}

/** Those that are over go, so that no clock that is set back opens them again. */
export async function forgetSessions({ db, clock, config }: Omit<SessionParts, 'ids'>): Promise<void> {
  const now = clock.now()
  await db
    .deleteFrom('sessions')
    .where((eb) => eb.or([eb('expires_at', '<=', now), eb('seen_at', '<=', later(now, -config.sessionIdle))]))
    .execute()
  await db.deleteFrom('half_sign_ins').where('expires_at', '<=', now).execute()
  await db.deleteFrom('challenges').where('expires_at', '<=', now).execute()
}

function toSession(row: Selectable<SessionRow>): Session {
  return {
    id: row.id,
    browser: row.browser,
    network: row.network,
    via: row.via as WayIn,
    beganAt: row.created_at,
    seenAt: row.seen_at,
    provedAt: row.proved_at,
  }
}
