import type { Db } from '../../database/database.ts'
import { whereItCanBeKept } from '../../database/unavailable.ts'
import type { Instant } from '../../lib/clock.ts'
import { later, secondsBetween } from '../../lib/clock.ts'
import { check } from '../../lib/check.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import type { Change } from '../changes/change.ts'
import { type Difference, differences } from '../changes/difference.ts'
import type { Scope, Token } from './account.ts'
import { type NewToken, newToken, type Overlap, overlap } from './input.ts'
import { mayBeToken, tokenOfBytes } from './token-words.ts'

/** A token as those see it who look after it. */
export interface TokenInFull extends Token {
  /** The network that it was last used from, coarsely. */
  readonly usedFrom: string | null
  /** The secret before this one, while it still works. */
  readonly former: { readonly until: Instant; readonly usedAt: Instant | null } | null
  readonly changedAt: Instant | null
  /** Null: made on the command line. */
  readonly maker: { readonly name: string; readonly disabledAt: Instant | null } | null
}

const usedEvery = 60
const day = 24 * 3600
/** How long before its end the desk speaks of a token. */
const endsSoonSeconds = 14 * day

/** Answers the token's secret, this once: only its hash is kept. */
export async function createToken(change: Change, input: Unchecked<NewToken>): Promise<{ id: string; secret: string }> {
  const { name, scope, expiresInDays } = check(newToken, input)
  const id = change.ids.next()
  const secret = tokenOfBytes(change.ids.secret())
  await change.tx
    .insertInto('tokens')
    .values({
      id,
      name,
      scope,
      secret_hash: hashOfSecret(secret),
      created_by: change.actor.kind === 'operator' ? change.actor.id : null,
      expires_at: later(change.now, (expiresInDays ?? 365) * day),
      created_at: change.now,
    })
    .execute()
  await change.record({ type: 'token.created', subject: id, data: { name, scope } })
  return { id, secret }
}

/**
 * Another secret for the same token, answered this once. The one before goes on working for as long as was chosen, so
 * that no program stands still meanwhile; the one before that ends now. It lasts as long again as it did before.
 */
export async function renewToken(
  change: Change,
  id: string,
  input: Unchecked<Overlap>,
): Promise<{ secret: string; name: string; formerUntil: Instant | null }> {
  const { overlapHours } = check(overlap, input)
  const row = await valid(change, id)
  const secret = tokenOfBytes(change.ids.secret())
  const chosen = later(change.now, overlapHours * 3600)
  const formerUntil = overlapHours === 0 ? null : row.expires_at && row.expires_at < chosen ? row.expires_at : chosen
  const lasts = row.expires_at && secondsBetween(row.changed_at ?? row.created_at, row.expires_at)
  const expiresAt = lasts === null ? null : later(change.now, lasts)
  await change.tx
    .updateTable('tokens')
    .set({
      secret_hash: hashOfSecret(secret),
      former_hash: formerUntil && row.secret_hash,
      former_until: formerUntil,
      former_used_at: formerUntil && row.used_at,
      used_at: null,
      used_from: null,
      expires_at: expiresAt,
      changed_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.record(
    { type: 'token.renewed', subject: id, data: { name: row.name, until: formerUntil } },
    differing(row, { expiresAt, formerUntil }),
  )
  return { secret, name: row.name, formerUntil }
}

/** The secret before the present one, before its time is up. */
export async function endFormerSecret(change: Change, id: string): Promise<void> {
  const row = await valid(change, id)
  if (!row.former_hash) return
  await change.tx
    .updateTable('tokens')
    .set({ former_hash: null, former_until: null, former_used_at: null })
    .where('id', '=', id)
    .execute()
  await change.record(
    { type: 'token.former-ended', subject: id, data: { name: row.name } },
    differing(row, { expiresAt: row.expires_at, formerUntil: null }),
  )
}

export async function revokeToken(change: Change, id: string): Promise<void> {
  const row = await existing(change, id)
  if (row.revoked_at) return
  await change.tx.updateTable('tokens').set({ revoked_at: change.now }).where('id', '=', id).execute()
  await change.record({ type: 'token.revoked', subject: id, data: { name: row.name } })
}

interface Ends {
  readonly expiresAt: Instant | null
  /** When the secret before the present one stops working. */
  readonly formerUntil: Instant | null
}

function differing(row: { expires_at: Instant | null; former_until: Instant | null }, after: Ends): Difference[] {
  const before: Ends = { expiresAt: row.expires_at, formerUntil: row.former_until }
  const names = (['expiresAt', 'formerUntil'] as const).filter((name) => before[name] !== after[name])
  return differences(names, before, after)
}

async function valid(change: Change, id: string): ReturnType<typeof existing> {
  const row = await existing(change, id)
  if (row.revoked_at) throw new Conflict('This token was revoked. Make a new one.')
  if (row.expires_at && row.expires_at <= change.now) throw new Conflict('This token has expired. Make a new one.')
  return row
}

async function existing(change: Change, id: string) {
  const row = await change.tx.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such token.')
  return row
}

/** Tokens that have not been revoked, newest first. */
export async function tokens(db: Db, now: Instant): Promise<TokenInFull[]> {
  const rows = await db
    .selectFrom('tokens')
    .leftJoin('accounts', 'accounts.id', 'tokens.created_by')
    .selectAll('tokens')
    .select(['accounts.name as maker_name', 'accounts.disabled_at as maker_disabled_at'])
    .where('revoked_at', 'is', null)
    .orderBy('tokens.created_at', 'desc')
    .orderBy('tokens.id')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    ...toToken(row),
    usedFrom: row.used_from,
    former: row.former_until && row.former_until > now ? { until: row.former_until, usedAt: row.former_used_at } : null,
    changedAt: row.changed_at,
    maker: row.maker_name === null ? null : { name: row.maker_name, disabledAt: row.maker_disabled_at },
  }))
}

