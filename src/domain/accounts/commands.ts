import { check } from '../../lib/check.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import { moveOwnMail } from '../alerts/own-mail.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { type Account, type Role, may } from './account.ts'
import { type Person, person, roleChoice } from './input.ts'
import { accountById, activeOwners } from './queries.ts'
import { mayConcern } from './ranks.ts'
import { endSessionsOf } from './sessions.ts'

/** An account with a hash that the caller made before the change: hashing takes longer than a change may. */
export interface NewAccount {
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly passwordHash: string
  /** The name of whoever invited them. */
  readonly invitedBy?: string
}

export async function createAccount(change: Change, account: NewAccount): Promise<string> {
  await mustBeFree(change, account.email, null)
  const id = change.ids.next()
  await change.tx
    .insertInto('accounts')
    .values({
      id,
      email: account.email,
      name: account.name,
      role: account.role,
      password_hash: account.passwordHash,
      disabled_at: null,
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
  const { name, role, invitedBy } = account
  const data = invitedBy === undefined ? { name, role } : { name, role, invitedBy }
  await change.record({ type: 'account.created', subject: id, data })
  return id
}

/** Ends their sessions: what they may do has changed. */
export async function changeRole(change: Change, id: string, input: Unchecked<{ role: Role }>): Promise<void> {
  const { role } = check(roleChoice, input)
  const account = await existing(change, id)
  if (account.role === role) return
  await mayConcern(change, account.role, role)
  if (role !== 'owner') await assertOwnerRemains(change, account)
  await change.tx.updateTable('accounts').set({ role, updated_at: change.now }).where('id', '=', id).execute()
  await endSessionsOf(change.tx, id)
  await endResetsOf(change, id)
  await endLinksMadeBy(change, account)
  await change.record(
    { type: 'account.changed', subject: id, data: { name: account.name, fields: ['role'] } },
    differences(['role'], account, { role }),
  )
}

/** What they said stays under their name; they cannot come in any more. */
export async function disableAccount(change: Change, id: string): Promise<void> {
  const account = await existing(change, id)
  if (account.disabledAt) return
  await mayConcern(change, account.role)
  await assertOwnerRemains(change, account)
  await change.tx
    .updateTable('accounts')
    .set({ disabled_at: change.now, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await endSessionsOf(change.tx, id)
  await endLinksMadeBy(change, account)
  await change.record({ type: 'account.disabled', subject: id, data: { name: account.name } })
}

export async function enableAccount(change: Change, id: string): Promise<void> {
  const account = await existing(change, id)
  if (!account.disabledAt) return
  await mayConcern(change, account.role)
  await change.tx
    .updateTable('accounts')
    .set({ disabled_at: null, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'account.changed', subject: id, data: { name: account.name, fields: ['enabled'] } })
}

/** Ends every session of theirs, this one too: whoever had the old password is out. */
export async function changePassword(change: Change, id: string, passwordHash: string): Promise<void> {
  const account = await existing(change, id)
  await change.tx
    .updateTable('accounts')
    .set({ password_hash: passwordHash, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await endSessionsOf(change.tx, id)
  await endResetsOf(change, id)
  await change.record({ type: 'account.password-changed', subject: id, data: { name: account.name } })
}

export async function changeDetails(change: Change, id: string, input: Unchecked<Person>): Promise<void> {
  const { name, email } = check(person, input)
  const details = { name, email: email.toLowerCase() }
  const account = await existing(change, id)
  const fields = (['name', 'email'] as const).filter((field) => account[field] !== details[field])
  if (fields.length === 0) return
  await mustBeFree(change, details.email, id)
  await change.tx
    .updateTable('accounts')
    .set({ name: details.name, email: details.email, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  if (fields.includes('email')) await moveOwnMail(change, id, details.email)
  await change.record(
    { type: 'account.changed', subject: id, data: { name: details.name, fields } },
    differences(
      fields.filter((field) => field !== 'email'),
      account,
      details,
    ),
  )
}

/** A link to choose a password was made for who they were. */
async function endResetsOf(change: Change, id: string): Promise<void> {
  await change.tx.deleteFrom('account_resets').where('account_id', '=', id).execute()
}

/** Who may no longer let anybody in has nobody on the way either: a link in their own hand would be a way back. */
async function endLinksMadeBy(change: Change, { id, role }: Account): Promise<void> {
  await withdrawInvitationsOf(change, id)
  // Who made which is not kept, and none is older than half an hour: all that could be theirs end.
  if (may(role, 'manage-people')) await change.tx.deleteFrom('account_resets').execute()
}

async function withdrawInvitationsOf(change: Change, id: string): Promise<void> {
  const withdrawn = await change.tx
    .deleteFrom('invitations')
    .where('invited_by', '=', id)
    .where('accepted_at', 'is', null)
    .returning(['id', 'role'])
    .execute()
  for (const invitation of withdrawn) {
    const { id: subject, role } = invitation
    await change.record({ type: 'account.invitation-withdrawn', subject, data: { role } })
  }
}

async function existing(change: Change, id: string): Promise<Account> {
  const account = await accountById(change.tx, id)
  if (!account) throw new NotFound('There is nobody like that on the team.')
  return account
}

/** Asked before writing: a refused write would end the whole change on one of the databases. */
export async function mustBeFree(change: Change, email: string, own: string | null): Promise<void> {
  const row = await change.tx.selectFrom('accounts').select('id').where('email', '=', email).executeTakeFirst()
  if (row && row.id !== own) throw new Conflict('Somebody with this address is on the team already.', 'email')
}

/** Nobody could let anybody in any more. */
async function assertOwnerRemains(change: Change, account: Account): Promise<void> {
  if (account.role !== 'owner' || account.disabledAt) return
  if ((await activeOwners(change.tx)) <= 1)
    throw new Conflict(`${account.name} is the only owner. Make somebody else an owner first.`)
}
