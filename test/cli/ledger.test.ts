import { execFile } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/database.ts'
import { type Deps, createDeps } from '../../src/deps.ts'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { secretFile } from '../../src/lib/secret-file.ts'
import type { Publication } from '../../src/web/shared/publication.ts'
import { freshDatabaseUrl } from '../database.ts'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

const ada = { kind: 'operator', id: 'ada', name: 'Ada' } as const

interface Served {
  readonly deps: Deps
  readonly publication: Publication
  /** Where it stands. */
  readonly base: string
  readonly env: { readonly CANDOR_DATA_DIR: string; readonly CANDOR_DATABASE_URL: string }
}

async function served(data: string, url: string): Promise<Served> {
  const env = { CANDOR_DATA_DIR: data, CANDOR_DATABASE_URL: url }
  const database = openDatabase(url)
  onTestFinished(() => database.close())
  const deps = await createDeps({
    config: readConfig(env),
    database,
    clock: wallClock,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    key: secretFile(data, 'key', randomIds),
  })
  const { app, publication } = await buildApp(deps)
  onTestFinished(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { deps, publication, base: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, env }
}

async function talks({ deps, publication }: Served): Promise<void> {
  const id = await deps.change(ada, (it) =>
    openIncident(it, { name: 'Search is down', body: 'We look into it.', stage: 'investigating' }),
  )
  await deps.change(ada, (it) => postUpdate(it, id, { stage: 'resolved', body: 'It works again.' }))
  await publication.catchUp()
}

test('the program that the page gives away verifies it, alone in a folder, with nothing but Node', async () => {
  const here = await served(ownFolder(), await freshDatabaseUrl())
  await talks(here)
  const alone = ownFolder()
  const program = await (await fetch(`${here.base}/ledger/verify.js`)).text()
  writeFileSync(join(alone, 'verify.mjs'), program)
  const options = { cwd: alone, env: {} }
  const { stdout } = await promisify(execFile)(process.execPath, ['verify.mjs', here.base], options)
  const key = here.deps.ledgerKeys.first.publicKey
  expect(stdout).toMatch(/^\d+ entries, the last of .*: each follows from the one before it\.\nSigned up to entry \d+/)
  expect(stdout).toContain(key)
  const failing = promisify(execFile)(process.execPath, ['verify.mjs', here.base, '--key', 'A'.repeat(43)], options)
  await expect(failing).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('The key you know has never been the key of this ledger.') as unknown,
  })
})

test('candor verify says the same of an address, and of files that were kept', async () => {
  const here = await served(ownFolder(), await freshDatabaseUrl())
  await talks(here)
  const kept = ownFolder()
  for (const [name, path] of [
    ['ledger.jsonl', '/ledger.jsonl'],
    ['head.json', '/ledger/head.json'],
  ] as const) {
    writeFileSync(join(kept, name), await (await fetch(here.base + path)).text())
  }
  const file = join(kept, 'ledger.jsonl')
  expect((await candor(['verify', here.base])).code).toBe(0)
  expect((await candor(['verify', `${here.base}/ledger`, '--key', here.deps.ledgerKeys.first.publicKey])).code).toBe(0)
  expect((await candor(['verify', file, '--head', join(kept, 'head.json')])).code).toBe(0)
  expect((await candor(['verify', file])).said).toContain('nobody knows whether entries are missing at the end')

  // One key of 64 begins with a dash.
  expect((await candor(['verify', file, '--key', `-${'A'.repeat(42)}`])).code).toBe(1)

  writeFileSync(file, readFileSync(file, 'utf8').replace('We look into it.', 'All is well.'))
  const { code, said } = await candor(['verify', file])
  expect(code).toBe(1)
  expect(said).toBe('Entry 2 does not fit. What it says is not what its hash was made of: it was changed.')
  expect((await candor(['verify', join(kept, 'nothing.jsonl')])).code).toBe(2)
  expect((await candor(['verify', file, '--key', 'short'])).code).toBe(2)
})

