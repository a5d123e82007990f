import { expect, test } from 'vitest'
import type { Role } from '../../../src/domain/accounts/account.ts'
import { changeRole, createAccount, disableAccount, enableAccount } from '../../../src/domain/accounts/commands.ts'
import {
  invitationOfSecret,
  invite,
  renewInvitation,
  withdrawInvitation,
} from '../../../src/domain/accounts/invitations.ts'
import { accounts } from '../../../src/domain/accounts/queries.ts'
import { offerReset, resetOfSecret } from '../../../src/domain/accounts/resets.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import type { Change } from '../../../src/domain/changes/change.ts'
import { type World, world } from '../../world.ts'

/** A team: an owner, a second one, an admin, and one of each other role, by the letter they begin with. */
async function team(of: World): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  const roles: Record<string, Role> = {
    Ada: 'owner',
    Olga: 'owner',
    Abe: 'admin',
    Ben: 'responder',
    Uma: 'author',
    Vic: 'viewer',
  }
  for (const [name, role] of Object.entries(roles)) {
    const account = { email: `${name.toLowerCase()}@example.org`, name, role, passwordHash: 'x' }
    ids[name] = await of.change({ kind: 'setup' }, (it) => createAccount(it, account))
  }
  return ids
}

const as = (ids: Record<string, string>, name: string): Actor => ({ kind: 'operator', id: ids[name] ?? '', name })

test('an admin touches no owner, makes nobody one, and not themselves', async () => {
  const it = await world()
  const ids = await team(it)
  const abe = as(ids, 'Abe')
  const refused = /Only an owner can invite, change or make an owner\. Ask Ada or Olga\./
  const { id: offered } = await it.change(as(ids, 'Ada'), (change) =>
    invite(change, { email: 'new@example.org', role: 'owner' }),
  )
  const version = await it.latestVersion()
  const tries = [
    () => it.change(abe, (change) => changeRole(change, ids['Ada'] ?? '', { role: 'viewer' })),
    () => it.change(abe, (change) => changeRole(change, ids['Ben'] ?? '', { role: 'owner' })),
    () => it.change(abe, (change) => changeRole(change, ids['Abe'] ?? '', { role: 'owner' })),
    () => it.change(abe, (change) => disableAccount(change, ids['Olga'] ?? '')),
    () => it.change(abe, (change) => invite(change, { email: 'x@example.org', role: 'owner' })),
    // In the place of the one that an owner sent.
    () => it.change(abe, (change) => invite(change, { email: 'new@example.org', role: 'viewer' })),
    () => it.change(abe, (change) => withdrawInvitation(change, offered)),
  ]
  for (const attempt of tries) await expect(attempt()).rejects.toThrow(refused)
  await it.change(as(ids, 'Ada'), (change) => disableAccount(change, ids['Olga'] ?? ''))
  await expect(it.change(abe, (change) => enableAccount(change, ids['Olga'] ?? ''))).rejects.toThrow(/Ask Ada\./)
  expect(await it.latestVersion()).toBe(version + 1)
})

test('everything else about people is an admin’s to do', async () => {
  const it = await world()
  const ids = await team(it)
  const abe = as(ids, 'Abe')
  await it.change(abe, (change) => changeRole(change, ids['Ben'] ?? '', { role: 'admin' }))
  await it.change(abe, (change) => disableAccount(change, ids['Vic'] ?? ''))
  await it.change(abe, (change) => enableAccount(change, ids['Vic'] ?? ''))
  await it.change(abe, (change) => invite(change, { email: 'new@example.org', role: 'admin' }))
  await it.change(abe, (change) => changeRole(change, ids['Abe'] ?? '', { role: 'author' }))
  expect((await accounts(it.db)).map(({ name, role }) => `${name}: ${role}`)).toEqual(
    expect.arrayContaining(['Ben: admin', 'Abe: author', 'Vic: viewer']),
  )
})

test('who may not change people cannot, whatever the face lets through', async () => {
  const it = await world()
  const ids = await team(it)
  const others: Actor[] = [
    ...['Ben', 'Uma', 'Vic'].map((name) => as(ids, name)),
    { kind: 'token', id: 'token', name: 'CI' },
    { kind: 'probe', id: 'probe', name: 'Search' },
    { kind: 'operator', id: 'nobody', name: 'Ada' },
  ]
  for (const actor of others) {
    const raise = it.change(actor, (change) => changeRole(change, ids['Vic'] ?? '', { role: 'admin' }))
    await expect(raise).rejects.toThrow(/^Only (owners and admins|a person) can change people\./)
  }
})

test('of two owners who remove each other at once, one stays', async () => {
  const it = await world()
  const ids = await team(it)
  const results = await Promise.allSettled([
    it.change(as(ids, 'Ada'), (change) => disableAccount(change, ids['Olga'] ?? '')),
    it.change(as(ids, 'Olga'), (change) => changeRole(change, ids['Ada'] ?? '', { role: 'viewer' })),
  ])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const owners = (await accounts(it.db)).filter(({ role, disabledAt }) => role === 'owner' && !disabledAt)
  expect(owners).toHaveLength(1)
})

test.each([
  ['is disabled', (it: Change, id: string) => disableAccount(it, id)],
  ['becomes a responder', (it: Change, id: string) => changeRole(it, id, { role: 'responder' })],
])('an admin who %s keeps no link to come back with: none renewed, none to choose a password', async (_, ends) => {
  const it = await world()
  const ids = await team(it)
  const [ada, abe] = [as(ids, 'Ada'), as(ids, 'Abe')]
  const { id: offered } = await it.change(ada, (change) => invite(change, { email: 'new@example.org', role: 'admin' }))
  const { secret: renewed } = await it.change(abe, (change) => renewInvitation(change, offered))
  const { secret: reset } = await it.change(abe, (change) =>
    offerReset(change, ids['Ben'] ?? '', { factors: 'kept', config: it.config }),
  )
  const links = async () => [
    await invitationOfSecret(it.db, renewed, it.clock.now()),
    await resetOfSecret(it.db, reset, it.clock.now()),
  ]
  expect(await links()).toMatchObject([{ role: 'admin' }, { account: { name: 'Ben' } }])
  await it.change(ada, (change) => ends(change, ids['Abe'] ?? ''))
  expect(await links()).toEqual([null, null])
})

test('an owner who becomes an admin keeps no link that makes an owner', async () => {
  const it = await world()
  const ids = await team(it)
  const { secret } = await it.change(as(ids, 'Olga'), (change) =>
    invite(change, { email: 'new@example.org', role: 'owner' }),
  )
  await it.change(as(ids, 'Ada'), (change) => changeRole(change, ids['Olga'] ?? '', { role: 'admin' }))
  expect(await invitationOfSecret(it.db, secret, it.clock.now())).toBeNull()
})

test('a link to choose a password outlives changes to whoever could not have made it', async () => {
  const it = await world()
  const ids = await team(it)
  const { secret } = await it.change(as(ids, 'Ada'), (change) =>
    offerReset(change, ids['Ben'] ?? '', { factors: 'kept', config: it.config }),
  )
  await it.change(as(ids, 'Ada'), (change) => disableAccount(change, ids['Vic'] ?? ''))
  await it.change(as(ids, 'Ada'), (change) => changeRole(change, ids['Uma'] ?? '', { role: 'responder' }))
  expect(await resetOfSecret(it.db, secret, it.clock.now())).toMatchObject({ account: { name: 'Ben' } })
})