export function isEndingSoon(at: Instant, now: Instant): boolean {
  return secondsBetween(now, at) <= endsSoonSeconds
}

/** How many tokens that work each account has made. */
export async function workingTokensByMaker(db: Db, now: Instant): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  const rows = await db
    .selectFrom('tokens')
    .select(['created_by', 'expires_at'])
    .where('revoked_at', 'is', null)
    .where('created_by', 'is not', null)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(500)
    .execute()
  for (const { created_by: maker, expires_at: end } of rows) {
    if (maker !== null && (end === null || end > now)) counts.set(maker, (counts.get(maker) ?? 0) + 1)
  }
  return counts
}

/** Those that work, and soon will not. */
export async function tokensThatEnd(db: Db, now: Instant): Promise<(Token & { readonly expiresAt: Instant })[]> {
  const rows = await db
    .selectFrom('tokens')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where('expires_at', '<=', later(now, endsSoonSeconds))
    .orderBy('expires_at')
    .orderBy('id')
    .limit(20)
    .execute()
  return rows.map((row) => ({ ...toToken(row), expiresAt: row.expires_at ?? now }))
}

/**
 * The token with this secret, if it still opens anything: one indexed read, and none for what cannot be a token. Notes
 * that it was used, and roughly from where.
 */
export async function tokenOfSecret(
  db: Db,
  secret: string,
  now: Instant,
  network: string | null = null,
): Promise<Token | null> {
  if (!mayBeToken(secret)) return null
  const hash = hashOfSecret(secret)
  const row = await db
    .selectFrom('tokens')
    .selectAll()
    .where((eb) => eb.or([eb('secret_hash', '=', hash), eb('former_hash', '=', hash)]))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const isFormer = row.secret_hash !== hash
  const until = isFormer ? row.former_until : row.expires_at
  if (until && until <= now) return null
  const usedAt = isFormer ? row.former_used_at : row.used_at
  if (!usedAt || secondsBetween(usedAt, now) >= usedEvery || (!isFormer && row.used_from !== network)) {
    const use = isFormer ? { former_used_at: now } : { used_at: now, used_from: network }
    await whereItCanBeKept(db.updateTable('tokens').set(use).where('id', '=', row.id).execute())
  }
  return toToken(row)
}

function toToken(row: {
  id: string
  name: string
  scope: string
  used_at: Instant | null
  expires_at: Instant | null
  created_at: Instant
}): Token {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope as Scope,
    usedAt: row.used_at,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  }
}
