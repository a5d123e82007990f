import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { FactorKind, Factors } from './factor.ts'

/** Nobody holds more; a list has to end somewhere. */
export const mostPasskeys = 20

export async function factorsOf(db: Db, accountId: string): Promise<Factors> {
  const app = await db
    .selectFrom('code_apps')
    .select(['confirmed_at', 'used_at'])
    .where('account_id', '=', accountId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  const passkeys = await db
    .selectFrom('passkeys')
    .select(['id', 'name', 'used_at', 'created_at'])
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(mostPasskeys)
    .execute()
  const left = await db
    .selectFrom('recovery_codes')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('account_id', '=', accountId)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return {
    appSince: app?.confirmed_at ?? null,
    appUsedAt: app?.used_at ?? null,
    passkeys: passkeys.map((row) => ({
      id: row.id,
      name: row.name,
      usedAt: row.used_at,
      createdAt: row.created_at,
    })),
    codesLeft: Number(left?.count ?? 0),
  }
}

/** How many codes are left of somebody who used one since then; null: they used none. */
export async function codesLeftAfterOne(db: Db, accountId: string, since: Instant): Promise<number | null> {
  const used = await db
    .selectFrom('recovery_codes')
    .select('used_at')
    .where('account_id', '=', accountId)
    .where('used_at', '>=', since)
    .limit(1)
    .executeTakeFirst()
  return used ? (await factorsOf(db, accountId)).codesLeft : null
}

/** What each person of the team has; who has nothing is left out. */
export async function factorsOfAll(db: Db): Promise<ReadonlyMap<string, readonly FactorKind[]>> {
  const apps = await db
    .selectFrom('code_apps')
    .select('account_id')
    .where('confirmed_at', 'is not', null)
    .orderBy('account_id')
    .execute()
  const keys = await db.selectFrom('passkeys').select('account_id').distinct().orderBy('account_id').execute()
  const all = new Map<string, FactorKind[]>()
  for (const { account_id: id } of apps) all.set(id, ['app'])
  for (const { account_id: id } of keys) all.set(id, [...(all.get(id) ?? []), 'passkey'])
  return all
}

export type FactorRule = 'optional' | 'required'

/** Whether everybody at the desk needs a second factor. */
export async function factorRule(db: Db): Promise<FactorRule> {
  const site = await db
    .selectFrom('sites')
    .select('second_factor')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return site?.second_factor ?? 'optional'
}

/** Whether the site asks everybody for a second factor, and this person has none. */
export async function lacksFactor(db: Db, accountId: string): Promise<boolean> {
  if ((await factorRule(db)) !== 'required') return false
  const app = await db
    .selectFrom('code_apps')
    .select('account_id')
    .where('account_id', '=', accountId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  const key = await db
    .selectFrom('passkeys')
    .select('id')
    .where('account_id', '=', accountId)
    .limit(1)
    .executeTakeFirst()
  return app === undefined && key === undefined
}
