import { expect, test } from 'vitest'
import { assertPassword } from '../../../src/domain/accounts/password-rules.ts'
import { passwords } from '../../../src/lib/passwords.ts'
import { TooMany } from '../../../src/lib/errors.ts'

const nearby = { email: 'ada@northwind.example', name: 'Ada Lovelace', site: 'Northwind' }

test.each([
  ['eleven char', 'has 11 characters, 1 too few'],
  ['x'.repeat(201), '201 characters, 1 too many'],
  ['password1234', 'first that anybody'],
  ['Correct Horse Battery Staple', 'first that anybody'],
  ['abcabcabcabcabc', 'first that anybody'],
  ['qwertyuiopasdf', 'first that anybody'],
  ['zyxwvutsrqponm', 'first that anybody'],
  ['northwind2026', 'northwind'],
  ['Lovelace12345', 'lovelace'],
  ['candor-status', 'little more than'],
  ['half \ud800 of a character', 'half a character'],
])('%j is refused', (password, why) => {
  expect(() => assertPassword(password, nearby)).toThrow(why)
})

test.each([
  ['three unrelated herons'],
  ['👩‍🚀👩‍🚀👩‍🚀 and a fox'],
  ['רכבת ירוקה בלילה'],
  [' trailing space counts '],
  ['a'.repeat(100) + 'bcdefgh'.repeat(14)],
])('%j is taken', (password) => {
  expect(() => assertPassword(password, nearby)).not.toThrow()
})

test('a password is right byte for byte only, to its last character', async () => {
  const quick = passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })
  for (const word of ['trailing space ', 'with\0a NUL in it', '👩‍🚀'.repeat(20), 'x'.repeat(199) + 'y']) {
    const hash = await quick.hash(word)
    expect(await quick.isRight(hash, word)).toBe(true)
    for (const other of [
      word.trimEnd() + '!',
      word.slice(0, -1),
      word.normalize('NFKC') + ' ',
      word.split('\0')[0] + '?',
    ]) {
      expect(await quick.isRight(hash, other)).toBe(false)
    }
  }
})

test('nobody has a password, and asking costs the same work', async () => {
  expect(
    await passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 }).isRight(null, 'nobody has this password'),
  ).toBe(false)
})

test('at most two are hashed at once and twenty wait; the rest are refused', async () => {
  const quick = passwords({ memoryCost: 64, timeCost: 1, parallelism: 1 })
  const results = await Promise.allSettled(Array.from({ length: 60 }, () => quick.hash('three unrelated herons')))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(22)
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused.every(({ reason }) => reason instanceof TooMany)).toBe(true)
  await expect(quick.hash('three unrelated herons')).resolves.toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
})

test('parameters that rose make a hash outdated', async () => {
  const former = await passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 }).hash('three unrelated herons')
  expect(passwords().isOutdated(former)).toBe(true)
  expect(passwords().isOutdated(await passwords().hash('three unrelated herons'))).toBe(false)
})
