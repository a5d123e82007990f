import { expect, test } from 'vitest'
import { createAccount } from '../../../../src/domain/accounts/commands.ts'
import { invite } from '../../../../src/domain/accounts/invitations.ts'
import { accounts } from '../../../../src/domain/accounts/queries.ts'
import { type Known, besideProvider } from './openid.ts'

const groups = { CANDOR_OIDC_GROUPS: 'bosses=owner, on-call=responder' }
const dee: Known = { sub: 'u-1', email: 'dee@example.org', email_verified: true, name: 'Dee', groups: ['on-call'] }

// The sign of kelvin is a k in small letters, and long s is none in capital ones.
test.each([
  ['an address that only looks the same', { email: 'mi\u{212a}e@example.org' }],
  ['an address with another letter that looks the same', { email: 'mike@example.com\u{17f}' }],
  ['a list that says that the address is theirs', { email_verified: ['true'] as unknown as boolean }],
  ['a number that says that the address is theirs', { email_verified: 1 as unknown as boolean }],
  ['a list of addresses', { email: ['mike@example.org'] as unknown as string }],
])('with %s takes no invitation', async (_, more) => {
  const { it, browser, comes } = await besideProvider()
  const ada = await it.change({ kind: 'setup' }, (change) =>
    createAccount(change, { email: 'ada@example.org', name: 'Ada', role: 'owner', passwordHash: '' }),
  )
  await it.change({ kind: 'operator', id: ada, name: 'Ada' }, (change) =>
    invite(change, { email: 'mike@example.org', role: 'owner' }),
  )
  expect((await comes(browser(), { ...dee, email: 'mike@example.org', ...more })).status).toBe(403)
  expect(await accounts(it.db)).toHaveLength(1)
})

test.each<[string, unknown]>([
  ['a table', { bosses: true }],
  ['one text of several', 'bosses,on-call'],
  ['a list in a list', [['bosses']]],
  ['a list of tables', [{ name: 'bosses' }]],
  ['nothing', null],
  ['what it is not', [true, 1, 'Bosses', ' bosses']],
])('whose groups are %s is in none', async (_, odd) => {
  const { it, browser, comes } = await besideProvider(groups)
  expect((await comes(browser(), { ...dee, groups: odd as string[] })).status).toBe(403)
  expect(await accounts(it.db)).toEqual([])
})
