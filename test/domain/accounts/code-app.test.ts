import { expect, test } from 'vitest'
import { createAccount } from '../../../src/domain/accounts/commands.ts'
import {
  beginCodeApp,
  confirmCodeApp,
  unconfirmedSeed,
  useCode,
} from '../../../src/domain/accounts/factors/code-app.ts'
import { removeAllFactors } from '../../../src/domain/accounts/factors/commands.ts'
import { hasFactor } from '../../../src/domain/accounts/factors/factor.ts'
import { factorsOf } from '../../../src/domain/accounts/factors/queries.ts'
import { makeRecoveryCodes, useRecoveryCode } from '../../../src/domain/accounts/factors/recovery-codes.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { codeApp } from '../../code-app.ts'
import { world } from '../../world.ts'

const command: Actor = { kind: 'command', name: 'test' }

async function withApp() {
  const it = await world()
  const id = await it.change(command, (change) =>
    createAccount(change, { email: 'ada@example.org', name: 'Ada', role: 'owner', passwordHash: 'x' }),
  )
  const account = { id, name: 'Ada' }
  await it.change(command, (change) => beginCodeApp(change, id))
  const seed = await unconfirmedSeed(it, { id, label: 'ada@example.org', issuer: 'Northwind: status' })
  const app = codeApp(seed?.text ?? '', it.clock)
  await confirmCodeApp(it, { actor: command, account, code: app.code() }, () => Promise.resolve())
  it.clock.advance('30s')
  const uses = (code: string) => useCode(it, { accountId: id, code, now: it.clock.now() })
  return { it, account, seed, app, uses }
}

test('the seed is given as text and as an address that apps read, and sealed where it lies', async () => {
  const { it, seed } = await withApp()
  expect(seed?.text).toMatch(/^[A-Z2-7]{32}$/)
  expect(seed?.address).toMatch(/^otpauth:\/\/totp\/Northwind%20%20status:ada%40example\.org\?/)
  const stored = JSON.stringify(await it.db.selectFrom('code_apps').selectAll().execute())
  expect(stored).not.toContain(seed?.text)
})

test('of fifty that give the same code at once, one comes in', async () => {
  const { app, uses } = await withApp()
  const code = app.code()
  const taken = await Promise.all(Array.from({ length: 50 }, () => uses(code)))
  expect(taken.filter(Boolean)).toHaveLength(1)
})

test('a code is good for its thirty seconds and those beside them, however it is spaced', async () => {
  const { it, app, uses } = await withApp()
  it.clock.advance('10m')
  expect(await uses(app.code(-60))).toBe(false)
  expect(await uses(app.code(60))).toBe(false)
  const before = app.code(-30)
  expect(await uses(` ${before.slice(0, 3)} ${before.slice(3)}`)).toBe(true)
  expect(await uses(app.code(30))).toBe(true)
  // The one between them is older than the last that was taken.
  expect(await uses(app.code())).toBe(false)
  for (const nonsense of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦']) expect(await uses(nonsense)).toBe(false)
})

test('a clock that is set back makes no used code good again', async () => {
  const { it, app, uses } = await withApp()
  it.clock.advance('10m')
  const code = app.code()
  expect(await uses(code)).toBe(true)
  const used = it.clock.now()
  for (const back of [30, 60, 90, 3600]) {
    it.clock.set(new Date(Date.parse(used) - back * 1000).toISOString())
    expect(await uses(code)).toBe(false)
    expect(await uses(app.code())).toBe(false)
  }
})

test('of fifty that give the same recovery code at once, one comes in', async () => {
  const { it, account } = await withApp()
  const codes = await it.change(command, (change) => makeRecoveryCodes(change, account))
  const tries = Array.from({ length: 50 }, () =>
    it.change(command, (change) => useRecoveryCode(change, account, codes[0] ?? '')),
  )
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1)
  expect((await factorsOf(it.db, account.id)).codesLeft).toBe(9)
})

test('whoever runs the machine can take all of it away, and the log says so', async () => {
  const { it, account } = await withApp()
  await it.change(command, (change) => makeRecoveryCodes(change, account))
  await it.change(command, (change) => removeAllFactors(change, account))
  const left = await factorsOf(it.db, account.id)
  expect([hasFactor(left), left.codesLeft]).toEqual([false, 0])
  expect((await eventsAfter(it.db, 0, 100)).at(-1)).toMatchObject({
    type: 'account.factor-removed',
    actor: command,
    data: { name: 'Ada', factor: 'app' },
  })
})
