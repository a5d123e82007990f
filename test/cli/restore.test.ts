import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { openMigrated } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { candor } from './run.ts'
import { freshDatabaseUrl } from '../database.ts'
import { ownFolder } from '../own-folder.ts'

const identity = await generateX25519Identity()
const recipient = await identityToRecipient(identity)

/** A page that is set up, with its archive, which holds its key, and what opens it. */
async function installation(site: string) {
  const env = {
    CANDOR_DATA_DIR: ownFolder(),
    CANDOR_DATABASE_URL: await freshDatabaseUrl(),
    CANDOR_BACKUP_RECIPIENTS: recipient,
  }
  expect(await candor(['setup', '--email', 'ada@example.org', '--site', site], env)).toMatchObject({ code: 0 })
  const out = ownFolder()
  const archive = join(out, 'archive.candor.age')
  expect(await candor(['backup', archive], env)).toMatchObject({ code: 0, told: '' })
  const file = join(out, 'identity')
  writeFileSync(file, `# created by age-keygen\n${identity}\n`)
  return { env, archive, opened: [archive, '--identity-file', file] }
}

async function nameAt(url: string): Promise<string | undefined> {
  const { db, close } = openDatabase(url)
  const row = await db.selectFrom('sites').select('name').executeTakeFirst()
  await close()
  return row?.name
}

test('a database in use is replaced only on demand, with its key, and both are kept', async () => {
  const north = await installation('North')
  const south = await installation('South')
  const key = readFileSync(join(south.env.CANDOR_DATA_DIR, 'key'), 'utf8')
  const refused = await candor(['restore', ...north.opened], south.env)
  expect([refused.code, refused.told]).toEqual([
    1,
    expect.stringContaining('is another key than the one of this backup'),
  ])
  rmSync(join(south.env.CANDOR_DATA_DIR, 'key'))
  const again = await candor(['restore', ...north.opened], south.env)
  expect([again.code, again.told]).toEqual([1, expect.stringContaining('This database is in use already. --replace')])
  expect(await nameAt(south.env.CANDOR_DATABASE_URL)).toBe('South')
  writeFileSync(join(south.env.CANDOR_DATA_DIR, 'key'), key)

  const replaced = await candor(['restore', ...north.opened, '--replace'], south.env)
  expect([replaced.code, replaced.told]).toEqual([0, ''])
  expect(replaced.said).toMatch(/What was there before is kept as .*before/)
  expect(await nameAt(south.env.CANDOR_DATABASE_URL)).toBe('North')
  const files = readdirSync(south.env.CANDOR_DATA_DIR)
  const kept = files.find((name) => name.startsWith('key.before-')) ?? ''
  expect(readFileSync(join(south.env.CANDOR_DATA_DIR, kept), 'utf8')).toBe(key)
  expect(readFileSync(join(south.env.CANDOR_DATA_DIR, 'key'), 'utf8')).toBe(
    readFileSync(join(north.env.CANDOR_DATA_DIR, 'key'), 'utf8'),
  )
  // And once more, over what was restored: names of before do not stand in the way.
  expect(await candor(['doctor'], south.env)).toMatchObject({
    said: expect.stringContaining('and the page says the same') as string,
  })
})

test('what a stranger wrote into a backup says nothing to the terminal that it is looked at in', async () => {
  const north = await installation('North')
  const { db, close } = openDatabase(north.env.CANDOR_DATABASE_URL)
  await db.updateTable('sites').set({ name: 'North\u001b[2J\r\u202eWind\u200cOn' }).execute()
  await close()
  rmSync(north.archive)
  await candor(['backup', north.archive], north.env)
  const { said } = await candor(['restore', ...north.opened, '--check'], north.env)
  expect(said).toContain('Whole and unchanged: North\\u{1b}[2J\\u{d}\\u{202e}Wind\u200cOn, as of')
  expect(['\u001b', '\r', '\u202e'].filter((one) => said.includes(one))).toEqual([])
})

