import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeSubscribers } from '../../src/domain/subscribers/adding.ts'
import { subscribersPage } from '../../src/domain/subscribers/queries.ts'
import { vault } from '../../src/lib/vault.ts'
import { freshDatabaseUrl } from '../database.ts'
import { world } from '../world.ts'
import { readers } from '../domain/subscribers/readers.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

test('where the key is another one, it is said how many cannot be told, and the others are listed', async () => {
  const data = ownFolder()
  const env = { CANDOR_DATA_DIR: data, CANDOR_DATABASE_URL: await freshDatabaseUrl() }
  const list = join(data, 'list.csv')
  const brings = async (...names: readonly string[]) => {
    writeFileSync(list, ['email,consented_at', ...names.map((name) => `${name}@example.org,2026-01-02`)].join('\n'))
    expect(await candor(['subscribers', 'import', list], env)).toMatchObject({ code: 0 })
  }
  expect(await candor(['setup', '--email', 'ada@example.org', '--site', 'North'], env)).toMatchObject({ code: 0 })
  await brings('cy', 'dee')
  expect((await candor(['doctor'], env)).said).not.toContain('subscribers')
  writeFileSync(join(data, 'key'), `${'k'.repeat(43)}\n`)
  await brings('eve')

  const { said } = await candor(['doctor'], env)
  expect(said).toContain('do     subscribers: 2 of 3 cannot be told')
  expect(said).toContain('Put the file “key” of before')
  const exported = await candor(['subscribers', 'export'], env)
  expect(exported.code).toBe(0)
  expect(exported.said.match(/\w+@example\.org/g)).toEqual(['eve@example.org'])
  rmSync(join(data, 'key'))
  expect((await candor(['doctor'], env)).said).toContain('3 of 3 cannot be told')
})

test('somebody whose address is sealed with another key is listed without it, and can be removed', async () => {
  const here = await world()
  await readers(here).subscribes('cy@example.org')
  const other = { db: here.db, vault: vault('another key') }
  const { subscribers } = await subscribersPage(other, { limit: 10 })
  expect(subscribers).toMatchObject([{ channel: 'email', target: {} }])
  const ids = subscribers.map(({ id }) => id)
  expect(await here.change({ kind: 'setup' }, (change) => removeSubscribers(change, ids))).toBe(1)
})
