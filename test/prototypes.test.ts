import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fillFrom } from '../src/database/archive/fill.ts'
import { readArchive } from '../src/database/archive/read.ts'
import { writeArchive } from '../src/database/archive/write.ts'
import { createToken } from '../src/domain/accounts/tokens.ts'
import { instantOf, wallClock } from '../src/lib/clock.ts'
import { candor } from './cli/run.ts'
import { emptyDatabase } from './database.ts'
import { component, incident } from './domain/import/recorded.ts'
import { people } from './people.ts'
import { instance, trustIncident } from './trust.ts'
import { furnished } from './web/headers/addresses.ts'
import { world } from './world.ts'
import { ownFolder } from './own-folder.ts'

/** Names that reach what all objects share, in each way that a reader of forms and addresses may take them apart. */
const names = [
  '__proto__',
  '__proto__[polluted]',
  '__proto__.polluted',
  'constructor.prototype.polluted',
  'constructor[prototype][polluted]',
  'a[__proto__][polluted]',
  'component.__proto__',
  'name[constructor][prototype][polluted]',
]
/** And what the pages and forms do read, each of them twice. */
const known = ['q', 'page', 'secret', 'scratch', 'seen', 'done', 'next', 'kind', 'from', 'component', 'name', 'body']
const twice = known.flatMap((name) => [`${name}=polluted`, `${name}=other`])
const harm = [...names.map((name) => `${encodeURIComponent(name)}=polluted`), ...twice].join('&')

const whatAllShare = Object.getOwnPropertyNames(Object.prototype)

function expectNothingShared(): void {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(whatAllShare)
}

/** The same document, and in each of its objects what would reach what all objects share. */
function harmed(document: unknown): string {
  return JSON.stringify(document).replaceAll(
    /\{(?=")/g,
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
  )
}

test('no address makes anything of a name that all objects share, or of one that is there twice', async () => {
  const { app, here, routes, addressOf } = await furnished({})
  const { ada } = await people(here)
  const jar = ada.agent.jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
  const version = await here.latestVersion()
  const odd: string[] = []
  for (const path of new Set(routes.filter(({ method }) => method === 'GET').map(addressOf))) {
    const cookie = jar.toValueString()
    const { statusCode, body } = await app.inject({ url: `${path}?${harm}`, headers: { cookie } })
    if (statusCode >= 500 && path !== '/readyz') odd.push(`${path}: ${statusCode} ${body.slice(0, 200)}`)
  }
  expect(odd).toEqual([])
  expectNothingShared()
  // That the addresses of subscribers were taken away is written down, as it should be.
  expect((await here.eventsAfter(version, 10)).map(({ type }) => type)).toEqual(['subscriber.exported'])
}, 120_000)

/** Buttons: whatever else comes along, they do what they are for. */
const askNothing = new Set(['/admin/notices/:id/end'])

test('no form makes anything of such names, and nothing is changed', async () => {
  const { app, here, routes, addressOf } = await furnished({})
  const { ada } = await people(here)
  const owner = { kind: 'operator', id: ada.id, name: 'Ada' } as const
  const { secret } = await here.change(owner, (change) => createToken(change, { name: 'All', scope: 'manage' }))
  const cookie = ada.agent.jar
    .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
    .toValueString()
  const token = /name="token" value="([^"]+)"/.exec((await ada.opens('/admin/notices/new')).text)?.[1] ?? ''
  const form = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
  const odd: string[] = []
  const ends = /\/sign-out$/
  for (const route of routes.filter(
    ({ method, url }) => ['POST', 'PUT', 'PATCH'].includes(method) && !ends.test(url),
  )) {
    const [url, method] = [addressOf(route), route.method as 'POST']
    const isApi = url.startsWith('/api/')
    const version = await here.latestVersion()
    const bodies = isApi
      ? [harm, harmed({ name: 'A', component: { name: 'A' }, incident: { name: 'A' } })]
      : [`token=${encodeURIComponent(token)}&${harm}`]
    for (const payload of bodies) {
      const type = payload.startsWith('{') ? { 'content-type': 'application/json' } : {}
      const headers = { ...form, ...type, ...(isApi ? { authorization: `Bearer ${secret}` } : { cookie }) }
      const { statusCode, body } = await app.inject({ method, url, headers, payload })
      if (statusCode >= 500) odd.push(`${method} ${url}: ${statusCode} ${body.slice(0, 200)}`)
    }
    if ((await here.latestVersion()) !== version && !askNothing.has(route.url))
      odd.push(`${method} ${url} changed something`)
  }
  expect(odd).toEqual([])
  expectNothingShared()
}, 120_000)

test('a recording that is imported brings only what it is known to hold', async () => {
  const page = { id: 'page1', name: 'There', time_zone: 'Europe/Lisbon', updated_at: '2026-01-01T11:00:00.000Z' }
  const told: string[] = []
  for (const write of [JSON.stringify, harmed]) {
    const folder = ownFolder()
    const recording = join(folder, 'recording')
    const env = { CANDOR_DATA_DIR: folder }
    const trust = join(folder, 'trust.json')
    const summary = write({ page, components: [component()], incidents: [incident()], scheduled_maintenances: [] })
    mkdirSync(recording)
    writeFileSync(join(recording, 'summary.json'), summary)
    writeFileSync(trust, write([instance()]))
    writeFileSync(`${trust}.incidents`, write([trustIncident()]))
    const first = await candor(['import', 'statuspage', recording], env)
    const second = await candor(['import', 'trust', trust, `${trust}.incidents`], env)
    told.push(JSON.stringify([first, second]).replaceAll(folder, ''))
  }
  expect(told[0]).toContain('incidents: 1 new')
  expect(told[1]).toBe(told[0])
  expectNothingShared()
})

test('an archive that holds such names is refused as damaged', async () => {
  const full = await world()
  const pieces: Buffer[] = []
  const facts = { now: instantOf(0), product: '0.1.0', secrets: [], report: () => undefined }
  await writeArchive(full.db, facts, async (piece) => void pieces.push(piece))
  const lines = Buffer.concat(pieces).toString().split('\n').slice(0, -1)
  const to = await emptyDatabase()
  const isHarmed = lines.map((line) => (line.startsWith('{') ? harmed(JSON.parse(line)) : line))
  expect(isHarmed).not.toEqual(lines)
  const read = fillFrom(to.db, readArchive(each(isHarmed)), { clock: wallClock, report: () => undefined })
  await expect(read).rejects.toThrow(/This archive is damaged|This is no archive/)
  expectNothingShared()
})

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}
