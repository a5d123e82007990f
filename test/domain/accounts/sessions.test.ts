import { expect, test } from 'vitest'
import { changePassword, createAccount } from '../../../src/domain/accounts/commands.ts'
import { beginCodeApp, confirmCodeApp, unconfirmedSeed } from '../../../src/domain/accounts/factors/code-app.ts'
import { beginHalfSignIn } from '../../../src/domain/accounts/factors/half-sign-in.ts'
import { enterWithCode } from '../../../src/domain/accounts/factors/second-step.ts'
import { accountById } from '../../../src/domain/accounts/queries.ts'
import {
  beginSession,
  forgetSessions,
  isFresh,
  sessionOfSecret,
  sessionsOf,
} from '../../../src/domain/accounts/sessions.ts'
import { signIn } from '../../../src/domain/accounts/sign-in.ts'
import { passwords } from '../../../src/lib/passwords.ts'
import { codeApp } from '../../code-app.ts'
import { type World, world } from '../../world.ts'

const command = { kind: 'command', name: 'test' } as const
const quick = passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })
const here = { browser: 'Firefox on Linux', network: '192.0.2.0/24', via: 'password' } as const

async function withAda(settings: Record<string, string> = {}, passwordHash = 'x') {
  const it = await world(settings)
  const ada = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createAccount(change, { email: 'ada@example.org', name: 'Ada', role: 'owner', passwordHash }),
  )
  const isIn = async (secret: string) => (await sessionOfSecret(it, secret)) !== null
  return { it, ada, isIn }
}

/** Looks in each six hours, for so long. */
async function isInAfter(it: World, isIn: () => Promise<boolean>, hours: number): Promise<boolean> {
  for (let hour = 0; hour < hours; hour += 6) {
    it.clock.advance('6h')
    if (!(await isIn())) return false
  }
  return true
}

test('a clock that is set back gives a session no more time than it had', async () => {
  const { it, ada, isIn } = await withAda()
  const secret = await beginSession(it, ada, here)
  expect(await isInAfter(it, () => isIn(secret), 6 * 24)).toBe(true)
  it.clock.set('2026-11-25T12:00:00.000Z')
  expect(await isIn(secret)).toBe(true)
  expect(await isInAfter(it, () => isIn(secret), 18)).toBe(true)
  expect(await isInAfter(it, () => isIn(secret), 6)).toBe(false)
})

test('what is over stays over, though the clock is set back before it was', async () => {
  const { it, ada, isIn } = await withAda()
  const secret = await beginSession(it, ada, here)
  it.clock.advance('13h')
  await forgetSessions(it)
  it.clock.set('2026-11-21T12:30:00.000Z')
  expect(await isIn(secret)).toBe(false)
})

test('where single sign-on becomes the only way in, who came in otherwise is out, but for owners', async () => {
  const { it, ada, isIn } = await withAda()
  const ben = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createAccount(change, { email: 'ben@example.org', name: 'Ben', role: 'responder', passwordHash: 'x' }),
  )
  const byPassword = await beginSession(it, ben, here)
  const bySignOn = await beginSession(it, ben, { ...here, via: 'single-sign-on' })
  const owner = await beginSession(it, ada, here)
  const only = { ...it, config: { ...it.config, oidcOnly: true } }
  const isInThen = async (secret: string) => (await sessionOfSecret(only, secret)) !== null
  expect(await Promise.all([byPassword, bySignOn, owner].map(isInThen))).toEqual([false, true, true])
  expect(await isIn(byPassword), 'also when it is turned off again').toBe(false)
})

test('whoever runs the page says how long sessions last', async () => {
  const { it, ada, isIn } = await withAda({ CANDOR_SESSION_IDLE: '30m', CANDOR_SESSION_LENGTH: '1h' })
  const idle = await beginSession(it, ada, here)
  it.clock.advance('30m')
  expect(await isIn(idle)).toBe(false)
  const busy = await beginSession(it, ada, here)
  it.clock.advance('29m')
  expect(await isIn(busy)).toBe(true)
  it.clock.advance('29m')
  expect(await isIn(busy)).toBe(true)
  it.clock.advance('2m')
  expect(await isIn(busy)).toBe(false)
  await expect(world({ CANDOR_SESSION_IDLE: '1s' })).rejects.toThrow('from 5m to 30d')
})

