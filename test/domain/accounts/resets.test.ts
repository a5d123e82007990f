import { expect, test } from 'vitest'
import { changeRole, createAccount, disableAccount } from '../../../src/domain/accounts/commands.ts'
import type { Role } from '../../../src/domain/accounts/account.ts'
import { offerReset, resetOfSecret, resetPassword } from '../../../src/domain/accounts/resets.ts'
import { beginSession } from '../../../src/domain/accounts/sessions.ts'
import { signIn } from '../../../src/domain/accounts/sign-in.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { Conflict, Forbidden, Invalid, NotFound, TooMany } from '../../../src/lib/errors.ts'
import { passwords } from '../../../src/lib/passwords.ts'
import { type World, world } from '../../world.ts'

const quick = passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })
const command: Actor = { kind: 'command', name: 'test' }
const [good, next] = ['three unrelated herons', 'four other unrelated herons']
const beginning = { browser: '', network: '', via: 'password' } as const

async function withPeople(settings: Record<string, string> = {}) {
  const it = await world(settings)
  const passwordHash = await quick.hash(good)
  const make = (name: string, role: Role) =>
    it.change(command, (change) =>
      createAccount(change, { email: `${name.toLowerCase()}@example.org`, name, role, passwordHash }),
    )
  const [ada, ben] = [await make('Ada', 'owner'), await make('Ben', 'responder')]
  const offer = (id: string, factors: 'kept' | 'removed' = 'kept', actor = command) =>
    it.change(actor, (change) => offerReset(change, id, { factors, config: it.config }))
  const use = (secret: string, password = next) =>
    resetPassword({ ...it, passwords: quick }, secret, { password, from: '192.0.2.1' })
  const tries = (password: string, device: string | null = null) =>
    signIn({ ...it, passwords: quick }, { email: 'ben@example.org', password, network: 'n', device, beginning })
  return { it, ada, ben, make, offer, use, tries }
}

const sessionsOf = (it: World, id: string) =>
  it.db.selectFrom('sessions').selectAll().where('account_id', '=', id).execute()

test('a link lets somebody choose a new password once, and ends every session of theirs', async () => {
  const { it, ben, offer, use, tries } = await withPeople()
  await beginSession(it, ben, beginning)
  const { secret } = await offer(ben)
  expect((await resetOfSecret(it.db, secret, it.clock.now()))?.account.name).toBe('Ben')
  await expect(use(secret, 'short')).rejects.toThrow(Invalid)
  await use(secret)
  expect(await sessionsOf(it, ben)).toEqual([])
  expect([await tries(good), (await tries(next))?.step]).toEqual([null, 'last'])
  await expect(use(secret)).rejects.toThrow(NotFound)
  const told = (await eventsAfter(it.db, 0, 50)).slice(-3)
  expect(told.map(({ type }) => type)).toEqual([
    'account.reset-offered',
    'account.password-changed',
    'account.signed-in',
  ])
  expect(JSON.stringify(told)).not.toContain(secret)
})

test('of fifty who use a link at once, one does', async () => {
  const { it, ben, offer } = await withPeople()
  const { secret } = await offer(ben)
  const hash = await quick.hash(next)
  const ready = { ...it, passwords: { ...quick, hash: () => Promise.resolve(hash) } }
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, () => resetPassword(ready, secret, { password: next, from: '' })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a link ends after half an hour, with the next one, with another role, and when the account is disabled', async () => {
  const { it, ben, offer } = await withPeople()
  const opens = async (secret: string) => (await resetOfSecret(it.db, secret, it.clock.now())) !== null
  const [first, second] = [await offer(ben), await offer(ben)]
  expect([await opens(first.secret), await opens(second.secret)]).toEqual([false, true])
  it.clock.advance('30m')
  expect(await opens(second.secret)).toBe(false)
  const third = await offer(ben)
  await it.change(command, (change) => changeRole(change, ben, { role: 'owner' }))
  expect(await opens(third.secret)).toBe(false)
  const fourth = await offer(ben)
  await it.change(command, (change) => disableAccount(change, ben))
  expect(await opens(fourth.secret)).toBe(false)
  await expect(offer(ben)).rejects.toThrow('is disabled')
})

test('second factors stay, unless the link says that they were lost too', async () => {
  const { it, ben, offer, use } = await withPeople()
  const app = { account_id: ben, sealed_seed: 'x', last_step: 0, used_at: null, created_at: it.clock.now() }
  await it.db
    .insertInto('code_apps')
    .values({ ...app, confirmed_at: it.clock.now() })
    .execute()
  const factors = () => it.db.selectFrom('code_apps').select('account_id').execute()
  await use((await offer(ben)).secret)
  expect(await factors()).toHaveLength(1)
  await use((await offer(ben, 'removed')).secret)
  expect(await factors()).toEqual([])
})

test('admins make links for those below owners, owners for all, and only owners take second factors away', async () => {
  const { ada, ben, make, offer } = await withPeople()
  const kim = await make('Kim', 'admin')
  const as = (id: string, name: string): Actor => ({ kind: 'operator', id, name })
  await offer(ben, 'kept', as(kim, 'Kim'))
  await expect(offer(ada, 'kept', as(kim, 'Kim'))).rejects.toThrow(Forbidden)
  await expect(offer(ben, 'removed', as(kim, 'Kim'))).rejects.toThrow(Forbidden)
  await expect(offer(ben, 'kept', as(ben, 'Ben'))).rejects.toThrow(Forbidden)
  await offer(ben, 'removed', as(ada, 'Ada'))
})

test('whoever chose a new password gets in while others guess at the account', async () => {
  const { ben, offer, use, tries } = await withPeople()
  const { device } = await use((await offer(ben)).secret)
  for (let index = 0; index < 5; index += 1) await tries('wrong wrong wrong')
  await expect(tries(next)).rejects.toThrow(TooMany)
  expect((await tries(next, device))?.step).toBe('last')
})

test('where single sign-on is the only way in, passwords and links are for owners alone', async () => {
  const { it, ada, ben, offer, tries } = await withPeople({
    CANDOR_OIDC_ISSUER: 'https://id.example.org',
    CANDOR_OIDC_CLIENT_ID: 'candor',
    CANDOR_OIDC_ONLY: 'on',
  })
  expect(await tries(good)).toBeNull()
  await expect(offer(ben)).rejects.toThrow(Conflict)
  await offer(ada)
  const parts = { ...it, passwords: quick }
  const attempt = { email: 'ada@example.org', password: good, network: 'n', device: null, beginning }
  expect((await signIn(parts, attempt))?.step).toBe('last')
  expect((await signIn(parts, { ...attempt, email: 'ben@example.org', connecting: ben }))?.step).toBe('last')
})
