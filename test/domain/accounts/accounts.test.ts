import { expect, test } from 'vitest'
import { changeRole, createAccount, disableAccount } from '../../../src/domain/accounts/commands.ts'
import { createFirstOwner, judgeSecret, setUpLink } from '../../../src/domain/accounts/first-run.ts'
import { eventsBefore } from '../../../src/domain/changes/log.ts'
import { eventInWords } from '../../../src/web/admin/audit/words.ts'
import { acceptInvitation, invitationOfSecret, invite } from '../../../src/domain/accounts/invitations.ts'
import { accounts } from '../../../src/domain/accounts/queries.ts'
import { beginSession, sessionOfSecret } from '../../../src/domain/accounts/sessions.ts'
import { signIn } from '../../../src/domain/accounts/sign-in.ts'
import { waitAfter } from '../../../src/domain/accounts/throttle.ts'
import { createToken, revokeToken, tokenOfSecret } from '../../../src/domain/accounts/tokens.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import type { Change } from '../../../src/domain/changes/change.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { Conflict, NotFound, TooMany } from '../../../src/lib/errors.ts'
import { passwords } from '../../../src/lib/passwords.ts'
import { type World, world } from '../../world.ts'

const quick = passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })
const command: Actor = { kind: 'command', name: 'test' }
const good = 'three unrelated herons'
const here = { browser: 'Firefox on Linux', network: '192.0.2.0/24', via: 'password' } as const

async function withAda(): Promise<{ it: World; ada: string; asAda: Actor }> {
  const it = await world()
  const ada = await createFirstOwner(
    { ...it, passwords: quick, site: 'Northwind' },
    { name: 'Ada', email: 'ada@example.org' },
    good,
  )
  return { it, ada, asAda: { kind: 'operator', id: ada, name: 'Ada' } }
}

test('of fifty first owners at once, one is made', async () => {
  const it = await world()
  // The hash is at hand, so that all fifty reach the change at once.
  const hash = await quick.hash(good)
  const ready = { ...quick, hash: () => Promise.resolve(hash) }
  const tries = Array.from({ length: 50 }, (_, index) =>
    createFirstOwner(
      { ...it, passwords: ready, site: 'Northwind' },
      { name: 'Ada', email: `ada${index}@example.org` },
      good,
    ),
  )
  const results = await Promise.allSettled(tries)
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(Conflict)
  expect((await accounts(it.db)).filter(({ role }) => role === 'owner')).toHaveLength(1)
})

test('the set-up link is right for a quarter of an hour, wrong when altered, and used once there is an owner', async () => {
  const it = await world()
  const secret = new URL((await setUpLink(it)) ?? '').searchParams.get('secret') ?? ''
  expect(await judgeSecret(it, secret)).toBe('right')
  expect(await judgeSecret(it, `${secret}x`)).toBe('wrong')
  expect(await judgeSecret(it, `zzzzzz${secret}`)).toBe('wrong')
  expect(await judgeSecret({ ...it, key: 'another key' }, secret)).toBe('wrong')
  it.clock.advance('16m')
  expect(await judgeSecret(it, secret)).toBe('expired')
  const next = new URL((await setUpLink(it)) ?? '').searchParams.get('secret') ?? ''
  await createFirstOwner(
    { ...it, passwords: quick, site: 'Northwind' },
    { name: 'Ada', email: 'ada@example.org' },
    good,
  )
  expect(await judgeSecret(it, next)).toBe('used')
  expect(await setUpLink(it)).toBeNull()
})

test('guessing slows down, by account and by network, and the clock lets one in again', async () => {
  const { it } = await withAda()
  let hashes = 0
  const counted = {
    ...quick,
    isRight: (hash: string | null, word: string) => ((hashes += 1), quick.isRight(hash, word)),
  }
  const guess = (network: string, word = 'wrong wrong wrong', device: string | null = null) =>
    signIn(
      { ...it, passwords: counted },
      { email: 'ada@example.org', password: word, network, device, beginning: here },
    )
  const known = await guess('192.0.2.1', good)
  hashes = 0
  for (let index = 0; index < 500; index += 1)
    await guess(`198.51.100.${index % 50}`).catch((error) => expect(error).toBeInstanceOf(TooMany))
  expect(hashes).toBeLessThanOrEqual(30)
  await expect(guess('192.0.2.1', good)).rejects.toThrow('Try again in')
  // The operator's own browser does not wait for others' guesses.
  expect((await guess('192.0.2.1', good, known?.step === 'last' ? known.device : null))?.account.name).toBe('Ada')
  it.clock.advance('20m')
  expect((await guess('192.0.2.1', good))?.account.name).toBe('Ada')
})

test('a clock that is set back makes nobody wait until it is as late again', async () => {
  const { it } = await withAda()
  const signsIn = () =>
    signIn(
      { ...it, passwords: quick },
      { email: 'ada@example.org', password: good, network: 'n', device: null, beginning: here },
    )
  await signsIn()
  it.clock.set('2026-11-21T06:00:00.000Z')
  expect((await signsIn())?.account.name).toBe('Ada')
})

test('an attempt that was not made, because so many sign in at once, is not held against anybody', async () => {
  const { it } = await withAda()
  const full = { ...quick, isRight: () => Promise.reject(new TooMany('Too many people are signing in at once.', 5)) }
  const knocks = (passwords: typeof quick, word: string) =>
    signIn(
      { ...it, passwords },
      { email: 'ada@example.org', password: word, network: 'n', device: null, beginning: here },
    )
  await knocks(quick, 'wrong wrong wrong')
  for (let index = 0; index < 20; index += 1) await expect(knocks(full, good)).rejects.toThrow('at once')
  expect((await knocks(quick, good))?.account.name).toBe('Ada')
})

