import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { leave } from '../../src/domain/subscribers/leaving.ts'
import { linkToken } from '../../src/domain/subscribers/links.ts'
import { subscriberByAddress } from '../../src/domain/subscribers/queries.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { vault } from '../../src/lib/vault.ts'
import { emptyDatabaseUrl, freshDatabaseUrl } from '../database.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

/** A page that tells Cy and Dee; its archive; and then Dee leaves. */
async function leftSinceItsBackup() {
  const env = { CANDOR_DATA_DIR: ownFolder(), CANDOR_DATABASE_URL: await freshDatabaseUrl() }
  const out = ownFolder()
  const list = join(out, 'list.csv')
  const archive = join(out, 'archive.candor')
  writeFileSync(list, 'email,consented_at\ncy@example.org,2026-01-02\ndee@example.org,2026-01-02\n')
  for (const args of [
    ['setup', '--email', 'ada@example.org', '--site', 'North'],
    ['subscribers', 'import', list],
    ['backup', archive],
  ]) {
    expect(await candor(args, env)).toMatchObject({ code: 0 })
  }
  const { db, close } = openDatabase(env.CANDOR_DATABASE_URL)
  const parts = { db, clock: wallClock, vault: vault(readFileSync(join(env.CANDOR_DATA_DIR, 'key'), 'utf8').trim()) }
  const dee = await subscriberByAddress(parts, 'email', { address: 'dee@example.org' })
  expect(await leave(parts, linkToken(parts.vault, 'leave', { id: dee?.id ?? '', links: 1 }, null))).toBe('left')
  await close()
  return { env, list, archive }
}

const told = async (env: Readonly<Record<string, string>>): Promise<string[]> =>
  ((await candor(['subscribers', 'export'], env)).said.match(/\w+@example\.org/g) ?? []).toSorted()

test('who left since the backup stays away where the database that knows it is replaced', async () => {
  const { env, list, archive } = await leftSinceItsBackup()
  const restored = await candor(['restore', archive, '--replace'], env)
  expect(restored).toMatchObject({ code: 0, told: '' })
  expect(restored.said).toContain('1 who left, or could not be reached, since then is not told again.')
  expect(await told(env)).toEqual(['cy@example.org'])
  expect(await candor(['subscribers', 'import', list], env)).toMatchObject({
    said: expect.stringContaining('1 left alone') as string,
  })
})

test('where the database that knows who left cannot be read, the restore says why', async () => {
  const { env, archive } = await leftSinceItsBackup()
  const { db, close } = openDatabase(env.CANDOR_DATABASE_URL)
  await db.schema.alterTable('suppressions').renameColumn('at', 'since').execute()
  await close()
  const restored = await candor(['restore', archive, '--replace'], env)
  expect(restored).toMatchObject({ code: 0, told: '' })
  expect(restored.said).toMatch(/is told again, because the database that was here could not be read \(.*\bat\b.*\)/)
})

test('where nothing is left that knows who left, the restore says so', async () => {
  const { env, archive } = await leftSinceItsBackup()
  const elsewhere = { ...env, CANDOR_DATABASE_URL: await emptyDatabaseUrl() }
  const restored = await candor(['restore', archive], elsewhere)
  expect(restored).toMatchObject({ code: 0, told: '' })
  expect(restored.said).toContain('is told again, because no database is left here that knows of it')
  expect(await told(elsewhere)).toEqual(['cy@example.org', 'dee@example.org'])
})
