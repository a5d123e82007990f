import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { passwords } from '../../src/lib/passwords.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

function installation(): { CANDOR_DATA_DIR: string } {
  const folder = ownFolder()
  return { CANDOR_DATA_DIR: folder }
}

function rows(env: { CANDOR_DATA_DIR: string }, query: string): unknown[] {
  const file = new SQLite(join(env.CANDOR_DATA_DIR, 'candor.db'), { readonly: true })
  onTestFinished(() => void file.close())
  return file.prepare(query).all()
}

test('the first run without a browser makes one owner, once, and names the page', async () => {
  const env = installation()
  const given = ['setup', '--email', 'Ada@example.org', '--site', 'Northwind', '--zone', 'Europe/Lisbon']
  const first = await candor(given, env)
  expect(first.code).toBe(0)
  expect(first.said).toContain('Password, shown this once: ')
  expect((await candor(['setup', '--email', 'ben@example.org', '--site', 'Other'], env)).code).toBe(1)
  expect(rows(env, 'select email, role from accounts')).toEqual([{ email: 'ada@example.org', role: 'owner' }])
  expect(rows(env, 'select name, zone from sites')).toEqual([{ name: 'Northwind', zone: 'Europe/Lisbon' }])
})

test('a page that was imported keeps its zone when it is set up', async () => {
  const env = installation()
  const page = { id: 'kctbh9vrtdwd', name: 'Recorded', url: 'https://example.org', time_zone: 'America/Tijuana' }
  const components = { page, components: [] }
  writeFileSync(join(env.CANDOR_DATA_DIR, 'components.json'), JSON.stringify(components))
  expect((await candor(['import', 'statuspage', env.CANDOR_DATA_DIR], env)).code).toBe(0)
  expect((await candor(['setup', '--email', 'ada@example.org', '--site', 'Northwind'], env)).code).toBe(0)
  expect(rows(env, 'select name, zone, locale from sites')).toEqual([
    { name: 'Northwind', zone: 'America/Tijuana', locale: 'en' },
  ])
})

test('a set-up that is refused in one part leaves nothing of the others', async () => {
  const env = installation()
  expect(
    (await candor(['setup', '--email', 'ada@example.org', '--site', 'Northwind', '--zone', 'Mars'], env)).code,
  ).toBe(1)
  expect((await candor(['setup', '--email', 'ada@example.org'], env)).code).toBe(2)
  expect(rows(env, 'select email from accounts')).toEqual([])
})

test('whoever cannot come in gets a link on the machine itself, and a page without an owner gets one', async () => {
  const env = installation()
  await candor(['setup', '--email', 'ada@example.org', '--site', 'Northwind'], env)
  const { code, said } = await candor(['account', 'reset', 'Ada@example.org', '--factors'], env)
  expect(code).toBe(0)
  expect(said).toMatch(/^http:\/\/localhost:3000\/admin\/reset\?secret=[\w-]{43}$/m)
  const [row] = rows(env, 'select factors, secret_hash from account_resets') as {
    factors: string
    secret_hash: string
  }[]
  expect(row?.factors).toBe('removed')
  expect(said).not.toContain(row?.secret_hash)
  expect((await candor(['account', 'list'], env)).said).toContain('ada@example.org  owner')
  expect((await candor(['account', 'owner', 'ada@example.org'], env)).code).toBe(0)
  expect((await candor(['account', 'reset', 'nobody@example.org'], env)).code).toBe(2)
  expect((await candor(['account', 'reset'], env)).code).toBe(2)
})

test('a token is printed once, and kept as a hash', async () => {
  const env = installation()
  const { code, said } = await candor(['token', 'create', '--name', 'CI', '--scope', 'read', '--days', '30'], env)
  expect(code).toBe(0)
  expect(said).toMatch(/^candor_[\w-]{49}$/)
  expect(JSON.stringify(rows(env, 'select * from tokens'))).not.toContain(said.trim())
  expect((await candor(['token', 'create', '--name', 'CI', '--scope', 'everything'], env)).code).toBe(1)
  expect((await candor(['token', 'create', '--name', 'CI'], env)).code).toBe(2)
})

test('a password is taken from standard input: its first line, with the spaces at its ends', async () => {
  const env = installation()
  const given = ['setup', '--email', 'ada@example.org', '--site', 'Northwind', '--password-stdin']
  const { stdout, status } = spawnSync(process.execPath, ['bin/candor.js', ...given], {
    env: { PATH: process.env['PATH'], ...env },
    input: ' three unrelated herons \r\nand more\n',
    encoding: 'utf8',
  })
  expect([status, stdout]).toEqual([
    0,
    'Northwind is set up. Sign in as ada@example.org at http://localhost:3000/admin\n',
  ])
  const [row] = rows(env, 'select password_hash from accounts') as { password_hash: string }[]
  const isRight = (word: string) => passwords().isRight(row?.password_hash ?? '', word)
  expect([await isRight(' three unrelated herons '), await isRight('three unrelated herons')]).toEqual([true, false])
})