test('whoever may no longer let people in has nobody on the way: no link leads back', async () => {
  const { it } = await withAda()
  const passwordHash = await quick.hash(good)
  for (const [email, end] of [
    ['ben@example.org', (change: Change, id: string) => disableAccount(change, id)],
    ['bea@example.org', (change: Change, id: string) => changeRole(change, id, { role: 'responder' })],
  ] as const) {
    const ben = await it.change(command, (change) =>
      createAccount(change, { email, name: 'Ben', role: 'owner', passwordHash }),
    )
    const asBen = { kind: 'operator', id: ben, name: 'Ben' } as const
    const { secret } = await it.change(asBen, (change) =>
      invite(change, { email: 'another@example.org', role: 'owner' }),
    )
    await it.change(command, (change) => end(change, ben))
    expect(await invitationOfSecret(it.db, secret, it.clock.now())).toBeNull()
  }
})

test('a wait doubles and ends at a quarter of an hour', () => {
  expect([4, 5, 6, 7, 10, 50].map((failures) => waitAfter(failures, 'account'))).toEqual([0, 1, 2, 4, 32, 900])
})

test('a session ends when idle, after a week, and whatever the clock says', async () => {
  const { it, ada } = await withAda()
  const isIn = async (secret: string) => (await sessionOfSecret(it, secret)) !== null
  const idle = await beginSession(it, ada, here)
  it.clock.advance('11h')
  expect(await isIn(idle)).toBe(true)
  it.clock.advance('13h')
  expect(await isIn(idle)).toBe(false)
  const busy = await beginSession(it, ada, here)
  for (let hour = 0; hour < 7 * 24; hour += 6) {
    expect(await isIn(busy)).toBe(true)
    it.clock.advance('6h')
  }
  expect(await isIn(busy)).toBe(false)
})

test('an invitation makes one account, with the role that was offered, for seven days', async () => {
  const { it, asAda } = await withAda()
  const parts = { ...it, passwords: quick }
  const first = await it.change(asAda, (change) => invite(change, { email: 'Ben@example.org', role: 'responder' }))
  const both = await Promise.allSettled([
    acceptInvitation(parts, first.secret, { name: 'Ben', password: good }),
    acceptInvitation(parts, first.secret, { name: 'Bad', password: good }),
  ])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect((await accounts(it.db)).map(({ email, role }) => `${email} ${role}`)).toContain('ben@example.org responder')
  const [made] = await eventsBefore(it.db, Number.MAX_SAFE_INTEGER, { limit: 1, noun: 'account' })
  expect(made && eventInWords(made)).toMatch(/^accepted the invitation of Ada, as (?:Ben|Bad), responder$/)
  const late = await it.change(asAda, (change) => invite(change, { email: 'cy@example.org', role: 'owner' }))
  it.clock.advance('7d')
  await expect(acceptInvitation(parts, late.secret, { name: 'Cy', password: good })).rejects.toBeInstanceOf(NotFound)
})

test('the only owner can be neither disabled nor made a responder; a second one can, and is signed out', async () => {
  const { it, ada } = await withAda()
  await expect(it.change(command, (change) => disableAccount(change, ada))).rejects.toBeInstanceOf(Conflict)
  await expect(it.change(command, (change) => changeRole(change, ada, { role: 'responder' }))).rejects.toBeInstanceOf(
    Conflict,
  )
  const passwordHash = await quick.hash(good)
  const ben = await it.change(command, (change) =>
    createAccount(change, { email: 'ben@example.org', name: 'Ben', role: 'owner', passwordHash }),
  )
  const session = await beginSession(it, ben, here)
  await it.change(command, (change) => changeRole(change, ben, { role: 'responder' }))
  expect(await sessionOfSecret(it, session)).toBeNull()
})

test('a token is kept as a hash, opens until it ends or is revoked, and says when it was used', async () => {
  const { it, asAda } = await withAda()
  const { id, secret } = await it.change(asAda, (change) =>
    createToken(change, { name: 'CI', scope: 'read', expiresInDays: 30 }),
  )
  expect(secret).toMatch(/^candor_/)
  const rows = await it.db.selectFrom('tokens').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(secret)
  expect((await tokenOfSecret(it.db, secret, it.clock.now()))?.scope).toBe('read')
  expect((await tokenOfSecret(it.db, secret, it.clock.now()))?.usedAt).toBe(it.clock.now())
  it.clock.advance('31d')
  expect(await tokenOfSecret(it.db, secret, it.clock.now())).toBeNull()
  await it.change(asAda, (change) => revokeToken(change, id))
  const types = (await eventsAfter(it.db, 0, 100)).map(({ type }) => type)
  expect(types).toEqual(['account.created', 'token.created', 'token.revoked'])
})

test('the log holds names and roles, never addresses, secrets or hashes', async () => {
  const { it, asAda } = await withAda()
  const { secret } = await it.change(asAda, (change) => invite(change, { email: 'ben@example.org', role: 'responder' }))
  const log = JSON.stringify(await eventsAfter(it.db, 0, 100))
  for (const word of ['ada@example.org', 'ben@example.org', 'argon2', secret, good]) expect(log).not.toContain(word)
})