test('a page whose ledger was cut short is caught by a head that somebody kept', async () => {
  const here = await served(ownFolder(), await freshDatabaseUrl())
  await talks(here)
  const head = join(ownFolder(), 'head.json')
  writeFileSync(head, await (await fetch(`${here.base}/ledger/head.json`)).text())
  const { seq } = JSON.parse(readFileSync(head, 'utf8')) as { seq: number }
  await here.deps.db.deleteFrom('ledger').where('seq', '=', seq).execute()
  const { code, said } = await candor(['verify', here.base, '--head', head])
  expect([code, said]).toEqual([
    1,
    `Entry ${seq} does not fit. It is missing: the signed head knows of entries that are not there.`,
  ])
})

test('another key takes over by the signature of the one before, while the page is served', async () => {
  const here = await served(ownFolder(), await freshDatabaseUrl())
  await talks(here)
  const { code, said: key } = await candor(['ledger', 'rotate-key'], here.env)
  expect(code).toBe(0)
  expect(key).toMatch(/^[\w-]{43}$/)
  await here.publication.catchUp()
  await talks(here)
  expect(JSON.parse(await (await fetch(`${here.base}/ledger/head.json`)).text())).toMatchObject({ key })
  for (const known of [here.deps.ledgerKeys.first.publicKey, key]) {
    expect(await candor(['verify', here.base, '--key', known])).toMatchObject({ code: 0 })
  }
  expect((await candor(['ledger', 'rotate-key'], here.env)).code).toBe(0)
  expect(readdirSync(here.env.CANDOR_DATA_DIR).filter((name) => name.startsWith('ledger-key-'))).toHaveLength(2)
  expect((await candor(['verify', here.base, '--key', key])).code).toBe(0)
})

test.skipIf(process.env['TEST_DATABASE_URL'] !== undefined)(
  'a backup that is restored elsewhere goes on with the same ledger, and without its keys says what is missing',
  async () => {
    const here = await served(ownFolder(), await freshDatabaseUrl())
    await talks(here)
    await candor(['ledger', 'rotate-key'], here.env)
    const key = here.deps.ledgerKeys.first.publicKey
    const [there, bare] = [ownFolder(), ownFolder()]
    for (const data of [there, bare]) {
      expect((await candor(['backup', '--copy', join(data, 'candor.db')], here.env)).code).toBe(0)
    }
    for (const name of readdirSync(here.env.CANDOR_DATA_DIR)) {
      if (/^(key|ledger-key-.*)$/.test(name)) cpSync(join(here.env.CANDOR_DATA_DIR, name), join(there, name))
    }
    const restored = await served(there, join(there, 'candor.db'))
    await talks(restored)
    expect(await candor(['verify', restored.base, '--key', key])).toMatchObject({ code: 0 })
    expect((await candor(['doctor'], restored.env)).said).toContain('and the page says the same')

    const unable = await served(bare, join(bare, 'candor.db'))
    await talks(unable)
    expect((await fetch(`${unable.base}/ledger/head.json`)).status).toBe(404)
    expect((await candor(['doctor'], unable.env)).said).toContain('its key is not in this data folder')
  },
)

test('a mirror, which only has files, is verified like the page', async () => {
  const here = await served(ownFolder(), await freshDatabaseUrl())
  await talks(here)
  const files = new Map<string, Buffer>()
  await here.publication.walk(async (path, { encodings }) => void files.set(path, encodings.identity.body))
  const mirror = createServer(({ url = '/' }, answer) => {
    const body = files.get(url)
    answer.writeHead(body ? 200 : 404).end(body)
  })
  await new Promise<void>((listening) => mirror.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void mirror.close())
  const { port } = mirror.address() as AddressInfo
  const { code, said } = await candor(['verify', `http://127.0.0.1:${port}`])
  expect([code, said]).toEqual([0, expect.stringMatching(/entries, the last of .*\nSigned up to entry/)])
})
