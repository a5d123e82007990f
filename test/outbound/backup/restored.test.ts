import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildDemo } from '../../../demo/build.ts'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { openMigrated } from '../../../src/database/migrate.ts'
import { createDeps } from '../../../src/deps.ts'
import { ledgerEnd } from '../../../src/domain/ledger/queries.ts'
import { later, wallClock } from '../../../src/lib/clock.ts'
import { randomIds } from '../../../src/lib/ids.ts'
import { candor } from '../../cli/run.ts'
import { stoppedClock } from '../../clock.ts'
import { freshDatabaseUrl } from '../../database.ts'
import { ownFolder } from '../../own-folder.ts'

const demo = mkdtempSync(join(tmpdir(), 'candor-test-'))
beforeAll(async () => void (await buildDemo({ url: join(demo, 'candor.db'), services: null })))
afterAll(() => rmSync(demo, { recursive: true }))

/** The demo’s year, as one installation. */
function northwind() {
  const data = ownFolder()
  cpSync(demo, data, { recursive: true })
  return { data, env: { CANDOR_DATA_DIR: data }, out: ownFolder() }
}

/** What readers of an installation get: documents of every kind, byte for byte, and where the ledger ends. */
async function read(url: string, data: string) {
  const clock = stoppedClock(`${later(wallClock.now(), 3600).slice(0, 13)}:00:00.000Z`)
  const { database } = await openMigrated(url, clock)
  const key = readFileSync(join(data, 'key'), 'utf8').trim()
  const config = readConfig({ CANDOR_DATA_DIR: data, CANDOR_URL: 'http://status.example' })
  const deps = await createDeps({ config, database, clock, ids: randomIds, log: pino({ level: 'silent' }), key })
  const { app } = await buildApp(deps)
  try {
    const documents: Record<string, string> = {}
    for (const path of documentsRead) {
      const answer = await app.inject(path)
      documents[path] = `${answer.statusCode} ${String(answer.headers['etag'])} ${answer.body}`
    }
    return { documents, end: await ledgerEnd(database.db) }
  } finally {
    await app.close()
    await database.close()
  }
}

const documentsRead = [
  '/',
  '/fa/',
  '/history',
  '/history.atom',
  '/history.rss',
  '/feed.json',
  '/record',
  '/index.md',
  '/ledger.jsonl',
  '/api/v2/summary.json',
  '/api/v2/incidents.json',
  '/api/v2/scheduled-maintenances.json',
]

test('a page that moves to another database and back is the same page, and its ledger the same ledger', async () => {
  const here = northwind()
  const before = await read(join(here.data, 'candor.db'), here.data)
  const archive = join(here.out, 'northwind.candor')
  expect(await candor(['backup', archive], here.env)).toMatchObject({ code: 0 })
  const between = await freshDatabaseUrl()
  const there = { ...here.env, CANDOR_DATABASE_URL: between }
  const moved = await candor(['restore', archive, '--moved'], there)
  expect(moved).toMatchObject({ code: 0, told: '' })
  expect(await read(between, here.data)).toEqual(before)

  const again = join(here.out, 'again.candor')
  expect(await candor(['backup', again], there)).toMatchObject({ code: 0 })
  const back = join(here.out, 'back.db')
  expect(await candor(['restore', again, '--moved', '--into', back], here.env)).toMatchObject({ code: 0 })
  expect(await read(back, here.data)).toEqual(before)
  const statuses = Object.entries(before.documents).map(([path, document]) => [path, document.slice(0, 3)])
  expect(statuses).toEqual(documentsRead.map((path) => [path, '200']))
})

test('a machine is lost: the page, its keys and its ledger stand again on another one', async () => {
  const here = northwind()
  const passphrase = join(ownFolder(), 'passphrase')
  writeFileSync(passphrase, 'four random words here\n')
  const archive = join(here.out, 'northwind.candor.age')
  const made = await candor(['backup', archive, '--passphrase-file', passphrase], here.env)
  expect(made.said).toContain('Encrypted with the passphrase, with the keys of the data folder in it.')
  expect(statSync(archive).mode & 0o777).toBe(0o600)
  expect(readdirSync(here.out)).toEqual(['northwind.candor.age'])

  const data = ownFolder()
  const env = { CANDOR_DATA_DIR: data, CANDOR_BACKUP_PASSPHRASE: 'four random words here' }
  const checked = await candor(['restore', archive, '--check'], env)
  expect(checked.said).toMatch(/^Whole and unchanged: Northwind, as of .*\nWith it: key\.$/)
  expect(readdirSync(data)).toEqual([])

  const restored = await candor(['restore', archive], env)
  expect(restored.code).toBe(0)
  expect(restored.said).toContain('Restored: Northwind')
  expect(restored.said).toContain(`The keys were put into ${data}.`)
  expect(restored.said).toContain(
    'Open on the page, as it was then: “Some card payments in Europe fail”. Resolve what is over.',
  )
  expect(readFileSync(join(data, 'key'), 'utf8')).toBe(readFileSync(join(here.data, 'key'), 'utf8'))
  expect(readdirSync(data).toSorted()).toEqual(['candor.db', 'key'])
  const { documents } = await read(join(data, 'candor.db'), data)
  const last = documents['/ledger.jsonl']?.trimEnd().split('\n').at(-1)
  expect(JSON.parse(last ?? '')).toMatchObject({
    kind: 'ledger.restored',
    entry: { entries: expect.any(Number) as number },
  })
  const doctor = await candor(['doctor'], { CANDOR_DATA_DIR: data })
  expect(doctor.said).toContain('and the page says the same')
})
