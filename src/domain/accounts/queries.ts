import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { AccountRow } from '../../database/tables/people.ts'
import { type Account, type Invitation, type Role, may } from './account.ts'

/** No team is larger; a list has to end somewhere. */
const most = 500

export async function accounts(db: Db): Promise<Account[]> {
  const rows = await db.selectFrom('accounts').selectAll().orderBy('name').orderBy('id').limit(most).execute()
  return rows.map(toAccount)
}

export async function accountById(db: Db, id: string): Promise<Account | null> {
  const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toAccount(row) : null
}

/** With its password hash: for signing in only, so that no page ever holds one. */
export async function credentials(
  db: Db,
  by: { readonly email: string } | { readonly id: string },
): Promise<{ account: Account; passwordHash: string } | null> {
  const query = db.selectFrom('accounts').selectAll()
  const row = await (
    'email' in by ? query.where('email', '=', by.email) : query.where('id', '=', by.id)
  ).executeTakeFirst()
  return row ? { account: toAccount(row), passwordHash: row.password_hash } : null
}

/** Whether the first run is over. */
export async function hasOwner(db: Db): Promise<boolean> {
  const row = await db.selectFrom('accounts').select('id').where('role', '=', 'owner').limit(1).executeTakeFirst()
  return row !== undefined
}

/** Whether anybody could sign in: single sign-on may bring people before there is an owner. */
export async function hasAccount(db: Db): Promise<boolean> {
  return (await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Somebody on the team who was disabled or may not publish any more, though they did once; null: anybody else. */
export async function noPublisher(db: Db, id: string): Promise<Account | null> {
  const account = await accountById(db, id)
  return account && (account.disabledAt !== null || !may(account.role, 'disclose')) ? account : null
}

/** Owners who can sign in. */
export async function activeOwners(db: Db): Promise<number> {
  const row = await db
    .selectFrom('accounts')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('role', '=', 'owner')
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Invitations that were not accepted, newest first: of those whose time is up too, so that one sees why nobody came. */
export async function openInvitations(db: Db): Promise<Invitation[]> {
  const rows = await db
    .selectFrom('invitations')
    .select(['id', 'email', 'role', 'expires_at'])
    .where('accepted_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map((row) => ({ id: row.id, email: row.email, role: row.role as Role, expiresAt: row.expires_at }))
}

export function toAccount(row: Selectable<AccountRow>): Account {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role as Role,
    disabledAt: row.disabled_at,
    createdAt: row.created_at,
  }
}
