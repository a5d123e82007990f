import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, get } from 'node:http'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { folderPlace } from '../../../src/outbound/mirroring/folder.ts'
import { startMirror } from '../../../src/outbound/mirroring/mirror.ts'
import { assetHref } from '../../../src/web/shared/assets.ts'
import { world } from '../../world.ts'
import { freePort } from '../../free-port.ts'
import { ownFolder } from '../../own-folder.ts'

const operator = { kind: 'operator', id: 'ada', name: 'Ada' } as const

interface WebServer {
  readonly name: string
  readonly example: string
  /** The example with another folder and port, as a configuration of its own. */
  configuration(example: string, folder: string): string
  args(configuration: string): string[]
  /** What it says when it listens. */
  readonly ready: RegExp
}

const servers: readonly WebServer[] = [
  {
    name: 'nginx',
    example: 'nginx.conf',
    configuration: (example, folder) => `
      daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr notice;
      events {}
      http {
        access_log off;
        client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
        uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
        ${example}
      }`,
    args: (configuration) => ['-c', configuration],
    ready: /using the "\w+" event method/,
  },
  {
    name: 'caddy',
    example: 'Caddyfile',
    configuration: (example) => `{\n\tadmin off\n\tauto_https off\n}\n${example}`,
    args: (configuration) => ['run', '--adapter', 'caddyfile', '--config', configuration],
    ready: /serving initial configuration/,
  },
]

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']

describe.each(servers)('the example for $name', (server) => {
  const program = folders.map((folder) => join(folder, server.name)).find((path) => existsSync(path))

  test.skipIf(program === undefined)(
    `answers as the server itself does (skipped where there is no ${server.name})`,
    async () => {
      const { app, into, incident } = await mirrored()
      const url = await serve(server, program ?? '', into)
      for (const path of [
        '/',
        '/fa/',
        '/history',
        '/history/2026-11',
        `/incidents/${incident}`,
        '/components/node-js',
        '/summary.json',
        '/api/v2/summary.json',
        '/history.atom',
        '/fa/history.atom',
        '/fr/calendar.ics',
        '/history.rss',
        '/feed.json',
        '/calendar.ics',
        '/index.md',
        '/llms.txt',
        '/robots.txt',
        '/sitemap.xml',
        '/favicon.svg',
        '/badge.svg',
        '/badge.json',
        '/picture.png',
        '/embed.js',
        '/embed.json',
        assetHref('public.js'),
        '/nowhere',
      ]) {
        for (const encoding of ['gzip', 'identity']) await compare(app, url, path, encoding)
      }
      for (const path of ['/.candor-mirror.json', '/.headers/nginx.conf', '/.headers/Caddyfile', '/api/.x']) {
        const [{ statusCode }] = (await once(get(url + path, { agent: false }), 'response')) as [IncomingMessage]
        expect(statusCode, path).toBe(404)
      }
    },
  )
})

/** A folder with the mirror of a site where something happens. */
async function mirrored() {
  const here = await world()
  const incident = await here.change(operator, async (change) =>
    openIncident(change, {
      name: 'Node is slow',
      body: 'We look into it.',
      stage: 'investigating',
      components: [{ id: await createComponent(change, { name: 'node.js' }), status: 'degraded_performance' }],
    }),
  )
  const { app, publication } = await here.app()
  await publication.refresh()
  await publication.settled()
  const into = ownFolder()
  const mirror = startMirror({ publication, place: folderPlace(into), log: { error: () => undefined } })
  await mirror.settled()
  await mirror.stop()
  expect(mirror.problem()).toBeNull()
  return { app, into, incident }
}

async function serve({ example, configuration, args, ready }: WebServer, program: string, files: string) {
  const folder = ownFolder()
  const port = await freePort()
  const text = readFileSync(join(import.meta.dirname, '../../../examples/mirror', example), 'utf8')
    .replaceAll('/srv/status', files)
    .replace(/(?<=listen )8080/, `127.0.0.1:${port}`)
    .replace(/^:8080/m, `http://127.0.0.1:${port}`)
  expect(text).toContain(`127.0.0.1:${port}`)
  const path = join(folder, example)
  writeFileSync(path, configuration(text, folder))
  mkdirSync(join(folder, 'home'))
  const child = spawn(program, args(path), {
    env: { HOME: join(folder, 'home') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const said: string[] = []
  const lines = createInterface(child.stderr)
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line)
      if (ready.test(line)) resolve()
    })
    void ended.then(() => reject(new Error(said.join('\n'))))
  })
  return `http://127.0.0.1:${port}`
}

/** What readers, browsers and caches go by. What a server says of itself, and how it names bytes, is its own business. */
const compared = [
  'content-encoding',
  'cache-control',
  'vary',
  'access-control-allow-origin',
  'content-security-policy',
  'cross-origin-opener-policy',
  'x-content-type-options',
  'x-frame-options',
  'x-robots-tag',
  'referrer-policy',
  'permissions-policy',
]

type Headers = Readonly<Record<string, unknown>>

async function compare(app: FastifyInstance, url: string, path: string, encoding: string): Promise<void> {
  const headers = { 'accept-encoding': encoding }
  const own = await app.inject({ url: path, headers })
  const [served] = (await once(get(url + path, { headers, agent: false }), 'response')) as [IncomingMessage]
  const body = await buffer(served)
  const about = `${path}, ${encoding}`
  expect.soft(served.statusCode, about).toBe(own.statusCode)
  expect.soft(unpacked(served.headers, body), about).toBe(unpacked(own.headers, own.rawPayload))
  expect.soft(typeOf(served.headers), about).toBe(typeOf(own.headers))
  // What the server says nothing of, a mirror may be strict with.
  const said = compared.filter((name) => own.headers[name] !== undefined && !isLess(name, path))
  const of = (from: Headers) => Object.fromEntries(said.map((name) => [name, from[name]]))
  expect.soft(of(served.headers), about).toEqual(of(own.headers))
  // Nothing said is `cross-origin`, and pages of others show what is.
  const policyOf = (from: Headers) => from['cross-origin-resource-policy'] ?? 'cross-origin'
  expect.soft(policyOf(served.headers), about).toBe(policyOf(own.headers))
}

/** Where a web server says less than we do, and nobody is the worse for it. */
function isLess(name: string, path: string): boolean {
  if (name === 'cache-control') return path.startsWith('/api/')
  return name === 'vary' && path.endsWith('.png')
}

function unpacked(headers: Headers, body: Buffer): string {
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('latin1')
}

/** Web servers know types by the ends of names; only of text they have to say how it is written. */
function typeOf(headers: Headers): string {
  const type = String(headers['content-type'])
  if (type.startsWith('text/') && !type.startsWith('text/xml')) return type.replace('text/plain', 'text/markdown')
  return type
    .replace(/;.*/, '')
    .replace('application/feed+json', 'application/json')
    .replace('text/xml', 'application/xml')
}
