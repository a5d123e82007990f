import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/database.ts'
import { createDeps } from '../../src/deps.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { createGroup } from '../../src/domain/components/groups.ts'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { freshDatabaseUrl } from '../database.ts'
import { startCandor } from './child.ts'
import { ownFolder } from '../own-folder.ts'

const server = process.env['TEST_DATABASE_URL']
const serve = [process.execPath, 'bin/candor.js'] as const
const key = randomIds.secret()
const actor = { kind: 'command', name: 'test' } as const

/** A server of the product with a data folder of its own, as on another machine. */
async function machineOn(database: string): Promise<string> {
  const folder = ownFolder()
  writeFileSync(join(folder, 'key'), key, { mode: 0o600 })
  const { url } = await startCandor(serve, {
    CANDOR_DATABASE_URL: database,
    CANDOR_DATA_DIR: folder,
    CANDOR_URL: 'http://status.example',
  })
  return url
}

async function bytesOf(url: string) {
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } })
  return { status: response.status, etag: response.headers.get('etag'), body: await response.text() }
}

test.skipIf(server === undefined)(
  'two machines on one database answer the same version with the same bytes (skipped on SQLite: a file has one server)',
  { timeout: 120_000 },
  async () => {
    const address = await freshDatabaseUrl()
    const [one, other] = [await machineOn(address), await machineOn(address)]
    const database = openDatabase(address)
    onTestFinished(() => database.close())
    const log = pino({ level: 'silent' })
    const { change } = await createDeps({
      config: readConfig({}),
      database,
      clock: wallClock,
      ids: randomIds,
      log,
      key,
    })
    await change(actor, async (it) => {
      const groupId = await createGroup(it, { name: 'Shops' })
      const [id] = [
        await createComponent(it, { name: 'Checkout', groupId }),
        await createComponent(it, { name: 'Search' }),
      ]
      const components = [{ id, status: 'partial_outage' }]
      const incident = { name: 'Cards fail', body: 'We look into it.', stage: 'investigating', components }
      await postUpdate(it, await openIncident(it, incident), { body: 'It was a cable.', stage: 'resolved' })
      await openIncident(it, { ...incident, name: 'Cards fail again' })
    })
    const isThere = async (url: string): Promise<boolean> =>
      (await bytesOf(`${url}/`)).body.includes('Cards fail again')
    while (!(await isThere(one)) || !(await isThere(other)));

    const map = await bytesOf(`${one}/sitemap.xml`)
    const listed = [...new Set(map.body.match(/(?<=http:\/\/status\.example)\/[^"<]*/g))]
    const others = [
      '/sitemap.xml',
      '/summary.json',
      '/feed.json',
      '/history.atom',
      '/history.rss',
      '/api/v2/summary.json',
      '/favicon.svg',
    ]
    expect(listed.length).toBeGreaterThan(10)
    for (const path of [...listed, ...others]) {
      let [first, second] = [await bytesOf(one + path), await bytesOf(other + path)]
      // One of them may have heard of the next minute before the other; a second later both have.
      for (let more = 0; first.body !== second.body && more < 1000; more += 1) {
        ;[first, second] = [await bytesOf(one + path), await bytesOf(other + path)]
      }
      expect(second, path).toEqual(first)
      expect(first.status, path).toBe(200)
    }
  },
)