test('who signed in is fresh for ten minutes, and no longer because the clock is set back', async () => {
  const { it, ada } = await withAda()
  const secret = await beginSession(it, ada, here)
  const fresh = async () => {
    const open = await sessionOfSecret(it, secret)
    return open !== null && isFresh(open.session, it.clock.now())
  }
  it.clock.advance('9m')
  expect(await fresh()).toBe(true)
  it.clock.advance('1m')
  expect(await fresh()).toBe(false)
  it.clock.set('2026-11-21T12:01:00.000Z')
  expect(await fresh()).toBe(false)
})

test('a password that was hashed with less is hashed anew at sign-in, and goes on working', async () => {
  const [weak, better] = [1, 2].map((timeCost) => passwords({ memoryCost: 8, timeCost, parallelism: 1 }))
  const good = 'three unrelated herons'
  const { it, ada } = await withAda({}, await weak!.hash(good))
  const hashNow = async () =>
    (await it.db.selectFrom('accounts').select('password_hash').where('id', '=', ada).executeTakeFirst())?.password_hash
  const attempt = { email: 'ada@example.org', password: good, network: 'n', device: null, beginning: here }
  expect(await hashNow()).toContain('m=8,t=1,p=1$')
  expect(await signIn({ ...it, passwords: better! }, { ...attempt, password: `${good}!` })).toBeNull()
  expect(await hashNow()).toContain('m=8,t=1,p=1$')
  expect((await signIn({ ...it, passwords: better! }, attempt))?.account.name).toBe('Ada')
  const upgraded = await hashNow()
  expect(upgraded).toContain('m=8,t=2,p=1$')
  expect((await signIn({ ...it, passwords: better! }, attempt))?.account.name).toBe('Ada')
  expect(await hashNow()).toBe(upgraded)
})

test('what ends all sessions while the second step is taken ends the one that it would begin', async () => {
  const { it, ada } = await withAda()
  const account = { id: ada, name: 'Ada' }
  await it.change(command, (change) => beginCodeApp(change, ada))
  const seed = await unconfirmedSeed(it, { id: ada, label: 'ada@example.org', issuer: 'Northwind' })
  const app = codeApp(seed?.text ?? '', it.clock)
  await confirmCodeApp(it, { actor: command, account, code: app.code() }, () => Promise.resolve())
  it.clock.advance('30s')
  const owner = await accountById(it.db, ada)
  if (!owner) throw new Error('There is no Ada.')
  const secret = await beginHalfSignIn(it, ada)
  // Between the right code and the session that it opens.
  const racing: typeof it.change = async (actor, work) => {
    await it.change(command, (change) => changePassword(change, ada, 'another'))
    return it.change(actor, work)
  }
  const entering = enterWithCode(
    { ...it, change: racing },
    { account: owner, secret, device: null, beginning: here },
    { kind: 'app', code: app.code() },
  )
  await expect(entering).rejects.toThrow('Something about this account was changed meanwhile. Sign in again.')
  expect(await sessionsOf(it, ada)).toEqual([])
})

test('who is given a second factor while the password is compared does not come in without it', async () => {
  const { it, ada } = await withAda({}, await quick.hash('three unrelated herons'))
  const racing: typeof it.change = async (actor, work) => {
    await it.change(command, (change) => beginCodeApp(change, ada))
    const seed = await unconfirmedSeed(it, { id: ada, label: 'ada@example.org', issuer: 'Northwind' })
    const code = codeApp(seed?.text ?? '', it.clock).code()
    await confirmCodeApp(it, { actor: command, account: { id: ada, name: 'Ada' }, code }, () => Promise.resolve())
    return it.change(actor, work)
  }
  const entering = signIn(
    { ...it, passwords: quick, change: racing },
    {
      email: 'ada@example.org',
      password: 'three unrelated herons',
      network: '192.0.2.0',
      device: null,
      beginning: here,
    },
  )
  await expect(entering).rejects.toThrow('Something about this account was changed meanwhile. Sign in again.')
  expect(await sessionsOf(it, ada)).toEqual([])
})
