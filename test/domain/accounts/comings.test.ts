import { expect, test } from 'vitest'
import { createAccount, disableAccount, enableAccount } from '../../../src/domain/accounts/commands.ts'
import { comeIn, goOut } from '../../../src/domain/accounts/comings.ts'
import { sessionOfSecret } from '../../../src/domain/accounts/sessions.ts'
import { signIn } from '../../../src/domain/accounts/sign-in.ts'
import { addressesOf, eventsAfter } from '../../../src/domain/changes/log.ts'
import type { Changer } from '../../../src/domain/changes/change.ts'
import { TooMany, Unavailable } from '../../../src/lib/errors.ts'
import { passwords } from '../../../src/lib/passwords.ts'
import { people } from '../../people.ts'
import { type World, world } from '../../world.ts'

const quick = passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })
const good = 'three unrelated herons'
const here = { browser: 'Firefox', network: '192.0.2.0/24', via: 'password', from: '192.0.2.7' } as const

async function door() {
  const it = await world()
  const passwordHash = await quick.hash(good)
  const ada = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createAccount(change, { email: 'ada@example.org', name: 'Ada', role: 'owner', passwordHash }),
  )
  const since = await it.latestVersion()
  const knocks = (password: string, email = 'ada@example.org', change: Changer = it.change) =>
    signIn(
      { ...it, change, passwords: quick },
      { email, password, network: 'n', device: null, beginning: here, connecting: null },
    )
  return { it, ada, since, knocks }
}

async function happened(it: World, since: number) {
  const events = await eventsAfter(it.db, since, 100)
  const addresses = await addressesOf(
    it.db,
    events.map(({ seq }) => seq),
  )
  return events.map(({ seq, type, subject, data, actor }) => ({ type, subject, data, actor, at: addresses.get(seq) }))
}

/** As on a full disk: nothing of a change is kept. */
const nothingKept: Changer = () => Promise.reject(new Unavailable('The disk is full.', 'room', {}))

test('who comes in and goes out stands in the log, with the way and the address apart', async () => {
  const { it, ada, since, knocks } = await door()
  const entered = await knocks(good)
  if (entered?.step !== 'last') throw new Error('They did not come in.')
  const actor = { kind: 'operator', id: ada, name: 'Ada' } as const
  const out = { actor: { ...actor, from: '192.0.2.8' }, account: entered.account, secret: entered.session }
  await goOut(it, out)
  // In another tab, once more.
  await goOut(it, out)
  expect(await happened(it, since)).toEqual([
    { type: 'account.signed-in', subject: ada, data: { name: 'Ada', via: 'password' }, actor, at: '192.0.2.7' },
    { type: 'account.signed-out', subject: ada, data: { name: 'Ada' }, actor, at: '192.0.2.8' },
  ])
})

test('whoever was disabled since they proved who they are does not come in, nor when they are enabled again', async () => {
  const { it, ada } = await door()
  const ben = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createAccount(change, { email: 'ben@example.org', name: 'Ben', role: 'viewer', passwordHash: '' }),
  )
  const owner = { kind: 'operator', id: ada, name: 'Ada' } as const
  await it.change(owner, (change) => disableAccount(change, ben))
  const way = { ...here, via: 'single-sign-on' } as const
  await expect(comeIn(it, { id: ben, name: 'Ben' }, way)).rejects.toThrow('Sign in again')
  await it.change(owner, (change) => enableAccount(change, ben))
  expect(await it.db.selectFrom('sessions').selectAll().execute()).toEqual([])
})

test('a wrong password is no event; being kept waiting is one a minute, without what was typed', async () => {
  const { it, ada, since, knocks } = await door()
  for (let index = 0; index < 5; index += 1) expect(await knocks('wrong wrong wrong')).toBeNull()
  expect(await happened(it, since)).toEqual([])
  const isKeptWaiting = async (email?: string) => expect(knocks('wrong wrong wrong', email)).rejects.toThrow(TooMany)
  await isKeptWaiting()
  await isKeptWaiting('ADA@example.org ')
  const kept = {
    type: 'account.sign-in-refused',
    subject: ada,
    data: { name: 'Ada' },
    actor: { kind: 'setup' },
    at: '192.0.2.7',
  }
  expect(await happened(it, since)).toEqual([kept])
  it.clock.advance('1m')
  for (let index = 0; index < 12; index += 1) await knocks('wrong wrong wrong').catch(() => null)
  expect(await happened(it, since)).toEqual([kept, kept])
  it.clock.set('2026-11-20T12:00:00.000Z')
  for (let index = 0; index < 12; index += 1) await knocks('wrong wrong wrong').catch(() => null)
  expect(await happened(it, since)).toEqual([kept, kept, kept])
})

test('a flood of names writes down thirty a minute, whether anybody has them or not', async () => {
  const { it, since, knocks } = await door()
  for (let index = 0; index < 200; index += 1)
    await knocks('wrong wrong wrong', `p${index}@example.org`).catch(() => null)
  const told = await it.db.selectFrom('sign_in_failures').select('key').where('key', 'like', 'told:%').execute()
  expect(told.length).toBe(31)
  expect(await happened(it, since)).toEqual([])
})

test('where the log cannot be kept they come in and go out all the same', async () => {
  const { it, ada, since, knocks } = await door()
  const entered = await knocks(good, 'ada@example.org', nothingKept)
  if (entered?.step !== 'last') throw new Error('They did not come in.')
  expect((await sessionOfSecret(it, entered.session))?.account.id).toBe(ada)
  const actor = { kind: 'operator', id: ada, name: 'Ada' } as const
  await goOut({ ...it, change: nothingKept }, { actor, account: entered.account, secret: entered.session })
  expect(await sessionOfSecret(it, entered.session)).toBeNull()
  // And are told to wait, not that the disk is full.
  for (let index = 0; index < 5; index += 1) await knocks('wrong wrong wrong')
  await expect(knocks('wrong wrong wrong', 'ada@example.org', nothingKept)).rejects.toThrow('Too many wrong passwords')
  expect(await happened(it, since)).toEqual([])
})

test('that somebody signs in has nothing of the page read or made anew', async () => {
  const it = await world()
  const { ada } = await people(it)
  const { publication } = await it.app()
  await publication.catchUp()
  const read = publication.snapshot
  const before = publication.find('/')
  expect(before).toBeDefined()
  const earlier = await it.latestVersion()
  await comeIn(it, ada, here)
  expect(await it.latestVersion()).toBeGreaterThan(earlier)
  await publication.catchUp()
  // Nor is anything read again.
  expect(publication.snapshot).toBe(read)
  expect(publication.find('/')).toBe(before)
})
