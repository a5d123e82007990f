import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codeVersion, openMigrated } from '../../src/database/migrate.ts'
import { instantOf, wallClock } from '../../src/lib/clock.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

test('before the first start all is well, and nothing is made', async () => {
  const data = ownFolder()
  const { code, said } = await candor(['doctor'], { CANDOR_DATA_DIR: data })
  expect(said).toContain('All is well.')
  expect(code).toBe(0)
  expect(readdirSync(data)).toEqual([])
})

test('migrate makes the database, once, and the doctor finds it sound', async () => {
  const env = { CANDOR_DATA_DIR: ownFolder() }
  expect((await candor(['migrate'], env)).said).toContain('Ran 0001-beginning.')
  expect((await candor(['migrate'], env)).said).toBe('The database is up to date.')
  expect((await candor(['doctor'], env)).said).toContain(`sound, version ${codeVersion}`)
})

test('what needs doing is named, with a remedy', async () => {
  const data = ownFolder()
  const { database } = await openMigrated(join(data, 'candor.db'), wallClock)
  const future = instantOf(4_102_444_800_000)
  const event = { at: future, actor: '{}', type: 'site.changed', subject: 'x', data: '{}' }
  await database.db.insertInto('events').values(event).execute()
  const version = { version: codeVersion + 1, name: 'from-the-future', applied_at: future }
  await database.db.insertInto('schema_versions').values(version).execute()
  await database.close()
  writeFileSync(join(data, 'key'), 'x')
  chmodSync(join(data, 'key'), 0o644)
  const { code, said } = await candor(['doctor'], { CANDOR_DATA_DIR: data, CANDOR_HOST: '0.0.0.0' })
  expect(code).toBe(1)
  expect(said).toContain('set CANDOR_URL')
  expect(said).toContain('chmod 600')
  expect(said).toContain(`only knows version ${codeVersion}`)
  expect(said).toContain('before the last event (2100-01-01')
  expect(said).toMatch(/4 of 5 need doing/)
})

test('a file that is no database is found', async () => {
  const data = ownFolder()
  writeFileSync(join(data, 'candor.db'), 'not a database at all, but long enough to be looked at'.repeat(100))
  const { code, said } = await candor(['doctor'], { CANDOR_DATA_DIR: data })
  expect(code).toBe(1)
  expect(said).toContain('put the newest backup in its place')
})

test('a server that cannot be reached is told, without the password', async () => {
  const { code, said } = await candor(['doctor'], {
    CANDOR_DATA_DIR: ownFolder(),
    CANDOR_DATABASE_URL: 'postgres://ada:s3cret@127.0.0.1:1/candor',
  })
  expect(code).toBe(1)
  expect(said).toContain('Check the address')
  expect(said).not.toContain('s3cret')
})

test('every address is listed with who may use it, and no database is touched for that', async () => {
  const data = ownFolder()
  const { code, said } = await candor(['doctor', '--routes'], {
    CANDOR_DATA_DIR: data,
    CANDOR_DATABASE_URL: 'postgres://ada@127.0.0.1:1/candor',
  })
  const lines = said.split('\n')
  expect(lines).toEqual(lines.toSorted((a, b) => ((a.split(/  +/)[1] ?? '') < (b.split(/  +/)[1] ?? '') ? -1 : 1)))
  const line = (path: string) => lines.map((one) => one.split(/  +/)).find(([, url]) => url === path)
  expect(line('/incidents/:id')).toEqual(['GET HEAD', '/incidents/:id', 'everyone'])
  expect(line('/admin/drafts/:id/publish')?.[2]).toBe('owner, admin, responder (disclose)')
  expect(line('/metrics')?.[2]).toBe('tokens: metrics, read, disclose, manage')
  expect(line('/hb/:token')?.[2]).toBe('the secret of a heartbeat')
  expect(new Set(lines.map((one) => one.lastIndexOf('  '))).size).toBe(1)
  expect(readdirSync(data)).toEqual([])
  expect(code).toBe(0)
})

test('the doctor says whether there is a backup, once somebody owns the page', async () => {
  const data = ownFolder()
  const env = { CANDOR_DATA_DIR: data, CANDOR_URL: 'http://status.example' }
  await candor(['setup', '--email', 'ada@example.org', '--site', 'North'], env)
  const before = await candor(['doctor'], env)
  expect([before.code, before.said]).toEqual([1, expect.stringContaining('do     backup: there has never been one\n')])
  expect((await candor(['backup', join(data, 'backup.candor')], env)).code).toBe(0)
  const after = await candor(['doctor'], env)
  expect([after.code, after.said]).toEqual([
    0,
    expect.stringMatching(/well {3}backup: the last good one is of .*, at .*backup\.candor/),
  ])
})

test('the doctor names who cannot be called any more by any way that they chose, and for what nobody would be', async () => {
  const data = ownFolder()
  const env = { CANDOR_DATA_DIR: data, CANDOR_URL: 'http://status.example' }
  await candor(['setup', '--email', 'ada@example.org', '--name', 'Ada', '--site', 'North'], env)
  const { database } = await openMigrated(join(data, 'candor.db'), wallClock)
  const { id } = await database.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow()
  const at = wallClock.now()
  await database.db
    .insertInto('alert_channels')
    .values({
      id: 'way',
      account_id: id,
      channel: 'webhook',
      name: 'Pager',
      target_sealed: '',
      kinds: '["draft-waiting"]',
      after_minutes: 0,
      proven_at: null,
      disabled_at: at,
      disabled_because: 'gone',
      created_at: at,
    })
    .execute()
  await database.close()
  const { code, said } = await candor(['doctor'], env)
  expect(code).toBe(1)
  expect(said).toContain('do     calls: Ada cannot be called: none of the ways that they chose works any more')
  expect(said).toContain('do     calls: nobody would be called for a draft that waits: whoever chose to be has left')
})
