import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { later, secondsBetween } from '../../lib/clock.ts'
import { check } from '../../lib/check.ts'
import { NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import type { Change } from '../changes/change.ts'
import type { Scope, Token } from './account.ts'
import { type NewToken, newToken } from './input.ts'

/** Tells a leaked token from other text: in a log, in a repository, to a scanner. */
const prefix = 'candor_'
const usedEvery = 60

/** Answers the token's secret, this once: only its hash is kept. */
export async function createToken(change: Change, input: Unchecked<NewToken>): Promise<{ id: string; secret: string }> {
  const { name, scope, expiresInDays } = check(newToken, input)
  const id = change.ids.next()
  const secret = `${prefix}${change.ids.secret()}`
  await change.tx
    .insertInto('tokens')
    .values({
      id,
      name,
      scope,
      secret_hash: hashOfSecret(secret),
      created_by: change.actor.kind === 'operator' ? change.actor.id : null,
      used_at: null,
      expires_at: expiresInDays ? later(change.now, expiresInDays * 24 * 3600) : null,
      revoked_at: null,
      created_at: change.now,
    })
    .execute()
  await change.record({ type: 'token.created', subject: id, data: { name, scope } })
  return { id, secret }
}

export async function revokeToken(change: Change, id: string): Promise<void> {
  const row = await change.tx
    .selectFrom('tokens')
    .select(['name', 'revoked_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new NotFound('There is no such token.')
  if (row.revoked_at) return
  await change.tx.updateTable('tokens').set({ revoked_at: change.now }).where('id', '=', id).execute()
  await change.record({ type: 'token.revoked', subject: id, data: { name: row.name } })
}

/** Tokens that have not been revoked, newest first. */
export async function tokens(db: Db): Promise<Token[]> {
  const rows = await db
    .selectFrom('tokens')
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.map(toToken)
}

/** The token with this secret, if it still opens anything. Notes that it was used. */
export async function tokenOfSecret(db: Db, secret: string, now: Instant): Promise<Token | null> {
  const row = await db
    .selectFrom('tokens')
    .selectAll()
    .where('secret_hash', '=', hashOfSecret(secret))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (!row || (row.expires_at && row.expires_at <= now)) return null
  if (!row.used_at || secondsBetween(row.used_at, now) >= usedEvery) {
    await db.updateTable('tokens').set({ used_at: now }).where('id', '=', row.id).execute()
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