test('a database that a Candor runs on is left alone', async () => {
  const { env, opened } = await installation('North')
  const { database } = await openMigrated(env.CANDOR_DATABASE_URL, wallClock)
  onTestFinished(() => database.close())
  await database.db.insertInto('heartbeats').values({ name: 'process', at: wallClock.now() }).execute()
  const { code, told } = await candor(['restore', ...opened, '--replace'], env)
  expect([code, told]).toEqual([1, expect.stringContaining('A Candor runs on this database. Stop it first')])
})

test('what fails on the way leaves no trace', async () => {
  const { env, archive, opened } = await installation('North')
  const data = ownFolder()
  const bare = { CANDOR_DATA_DIR: data }
  const strange = await candor(['restore', archive], { ...bare, CANDOR_BACKUP_PASSPHRASE: 'other words' })
  expect([strange.code, strange.told]).toEqual([1, expect.stringContaining('opens neither with this passphrase')])
  const bytes = readFileSync(archive)
  writeFileSync(archive, bytes.subarray(0, bytes.length - 100))
  const cut = await candor(['restore', ...opened], bare)
  expect([cut.code, cut.told]).toEqual([1, expect.stringContaining('This archive is damaged')])
  expect(readdirSync(data)).toEqual([])
  expect(await nameAt(env.CANDOR_DATABASE_URL)).toBe('North')
})

test.skipIf(process.env['TEST_DATABASE_URL'] !== undefined)(
  'a copy of the database file is restored like an archive',
  async () => {
    const { env } = await installation('North')
    const copy = join(ownFolder(), 'copy.db')
    expect((await candor(['backup', '--copy', copy], env)).code).toBe(0)
    const before = readFileSync(copy)
    const there = join(ownFolder(), 'there.db')
    const restored = await candor(['restore', copy, '--into', there], env)
    expect([restored.code, restored.told]).toEqual([0, ''])
    expect(await nameAt(there)).toBe('North')
    expect(readFileSync(copy).equals(before)).toBe(true)
  },
)

test('an archive without keys says what does not work without them', async () => {
  const { env } = await installation('North')
  const bare = { CANDOR_DATA_DIR: env.CANDOR_DATA_DIR, CANDOR_DATABASE_URL: env.CANDOR_DATABASE_URL }
  const archive = join(ownFolder(), 'open.candor')
  const made = await candor(['backup', archive], bare)
  expect(made.said).toContain('It is not encrypted, and holds no keys. Copy “key” and “ledger-key-…”')
  const restored = await candor(['restore', archive], { CANDOR_DATA_DIR: ownFolder() })
  expect(restored.said).toContain('No keys came with it. Put “key” and “ledger-key-…” of before into')
})

test('an archive without keys asks for none where there are some', async () => {
  const { env } = await installation('North')
  const bare = { CANDOR_DATA_DIR: env.CANDOR_DATA_DIR, CANDOR_DATABASE_URL: env.CANDOR_DATABASE_URL }
  const archive = join(ownFolder(), 'open.candor')
  await candor(['backup', archive], bare)
  const restored = await candor(['restore', archive, '--replace'], bare)
  expect(restored.said).toContain(`No keys came with it; those in ${env.CANDOR_DATA_DIR} stay.`)
  expect(restored.said).not.toContain('do not work')
})

test.skipIf(process.env['TEST_DATABASE_URL'] !== undefined)(
  'a damaged database file makes room, and is kept',
  async () => {
    const { env, opened } = await installation('North')
    const file = env.CANDOR_DATABASE_URL
    writeFileSync(file, Buffer.alloc(8192, 'not a database '))
    const careful = await candor(['restore', ...opened], env)
    expect([careful.code, careful.told]).toEqual([1, expect.stringContaining('cannot be read')])
    const replaced = await candor(['restore', ...opened, '--replace'], env)
    expect([replaced.code, replaced.told]).toEqual([0, ''])
    expect(await nameAt(file)).toBe('North')
    const kept = readdirSync(join(file, '..')).find((name) => name.includes('.before-')) ?? ''
    expect(readFileSync(join(file, '..', kept), 'utf8')).toContain('not a database')
  },
)
