import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { people } from '../people.ts'
import { freePort } from '../free-port.ts'
import { furnished } from './headers/addresses.ts'

const paths = ['/', '/history.atom', '/api/v2/summary.json', '/badge.svg', '/index.md', '/nowhere', '/embed']

const names = [
  'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-prefix', 'x-original-url', 'x-rewrite-url', 'accept-language',
  'cookie', 'user-agent', 'referer', 'origin', 'x-http-method-override', 'forwarded', 'x-host', 'authorization',
  'x-forwarded-scheme', 'range', 'if-modified-since', 'x-candor', 'prefer', 'save-data',
] // prettier-ignore

const values = [
  'https',
  'evil.example',
  '<script>',
  '/admin',
  'fr',
  'nosniff',
  'POST',
  '*',
  '%0d%0ax: y',
  'bytes=0-0',
  'x'.repeat(200),
]

interface Mutation {
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
}

const mutations: fc.Arbitrary<Mutation> = fc.record({
  query: fc.constantFrom(
    '',
    '?utm_source=x',
    '?lang=fr',
    '?callback=alert(1)',
    '?__proto__[x]=1',
    '?a=1&a=2',
    '?%00',
    '?/admin',
  ),
  headers: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...values), { minKeys: 1, maxKeys: 4 }),
})

test('what somebody else asked before, in whatever words, changes no byte of what is answered', async () => {
  const { app } = await furnished({})
  for (const path of paths) {
    const clean = await app.inject(path)
    for (const { query, headers } of fc.sample(mutations, { numRuns: 40, seed: 20_261_122 })) {
      const mutated = await app.inject({ url: path + query, headers })
      expect([path, query, headers, mutated.statusCode]).toEqual([path, query, headers, clean.statusCode])
      expect(mutated.body === clean.body, `${path}${query} ${JSON.stringify(headers)}`).toBe(true)
      expect(mutated.headers.etag).toBe(clean.headers.etag)
    }
    const after = await app.inject(path)
    expect(after.rawPayload.equals(clean.rawPayload)).toBe(true)
    expect({ ...after.headers, date: '' }).toEqual({ ...clean.headers, date: '' })
  }
})

/** Addresses of the desk that look to a cache as if they were of files, or not of the desk. */
const deceptions = [
  '/admin/x.css', '/admin;a.css', '/admin/;x.css', '/admin%2f..%2fx.css', '/admin%2f..', '/admin%2e', '/admin.css', '/admin/%2e%2e/x.js',
  '/admin/team/x.js', '/admin/team.css', '/admin/team%00.css', '/admin/team%0a.css', '/admin/team%3f.css', '/admin/team%23.css',
  '/admin/team;.css', '/admin/team/..%2f..%2fassets%2fx.css', '/assets/..%2fadmin%2fteam', '/assets/%2e%2e/admin/team', '/admin/tokens/x.png',
  '/ADMIN/x.css', '//admin/team', '/./admin/team', '/admin//team.css', '/admin/me.svg', '/admin/me/x.avif', '/badge.svg/../admin/me',
] // prettier-ignore

const nginx = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'nginx'))
  .find((path) => existsSync(path))

test('no address makes a page of the desk look like a file that a cache may keep', async () => {
  const { here } = await furnished({})
  const { ada } = await people(here)
  const { text } = await ada.opens('/admin/me')
  expect(text).toContain('ada@example.org')
  for (const path of deceptions) {
    const answer = await ada.agent.get(path)
    const said = [path, answer.status, answer.headers['cache-control']]
    expect(said).toEqual([path, expect.toBeOneOf([400, 404]), 'no-store'])
    expect(answer.text.includes('ada@example.org'), path).toBe(false)
  }
})

test.skipIf(nginx === undefined)(
  'through a cache that keeps whatever it may, nobody gets a page of the desk, and nobody a page that another one changed (skipped where there is no nginx)',
  async () => {
    const { app, here } = await furnished({})
    const { ada } = await people(here)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const url = await cacheInFront(nginx ?? '', port)
    const session = ada.agent.jar
      .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
      .toValueString()
    for (const path of ['/admin', '/admin/me', '/admin/team', '/admin/sign-in', ...deceptions]) {
      const hers = await fetch(url + path, { headers: { cookie: session }, redirect: 'manual' })
      const stranger = await fetch(url + path, { redirect: 'manual' })
      // What nginx does not even ask for, it does not keep.
      for (const { headers } of [hers, stranger]) expect(['MISS', null], path).toContain(headers.get('x-cache'))
      expect((await stranger.text()).includes('ada@example.org'), path).toBe(false)
      await hers.arrayBuffer()
    }
    for (const path of paths) {
      const clean = await app.inject(path)
      // The first is the one that is kept.
      const [first, ...more] = fc.sample(mutations, { numRuns: 30, seed: 7 })
      for (const { query, headers } of [first, ...more].filter((one) => one !== undefined)) {
        const { host: _, ...sent } = headers as Record<string, string>
        await (await fetch(url + path + query, { headers: sent, redirect: 'manual' })).arrayBuffer()
      }
      const after = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } })
      expect(Buffer.from(await after.arrayBuffer()).equals(clean.rawPayload), path).toBe(true)
    }
    const kept = await fetch(`${url}/`, { headers: { 'accept-encoding': 'identity' } })
    expect(kept.headers.get('x-cache')).toBe('HIT')
    await kept.arrayBuffer()
  },
  60_000,
)

/** The most careless configuration that believes what it is told: it keeps every answer that does not forbid it. */
async function cacheInFront(program: string, behind: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'candor-cache-'))
  const port = await freePort()
  const path = join(folder, 'nginx.conf')
  writeFileSync(
    path,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr notice;
    events {}
    http {
      access_log off;
      client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
      uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      proxy_cache_path ${folder}/cache keys_zone=all:1m;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://127.0.0.1:${behind};
          proxy_set_header host $host;
          proxy_cache all;
          proxy_cache_key $uri;
          add_header x-cache $upstream_cache_status always;
        }
      }
    }`,
  )
  const child = spawn(program, ['-c', path], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  await new Promise<void>((resolve, reject) => {
    const said: string[] = []
    createInterface(child.stderr).on('line', (line) => {
      said.push(line)
      if (/using the "\w+" event method/.test(line)) resolve()
    })
    void ended.then(() => reject(new Error(said.join('\n'))))
  })
  return `http://127.0.0.1:${port}`
}
