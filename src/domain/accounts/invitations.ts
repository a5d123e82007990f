import type { Db } from '../../database/database.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { later } from '../../lib/clock.ts'
import { check } from '../../lib/check.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Passwords } from '../../lib/passwords.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import type { Change, Changer } from '../changes/change.ts'
import { readSite } from '../site/queries.ts'
import type { Invitation, Role } from './account.ts'
import { createAccount, mustBeFree } from './commands.ts'
import { type NewInvitation, newInvitation, personName } from './input.ts'
import { mayConcern } from './ranks.ts'
import { assertPassword } from './password-rules.ts'

const validSeconds = 7 * 24 * 3600

/** Answers the secret of the link to hand over, this once. The role stands here, not in the link. */
export async function invite(
  change: Change,
  input: Unchecked<NewInvitation>,
): Promise<{ id: string; secret: string; expiresAt: Instant }> {
  const { role, ...checked } = check(newInvitation, input)
  const email = checked.email.toLowerCase()
  if (change.actor.kind !== 'operator') throw new Conflict('Only a person can invite somebody.')
  await mustBeFree(change, email, null)
  // A second invitation takes the place of the first one, whose link may have got lost.
  const replaced = await change.tx
    .deleteFrom('invitations')
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .returning('role')
    .execute()
  await mayConcern(change, role, ...replaced.map((one) => one.role as Role))
  const id = change.ids.next()
  const secret = change.ids.secret()
  const expiresAt = later(change.now, validSeconds)
  await change.tx
    .insertInto('invitations')
    .values({
      id,
      email,
      role,
      secret_hash: hashOfSecret(secret),
      invited_by: change.actor.id,
      expires_at: expiresAt,
      accepted_at: null,
      created_at: change.now,
    })
    .execute()
  await change.record({ type: 'account.invited', subject: id, data: { role } })
  return { id, secret, expiresAt }
}

/** Another link for the same invitation, good for a week from now; the one before is worth nothing. */
export async function renewInvitation(change: Change, id: string): Promise<Invitation & { readonly secret: string }> {
  const row = await change.tx
    .selectFrom('invitations')
    .select(['email', 'role'])
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new NotFound('There is no such invitation any more.')
  const role = row.role as Role
  await mayConcern(change, role)
  const secret = change.ids.secret()
  const expiresAt = later(change.now, validSeconds)
  await change.tx
    .updateTable('invitations')
    .set({
      secret_hash: hashOfSecret(secret),
      expires_at: expiresAt,
      // Whoever has the link in hand answers for it, and takes it along when they go.
      ...(change.actor.kind === 'operator' ? { invited_by: change.actor.id } : {}),
    })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'account.invitation-renewed', subject: id, data: { role } })
  return { id, email: row.email, role, expiresAt, secret }
}

/** The invitation behind a link, if it can still be accepted. */
export async function invitationOfSecret(db: Db, secret: string, now: Instant): Promise<Invitation | null> {
  const row = await db
    .selectFrom('invitations')
    .select(['id', 'email', 'role', 'expires_at'])
    .where('secret_hash', '=', hashOfSecret(secret))
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ? { id: row.id, email: row.email, role: row.role as Role, expiresAt: row.expires_at } : null
}

/** Makes the account that was offered. Once: of fifty requests with one link, one does. */
export async function acceptInvitation(
  { db, clock, change, passwords }: { db: Db; clock: Clock; change: Changer; passwords: Passwords },
  secret: string,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<string> {
  const chosen = check(personName, { name })
  const offered = await invitationOfSecret(db, secret, clock.now())
  if (!offered) throw noInvitation()
  const site = await readSite(db)
  assertPassword(password, { email: offered.email, name: chosen.name, site: site.name })
  // Outside of the change: hashing takes longer than a change may.
  const passwordHash = await passwords.hash(password)
  return change({ kind: 'setup' }, async (it) => {
    const invitation = await invitationOfSecret(it.tx, secret, it.now)
    if (!invitation) throw noInvitation()
    await it.tx.updateTable('invitations').set({ accepted_at: it.now }).where('id', '=', invitation.id).execute()
    const { email, role } = invitation
    const invitedBy = await inviterOf(it, invitation.id)
    return createAccount(it, { email, role, name: chosen.name, passwordHash, ...(invitedBy && { invitedBy }) })
  })
}

async function inviterOf({ tx }: Change, invitation: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('invitations')
    .innerJoin('accounts', 'accounts.id', 'invitations.invited_by')
    .select('accounts.name')
    .where('invitations.id', '=', invitation)
    .executeTakeFirst()
  return row?.name
}

function noInvitation(): NotFound {
  return new NotFound('This invitation has been used, withdrawn, or has expired. Ask for a new one.')
}

export async function withdrawInvitation(change: Change, id: string): Promise<void> {
  const row = await change.tx
    .selectFrom('invitations')
    .select('role')
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new NotFound('There is no such invitation any more.')
  await mayConcern(change, row.role as Role)
  await change.tx.deleteFrom('invitations').where('id', '=', id).execute()
  await change.record({ type: 'account.invitation-withdrawn', subject: id, data: { role: row.role } })
}
