import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openMigrated } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { candor } from './run.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'candor-test-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

async function installation() {
  const data = folder()
  const { database } = await openMigrated(join(data, 'candor.db'), wallClock)
  onTestFinished(() => database.close())
  return { database, env: { CANDOR_DATA_DIR: data }, target: join(folder(), 'copy.db') }
}

test('a backup has what was committed before it, while the database is open', async () => {
  const { database, env, target } = await installation()
  await database.db.insertInto('heartbeats').values({ name: 'here', at: wallClock.now() }).execute()
  const { code, said } = await candor(['backup', target], env)
  expect(code).toBe(0)
  expect(said).toMatch(/^Wrote .*copy\.db \(\d+\.\d MB\)\.$/)
  const copy = new SQLite(target, { readonly: true })
  onTestFinished(() => void copy.close())
  expect(copy.prepare('select name from heartbeats').all()).toEqual([{ name: 'here' }])
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(readdirSync(join(target, '..'))).toEqual(['copy.db'])
})

test('an existing file is replaced only on demand', async () => {
  const { env, target } = await installation()
  writeFileSync(target, 'precious')
  const refused = await candor(['backup', target], env)
  expect(refused.code).toBe(1)
  expect(refused.told).toContain('exists already. --force replaces it.')
  expect(readFileSync(target, 'utf8')).toBe('precious')
  expect((await candor(['backup', target, '--force'], env)).code).toBe(0)
})

test('where there is no database, or no folder for the copy, nothing is made', async () => {
  const data = folder()
  const none = await candor(['backup', join(data, 'copy.db')], { CANDOR_DATA_DIR: data })
  expect(none.code).toBe(1)
  expect(none.told).toContain('There is no database at')
  expect(readdirSync(data)).toEqual([])
  const { env } = await installation()
  expect((await candor(['backup', join(data, 'no', 'copy.db')], env)).told).toContain('There is no folder')
  expect(existsSync(join(data, 'no'))).toBe(false)
})

test('a database on a server is left to the tools of that server', async () => {
  const { code, told } = await candor(['backup', '/tmp/x.db'], { CANDOR_DATABASE_URL: 'postgres://nowhere/candor' })
  expect(code).toBe(1)
  expect(told).toContain('pg_dump')
})
