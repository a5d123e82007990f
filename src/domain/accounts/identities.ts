import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Passwords } from '../../lib/passwords.ts'
import type { Ids } from '../../lib/ids.ts'
import { isMailAddress } from '../../lib/mail-address.ts'
import { check } from '../../lib/check.ts'
import type { Change, Changer } from '../changes/change.ts'
import type { Account, Role } from './account.ts'
import { changeRole, createAccount, disableAccount, enableAccount } from './commands.ts'
import { person } from './input.ts'
import { type Elsewhere, roleOfGroups } from './provider.ts'
import { accountById, credentials } from './queries.ts'
import { endSessionsOf } from './sessions.ts'

export interface ArrivalParts {
  readonly db: Db
  readonly change: Changer
  readonly passwords: Passwords
  readonly ids: Ids
  readonly config: {
    readonly oidcGroups: readonly (readonly [group: string, role: string])[]
    readonly oidcLabel: string
  }
}

/** `confirm`: an account has their address; they have to show once that it is theirs. */
export type Arrival =
  | { readonly outcome: 'in' | 'confirm'; readonly account: Account }
  | { readonly outcome: 'refused'; readonly why: 'no-group' | 'disabled' | 'not-invited' | 'no-address' }

/**
 * Somebody comes from the provider. They are known by issuer and subject, never by an address alone. Where groups give
 * roles, they do so at each arrival: who is in none any more loses the account's sessions and the account at once.
 */
export async function arrive(parts: ArrivalParts, who: Elsewhere, from: string): Promise<Arrival> {
  const { config, change, passwords, ids } = parts
  const isMapped = config.oidcGroups.length > 0
  const role = roleOfGroups(who.groups, config.oidcGroups)
  // Outside of the change: hashing takes longer than a change may. Nobody knows this password.
  const passwordHash = (await identityOf(parts.db, who)) ? null : await passwords.hash(ids.secret())
  return change({ kind: 'setup', from }, async (it): Promise<Arrival> => {
    const identity = await identityOf(it.tx, who)
    if (identity) {
      await it.tx.updateTable('identities').set({ used_at: it.now }).where('id', '=', identity.id).execute()
      return isMapped ? withRole(it, identity, role) : asTheyAre(it, identity.account_id)
    }
    if (isMapped && role === null) return { outcome: 'refused', why: 'no-group' }
    return anew(it, who, { role, label: config.oidcLabel, passwordHash: passwordHash ?? '' })
  })
}

/** Somebody who is signed in is, there, this person: from now on they come in that way. */
export async function connect(
  change: Change,
  account: Account,
  { issuer, subject, label }: { readonly issuer: string; readonly subject: string; readonly label: string },
): Promise<void> {
  const known = await identityOf(change.tx, { issuer, subject })
  if (known?.account_id === account.id) return
  if (known) throw new Conflict(`Somebody else on the team comes in with this account of ${label}.`)
  await change.tx
    .insertInto('identities')
    .values({
      id: change.ids.next(),
      account_id: account.id,
      issuer,
      subject,
      created_at: change.now,
      used_at: change.now,
      shut_at: null,
    })
    .execute()
  await change.record({
    type: 'account.connected',
    subject: account.id,
    data: { name: account.name, provider: label },
  })
}

/** The ids of those who come in with the provider. */
export async function connectedAccounts(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('identities').select('account_id').orderBy('account_id').limit(1000).execute()
  return new Set(rows.map((row) => row.account_id))
}

function identityOf(db: Db, { issuer, subject }: Pick<Elsewhere, 'issuer' | 'subject'>) {
  return db
    .selectFrom('identities')
    .select(['id', 'account_id', 'shut_at'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
}

/** Roles are given at the desk. */
async function asTheyAre(change: Change, accountId: string): Promise<Arrival> {
  const account = await mustExist(change, accountId)
  return account.disabledAt ? { outcome: 'refused', why: 'disabled' } : { outcome: 'in', account }
}

/** Roles are given by groups. */
async function withRole(
  change: Change,
  identity: { readonly id: string; readonly account_id: string; readonly shut_at: Instant | null },
  role: Role | null,
): Promise<Arrival> {
  const account = await mustExist(change, identity.account_id)
  if (role === null) {
    await endSessionsOf(change.tx, account.id)
    if (!account.disabledAt && (await unlessOnlyOwner(() => disableAccount(change, account.id)))) {
      await setShut(change, identity.id, change.now)
    }
    return { outcome: 'refused', why: 'no-group' }
  }
  if (account.disabledAt) {
    // Who was disabled by a person stays so, whatever the provider says.
    if (identity.shut_at !== account.disabledAt) return { outcome: 'refused', why: 'disabled' }
    await enableAccount(change, account.id)
    await setShut(change, identity.id, null)
  }
  await unlessOnlyOwner(() => changeRole(change, account.id, { role }))
  return { outcome: 'in', account: await mustExist(change, account.id) }
}

/** The last owner stays one: a group that was named wrongly must not leave a page that nobody can manage. */
async function unlessOnlyOwner(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof Conflict) return false
    throw error
  }
}

async function anew(
  change: Change,
  who: Elsewhere,
  { role, label, passwordHash }: { role: Role | null; label: string; passwordHash: string },
): Promise<Arrival> {
  const checked = personOf(who)
  if (!checked) return { outcome: 'refused', why: 'no-address' }
  const { email, name } = checked
  const taken = await credentials(change.tx, { email })
  if (taken) {
    // Without the provider's word that the address is theirs, it could be anybody's.
    if (!who.isVerified) return { outcome: 'refused', why: 'not-invited' }
    return taken.account.disabledAt
      ? { outcome: 'refused', why: 'disabled' }
      : { outcome: 'confirm', account: taken.account }
  }
  const offered = who.isVerified ? await takeInvitation(change, email) : null
  const given = role ?? offered
  if (given === null) return { outcome: 'refused', why: 'not-invited' }
  const id = await createAccount(change, { email, name, role: given, passwordHash })
  const account = await mustExist(change, id)
  await connect(change, account, { ...who, label })
  return { outcome: 'in', account }
}

function personOf({ email, name }: Elsewhere): { email: string; name: string } | null {
  // As it was vouched for: tidied, the sign of kelvin would become a k, and the address that of somebody else.
  if (email === null || !isMailAddress(email)) return null
  try {
    const checked = check(person, { email, name: [...(name ?? email.split('@')[0] ?? email)].slice(0, 80).join('') })
    return { ...checked, email: checked.email.toLowerCase() }
  } catch (error) {
    if (error instanceof Invalid) return null
    throw error
  }
}

/** The role of an open invitation to this address, which is accepted by coming. */
async function takeInvitation(change: Change, email: string): Promise<Role | null> {
  const row = await change.tx
    .updateTable('invitations')
    .set({ accepted_at: change.now })
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', change.now)
    .returning('role')
    .executeTakeFirst()
  return (row?.role as Role | undefined) ?? null
}

async function setShut(change: Change, id: string, at: Instant | null): Promise<void> {
  await change.tx.updateTable('identities').set({ shut_at: at }).where('id', '=', id).execute()
}

async function mustExist(change: Change, id: string): Promise<Account> {
  const account = await accountById(change.tx, id)
  if (!account) throw new Error(`There is no account ${id}.`)
  return account
}
