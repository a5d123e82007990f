import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { backup } from '../../src/database/backup.ts'
import { openMigrated } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

async function installation() {
  const data = ownFolder()
  const { database } = await openMigrated(join(data, 'candor.db'), wallClock)
  onTestFinished(() => database.close())
  return { database, env: { CANDOR_DATA_DIR: data }, target: join(ownFolder(), 'copy.db') }
}

test('a backup has what was committed before it, while the database is open', async () => {
  const { database, env, target } = await installation()
  await database.db.insertInto('heartbeats').values({ name: 'here', at: wallClock.now() }).execute()
  const { code, said } = await candor(['backup', '--copy', target], env)
  expect(code).toBe(0)
  expect(said).toMatch(/^Wrote .*copy\.db \([\d.]+ [kM]B\)\. Copy the files/)
  const copy = new SQLite(target, { readonly: true })
  onTestFinished(() => void copy.close())
  expect(copy.prepare('select name from heartbeats').all()).toEqual([{ name: 'here' }])
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(readdirSync(join(target, '..'))).toEqual(['copy.db'])
})

test('an existing file is replaced only on demand', async () => {
  const { env, target } = await installation()
  writeFileSync(target, 'precious')
  const refused = await candor(['backup', '--copy', target], env)
  expect(refused.code).toBe(1)
  expect(refused.told).toContain('exists already. --force replaces it.')
  expect(readFileSync(target, 'utf8')).toBe('precious')
  expect((await candor(['backup', '--copy', target, '--force'], env)).code).toBe(0)
})

test('where there is no database, or no folder for the copy, nothing is made', async () => {
  const data = ownFolder()
  const none = await candor(['backup', '--copy', join(data, 'copy.db')], { CANDOR_DATA_DIR: data })
  expect(none.code).toBe(1)
  expect(none.told).toContain('There is no database at')
  expect(readdirSync(data)).toEqual([])
  const { env } = await installation()
  expect((await candor(['backup', '--copy', join(data, 'no', 'copy.db')], env)).told).toContain('There is no folder')
  expect(existsSync(join(data, 'no'))).toBe(false)
})

test('a database on a server is no file that could be copied', async () => {
  const { code, told } = await candor(['backup', '--copy', '/tmp/x.db'], {
    CANDOR_DATABASE_URL: 'postgres://nowhere/candor',
  })
  expect(code).toBe(1)
  expect(told).toContain('leave out --copy')
})

test('the database itself is never replaced by its copy', async () => {
  const { database, env } = await installation()
  const file = join(env.CANDOR_DATA_DIR, 'candor.db')
  const link = join(ownFolder(), 'link.db')
  symlinkSync(file, link)
  for (const target of [file, `${file}-wal`, link]) {
    const { code, told } = await candor(['backup', '--copy', target, '--force'], env)
    expect([code, told]).toEqual([1, expect.stringContaining('is the database itself')])
  }
  expect(await database.db.selectFrom('heartbeats').selectAll().execute()).toEqual([])
})

test('a backup is of one moment, and ends, although another process writes all the time', async () => {
  const { database, env, target } = await installation()
  const body = 'x'.repeat(3000)
  const row = (name: string) => ({ name: `${name} ${body}`, at: wallClock.now() })
  const rows = Array.from({ length: 2000 }, (_, index) => row(`before ${index}`))
  for (let at = 0; at < rows.length; at += 200) {
    await database.db
      .insertInto('heartbeats')
      .values(rows.slice(at, at + 200))
      .execute()
  }
  let [copied, most] = [0, 0]
  await backup(join(env.CANDOR_DATA_DIR, 'candor.db'), {
    target,
    existing: 'keep',
    ids: randomIds,
    report(done) {
      if (done < most) throw new Error('It begins again.')
      most = done
      copied += 1
      database.file?.prepare('insert into heartbeats (name, at) values (?, ?)').run(`during ${copied}`, wallClock.now())
    },
  })
  expect(copied).toBeGreaterThan(1)
  const copy = new SQLite(target, { readonly: true })
  onTestFinished(() => void copy.close())
  expect(copy.prepare('select count(*) as rows from heartbeats').get()).toEqual({ rows: 2000 })
})
