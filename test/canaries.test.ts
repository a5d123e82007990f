import { Writable } from 'node:stream'
import { createServer } from 'node:http'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { createDeps } from '../src/deps.ts'
import { type ProbeKindName, kindNames, kindOf } from '../src/domain/probes/kinds/index.ts'
import { wallClock } from '../src/lib/clock.ts'
import { startProber } from '../src/outbound/probing/prober.ts'
import { usualValues } from '../src/web/admin/probes/probe-form.ts'
import { typedOf } from '../src/web/admin/probes/probe-values.ts'
import { freshDatabase } from './database.ts'
import { canaries } from './domain/probes/canaries.ts'
import { until } from './outbound/probing/live.ts'
import { portOf } from './outbound/probing/circumstances.ts'
import { type Person, people } from './people.ts'
import { type World, countedIds } from './world.ts'
import { routesOf } from '../src/web/shared/access.ts'

/** A product whose log is caught at its loudest, and whose prober runs. */
async function product() {
  const lines: string[] = []
  const log = pino(
    { level: 'trace' },
    new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) }),
  )
  const deps = await createDeps({
    config: readConfig({
      CANDOR_URL: 'http://status.example',
      CANDOR_EGRESS_ALLOW: '127.0.0.1',
      CANDOR_DNS_SERVERS: '127.0.0.1:9',
      // Named, so that visits can be asked for; it never shows a page.
      CANDOR_CHROMIUM: '/bin/true',
    }),
    database: await freshDatabase(),
    clock: wallClock,
    ids: countedIds(),
    log,
    key: 'a key for tests',
  })
  const prober = await startProber(deps)
  onTestFinished(() => prober.stop())
  const made = await buildApp(deps, { prober: () => prober })
  onTestFinished(() => made.app.close())
  await made.app.ready()
  return { ...deps, ...made, lines, app: () => Promise.resolve(made) }
}

/** Says whatever it hears, where another would be read: in its status line, its headers and its body. */
async function parrot(): Promise<string> {
  const server = createServer((request, response) => {
    const heard = [...request.rawHeaders]
    request.on('data', (chunk: Buffer) => heard.push(chunk.toString()))
    request.on('end', () => {
      const said = heard.join(' ').replace(/[^\x20-\x7e]/g, ' ')
      response.writeHead(503, said.slice(0, 500), { 'x-heard': said }).end(said)
    })
  })
  return `http://127.0.0.1:${await portOf(server)}/`
}

test('no secret of any kind of probe is seen again: in a page, a feed, a log, an event, the ledger or a row', async () => {
  const it = await product()
  const { ada } = await people(it as unknown as World)
  const seen: string[] = []
  const all = canaries(await parrot())
  for (const { kind, input } of all) {
    const form = { ...usualValues(kind), componentId: '', ...typed(input) }
    // Refused, tried, saved, looked at, and changed without being typed again.
    for (const [path, more, status] of [
      ['/admin/probes', { intervalSeconds: '1' }, 422],
      ['/admin/probes/test', { timeoutMs: '300' }, 200],
      ['/admin/probes', { timeoutMs: '300', intervalSeconds: intervalOf(kind) }, 303],
    ] as const) {
      const answer = await ada.sends(path, { ...form, ...more })
      seen.push(answer.text, JSON.stringify(answer.headers))
      expect([kind, path, answer.status], faultIn(answer.text) ?? '').toEqual([kind, path, status])
    }
  }
  const ids = await it.db.selectFrom('probes').select('id').execute()
  expect(ids).toHaveLength(all.length)
  await until('every probe was checked that may be soon', async () => {
    const states = await it.db.selectFrom('probe_states').select('last_at').where('last_at', 'is not', null).execute()
    return states.length >= all.filter(({ kind }) => intervalOf(kind) === '10').length
  })
  for (const { id } of ids) seen.push((await ada.opens(`/admin/probes/${id}`)).text)
  await it.publication.refresh()
  seen.push(...(await everything(it, ada)), ...it.lines, ...(await rows(it)))
  const bytes = seen.join('\n')
  expect(bytes.length).toBeGreaterThan(100_000)
  // Forms and rows are in here: the name of a header is no secret.
  expect(bytes.split('x-canary').length).toBeGreaterThan(10)
  for (const { canary } of all) expect(bytes).not.toContain(canary)
  expect(bytes).not.toMatch(/BEGIN (RSA |EC )?PRIVATE KEY/)
  // In another spelling it is the same secret.
  for (const { canary } of all) expect(bytes).not.toContain(Buffer.from(canary).toString('base64').slice(0, -4))
})

test('a field that sounds like a secret is one', () => {
  const open = kindNames.flatMap((kind) =>
    Object.entries(kindOf(kind).form)
      .filter(([name, { secret }]) => /password|secret|token|bearer|key$|headers|metadata/i.test(name) && !secret)
      .map(([name]) => `${kind}.${name}`),
  )
  expect(open).toEqual([])
})

function intervalOf(kind: ProbeKindName): string {
  return String(Math.max(10, kindOf(kind).fastestSeconds ?? 0))
}

function typed(input: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, typedOf(value)]))
}

function faultIn(html: string): string | null {
  return /class="wrong"[^>]*>([^<]*)/.exec(html)?.[1] ?? null
}

/** Every document that has an address of its own, and what those lead to; for readers, machines and the desk. */
async function everything({ app }: Awaited<ReturnType<typeof product>>, ada: Person): Promise<string[]> {
  const made = await app()
  const routes = await routesOf(made)
  // Those without a variable part.
  const waiting = routes.filter(({ method, url }) => method === 'GET' && !/[:*]/.test(url)).map(({ url }) => url)
  expect(waiting.length).toBeGreaterThan(60)
  const known = new Set(waiting)
  const texts: string[] = []
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const answer = await ada.opens(path)
    texts.push(answer.text ?? '', JSON.stringify(answer.headers))
    for (const [, href = ''] of (answer.text ?? '').matchAll(/href="(\/[^"#?]*)/g)) {
      if (known.has(href) || known.size > 400 || href.startsWith('/assets')) continue
      known.add(href)
      waiting.push(href)
    }
  }
  return texts
}

/** Every row of every table but the one that is sealed, and that one too. */
async function rows({ db }: Awaited<ReturnType<typeof product>>): Promise<string[]> {
  const tables = await db.introspection.getTables()
  const each = await Promise.all(
    tables.map(async ({ name }) => JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(db)).rows)),
  )
  return each
}
