import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import {
  createToken,
  endFormerSecret,
  renewToken,
  revokeToken,
  tokenOfSecret,
  tokens,
  tokensThatEnd,
} from '../../../src/domain/accounts/tokens.ts'
import { mayBeToken } from '../../../src/domain/accounts/token-words.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { randomIds } from '../../../src/lib/ids.ts'
import { hashOfSecret } from '../../../src/lib/secrets.ts'
import { type World, world } from '../../world.ts'

const actor: Actor = { kind: 'command', name: 'test' }

async function withToken(wish: { expiresInDays?: number } = {}) {
  const it = await world()
  const { id, secret } = await it.change(actor, (change) => createToken(change, { name: 'CI', scope: 'read', ...wish }))
  const opens = async (text: string) => (await tokenOfSecret(it.db, text, it.clock.now(), '192.0.2.0/24')) !== null
  return { it, id, secret, opens }
}

/** What was asked of the database. */
function counting(it: World): { db: World['db']; asked(): number } {
  let count = 0
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => ((count += 1), node),
    transformResult: ({ result }) => Promise.resolve(result),
  }
  return { db: it.db.withPlugin(counter), asked: () => count }
}

test('a token ends after a year unless it is said otherwise, and its end is shown', async () => {
  const { it, secret, opens } = await withToken()
  const [token] = await tokens(it.db, it.clock.now())
  expect(token?.expiresAt).toBe('2027-11-21T12:00:00.000Z')
  expect(await tokensThatEnd(it.db, it.clock.now())).toEqual([])
  it.clock.advance('352d')
  expect((await tokensThatEnd(it.db, it.clock.now())).map(({ name }) => name)).toEqual(['CI'])
  expect(await opens(secret)).toBe(true)
  it.clock.advance('13d')
  expect(await opens(secret)).toBe(false)
})

test('what is mistyped or made up is refused without asking the database, and what is wrong costs one read', async () => {
  const { it, secret } = await withToken()
  const { db, asked } = counting(it)
  for (const wrong of [
    `${secret.slice(0, -1)}_`,
    secret.replace('secret', 'secrat'),
    'candor_x',
    'x',
    secret.slice(7),
  ]) {
    expect(await tokenOfSecret(db, wrong, it.clock.now())).toBeNull()
  }
  expect(asked()).toBe(0)
  const [, other] = [secret, `candor_${randomIds.secret()}`]
  expect(mayBeToken(other)).toBe(true)
  expect(await tokenOfSecret(db, other, it.clock.now())).toBeNull()
  expect(asked()).toBe(1)
})

test('a token from before there was a checksum still opens', async () => {
  const { it, id, opens } = await withToken()
  const old = `candor_${randomIds.secret()}`
  await it.db
    .updateTable('tokens')
    .set({ secret_hash: hashOfSecret(old) })
    .where('id', '=', id)
    .execute()
  expect(await opens(old)).toBe(true)
})

test('its last use is noted with the time and roughly from where, once a minute', async () => {
  const { it, secret, opens } = await withToken()
  await opens(secret)
  it.clock.advance('30s')
  const { db, asked } = counting(it)
  await tokenOfSecret(db, secret, it.clock.now(), '192.0.2.0/24')
  expect(asked()).toBe(1)
  const [token] = await tokens(it.db, it.clock.now())
  expect([token?.usedAt, token?.usedFrom]).toEqual(['2026-11-21T12:00:00.000Z', '192.0.2.0/24'])
})

test('a new secret takes over while the one before still works, for as long as was chosen', async () => {
  const { it, id, secret, opens } = await withToken()
  await opens(secret)
  const next = await it.change(actor, (change) => renewToken(change, id, { overlapHours: '24' }))
  expect(next.formerUntil).toBe('2026-11-22T12:00:00.000Z')
  expect([await opens(secret), await opens(next.secret)]).toEqual([true, true])
  it.clock.advance('2m')
  await opens(secret)
  const [token] = await tokens(it.db, it.clock.now())
  expect(token?.former).toEqual({ until: next.formerUntil, usedAt: '2026-11-21T12:02:00.000Z' })
  expect(token?.usedAt).toBe('2026-11-21T12:00:00.000Z')
  it.clock.advance('1d')
  expect([await opens(secret), await opens(next.secret)]).toEqual([false, true])
  expect((await tokens(it.db, it.clock.now()))[0]?.former).toBeNull()
})

test('the secret before can end at once, and never outlives its own end or a week', async () => {
  const { it, id, secret, opens } = await withToken({ expiresInDays: 2 })
  const renew = (overlapHours: string) => it.change(actor, (change) => renewToken(change, id, { overlapHours }))
  await expect(renew('169')).rejects.toThrow('168')
  const second = await renew('168')
  expect(second.formerUntil).toBe('2026-11-23T12:00:00.000Z')
  await it.change(actor, (change) => endFormerSecret(change, id))
  expect([await opens(secret), await opens(second.secret)]).toEqual([false, true])
  const third = await renew('0')
  expect([third.formerUntil, await opens(second.secret), await opens(third.secret)]).toEqual([null, false, true])
  await it.change(actor, (change) => revokeToken(change, id))
  expect(await opens(third.secret)).toBe(false)
  await expect(renew('1')).rejects.toThrow('was revoked')
  const events = (await eventsAfter(it.db, 0, 100)).filter(({ type }) => type.startsWith('token.'))
  expect(events.map(({ type }) => type)).toEqual([
    'token.created',
    'token.renewed',
    'token.former-ended',
    'token.renewed',
    'token.revoked',
  ])
  expect(JSON.stringify(events)).not.toContain('candor_')
})
