import { setTimeout as time } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { freshDatabaseUrl } from '../database.ts'
import { wireTo } from '../outbound/probing/place.ts'
import { ownFolder } from '../own-folder.ts'
import { makeSite, startSite } from './site.ts'

/** What a database server can do to us, with a wire between it and the product that can be cut. */
const isServer = process.env['TEST_DATABASE_URL'] !== undefined
const soon = { timeout: 40_000, interval: 100 }
/** Nobody listens there. */
const nowhere = 1

async function behindAWire() {
  const url = new URL(await freshDatabaseUrl())
  const folder = ownFolder()
  await makeSite(url.href, folder)
  const server = openDatabase(url.href)
  const name = sql.id(url.pathname.slice(1))
  onTestFinished(() => server.close())
  const port = Number(url.port)
  const wire = await wireTo(port)
  url.port = new URL(wire.url).port
  const site = await startSite(url.href, folder)
  const readersAreWell = async (): Promise<void> => {
    // The last good page, which says of when it is.
    expect(await (await site.read('/')).text()).toMatch(/As of <time[^>]+>/)
    for (const path of ['/', '/api/v2/summary.json', '/history.atom', '/summary.json']) {
      expect([path, (await site.read(path)).status]).toEqual([path, 200])
    }
  }
  const isWell = async (): Promise<boolean> => Object.keys(await site.failing()).length === 0
  await vi.waitUntil(isWell, soon)
  return { site, server, name, wire, port, readersAreWell, isWell }
}

test.runIf(isServer)(
  'a server that is gone: readers are served, the desk says so, and all is well again when it is back',
  async () => {
    const { site, wire, port, readersAreWell, isWell } = await behindAWire()
    wire.leadsTo(nowhere)
    const refused = await site.says('Payments fail')
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('10')
    const page = await refused.text()
    expect(page).toContain('The database does not answer')
    expect(page).toContain('Nothing of this form was saved.')
    await readersAreWell()
    await vi.waitUntil(async () => 'database' in (await site.failing()), soon)
    expect((await site.read('/healthz')).status, 'whoever ends it would end the last good pages').toBe(200)

    // Another server takes over at the same address.
    wire.leadsTo(port)
    await vi.waitUntil(isWell, soon)
    expect((await site.says('Payments fail again')).status).toBe(303)
    expect(await (await site.read('/')).text()).toContain('Payments fail again')
  },
)

test.runIf(isServer)(
  'a server that does not answer for a while: readers notice nothing, and what was said is kept once',
  async () => {
    const { site, wire, readersAreWell, isWell } = await behindAWire()
    wire.cut()
    const said = site.says('Payments fail').catch(() => null)
    for (let round = 0; round < 5; round += 1) {
      await readersAreWell()
      await time(200)
    }
    wire.mend()
    await said
    await vi.waitUntil(isWell, soon)
    expect((await site.says('Payments fail for good')).status).toBe(303)
    const page = await (await site.read('/')).text()
    expect(page).toContain('Payments fail for good')
    expect(page.split('Payments fail</').length, 'at most once').toBeLessThanOrEqual(2)
  },
)

test.runIf(isServer)(
  'a server that may only be read, as one is that another takes over from: that is said, and nobody stays on it',
  async () => {
    const { site, server, name, wire, port, readersAreWell, isWell } = await behindAWire()
    const mayOnlyBeRead = (it: 'on' | 'off') =>
      sql`alter database ${name} set default_transaction_read_only = ${sql.raw(it)}`.execute(server.db)
    // Holds for whoever connects from now on, and for them until they connect again.
    await mayOnlyBeRead('on')
    wire.leadsTo(port)
    const refused = await vi.waitUntil(async () => {
      const answer = await site.says('Payments fail')
      return (await answer.clone().text()).includes('may only be read just now') && answer
    }, soon)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
    await readersAreWell()
    await vi.waitUntil(async () => /may only be read/.test((await site.failing())['database'] ?? ''), soon)

    await mayOnlyBeRead('off')
    await vi.waitUntil(isWell, soon)
    // Connections are made anew every ten seconds at most: one of them may be of before.
    await vi.waitUntil(async () => (await site.says('Payments fail again')).status === 303, soon)
    await vi.waitUntil(async () => (await (await site.read('/')).text()).includes('Payments fail again'), soon)
  },
)
