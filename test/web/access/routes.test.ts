import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type LinkPurpose, linkToken } from '../../../src/domain/subscribers/links.ts'
import { type Access, type DeclaredRoute, routesOf } from '../../../src/web/shared/access.ts'
import { isSQLite } from '../../database.ts'
import { type World, world } from '../../world.ts'
import { type Credential, comesWith, everyCredential, isLetIn } from './credentials.ts'
import { declaredTable, writtenTable } from './table.ts'
import { furnished } from './things.ts'

/** Which role may do what, as people wrote it down. */
const written = new Map(
  readFileSync(new URL('roles.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .slice(1)
    .map((line) => line.trim().split(/ +/))
    .map(([deed = '', ...cells]) => [
      deed,
      ['owner', 'admin', 'responder', 'author', 'viewer'].filter((_, index) => cells[index] === 'yes'),
    ]),
)

function mayComeIn(access: Access, { role, scope, holds }: Credential): boolean {
  switch (access.to) {
    case 'everyone':
      return true
    case 'operators':
      return role !== undefined && (written.get(access.deed) ?? []).includes(role)
    case 'tokens':
      return scope !== undefined && access.scopes.includes(scope)
    case 'holders':
      return holds === access.of
  }
}

async function product(): Promise<{ it: World; routes: readonly DeclaredRoute[] }> {
  const it = await world()
  return { it, routes: await routesOf(await it.app()) }
}

test('every route declares what the table says that people wrote', async () => {
  const { routes } = await product()
  const line = ({ methods, path, who }: { methods: string; path: string; who: string }) =>
    `${methods.padEnd(16)}  ${path.padEnd(66)}  ${who}`
  // A route that is missing here has no line in routes.txt yet: write one, and think whether it is right.
  expect(declaredTable(routes).map(line)).toEqual(writtenTable().map(line))
})

/** One method of each address; the pages of the languages are those of the site's own. */
function cells(routes: readonly DeclaredRoute[]): DeclaredRoute[] {
  const lines = writtenTable().flatMap(({ methods, path }) => methods.split(' ').map((method) => `${method} ${path}`))
  const written = new Set(lines)
  const isWritten = ({ method, url }: DeclaredRoute): boolean => written.has(`${method} ${url}`)
  // At last what ends a session.
  return routes
    .filter(isWritten)
    .toSorted((a, b) => Number(a.url.includes('sign-out')) - Number(b.url.includes('sign-out')))
}

/** One in five of those whom a route lets in and of those whom it does not, others for each route; one of each at least. */
function oneInFive(all: readonly Credential[], access: Access, column: number): Set<Credential> {
  const groups = Map.groupBy(all, (credential) => mayComeIn(access, credential)).values()
  return new Set(
    [...groups].flatMap((group) => group.filter((_, index) => (index + column) % Math.min(5, group.length) === 0)),
  )
}

/** With the link that belongs to a route of subscriptions; of anybody else it is not genuine. */
function signedFor({ vault }: World, { holds, secret }: Credential, url: string): string {
  return url.replace(
    /^(\/subscriptions\/(confirm|manage|leave))\/:token/,
    (_whole, path: string, purpose: LinkPurpose) => {
      const id = holds === 'subscription link' ? secret : 'none'
      const token = linkToken(vault, purpose, { id, links: 1 }, null)
      return `${path}/${holds === 'subscription link' ? token : `${token.slice(0, -4)}AAAA`}`
    },
  )
}

test('every cell of the table holds: each route lets in whom it should, and nobody else', async () => {
  const { it, routes } = await product()
  const { app, publication } = await it.app()
  const credentials = await everyCredential(it)
  const { real, missing } = await furnished(it)
  await publication.refresh()
  const wrong: string[] = []
  let asked = 0
  // Programs last: their minutes pass, and links are good for half an hour.
  const inTurn = credentials.toSorted((a, b) => Number(a.scope !== undefined) - Number(b.scope !== undefined))
  // No SQL decides who may, so on PostgreSQL a few of each kind are enough.
  const columns = cells(routes).map((route, column) => ({
    route,
    asks: isSQLite ? new Set(inTurn) : oneInFive(inTurn, route.access, column),
  }))
  // Read once between two that are refused: whoever is let in may change something.
  let version: number | null = null
  for (const credential of inTurn) {
    for (const { route, asks } of columns) {
      if (route.access.to === 'everyone' || !asks.has(credential)) continue
      const expected = mayComeIn(route.access, credential)
      // What is let in and changes something finds nothing there; what is refused could do harm if it were not.
      const isChange = route.method !== 'GET'
      const both = credential.role ? [real, missing] : [real]
      for (const ids of isChange ? [expected ? missing : real] : both) {
        const url = signedFor(it, credential, ids(route.url))
          .replace('/hb/:token', `/hb/${credential.secret || 'none'}`)
          .replace('/:secret', `/${credential.secret || 'none'}`)
        version = expected ? null : (version ?? (await it.latestVersion()))
        const answer = await comesWith(it, app, credential, { method: route.method, url })
        asked += 1
        if (isLetIn(route, answer) !== expected || answer.statusCode >= 500) {
          wrong.push(`${route.method} ${url} for ${credential.name}: ${answer.statusCode}`)
        }
        if (!expected) {
          const after = await it.latestVersion()
          if (after !== version) wrong.push(`${route.method} ${url} changed something`)
          version = after
        }
        // Some forms begin a new session in the place of the old one.
        const [, renewed] = /^candor=([^;]+);/.exec([answer.headers['set-cookie']].flat()[0] ?? '') ?? []
        if (renewed && credential.role) credential.secret = renewed
        if (credential.scope && asked % 50 === 0) it.clock.advance('61s')
      }
    }
  }
  expect(wrong).toEqual([])
  expect(asked).toBeGreaterThan(isSQLite ? 3500 : 700)
}, 300_000)

test('what is for everyone is the same for everyone, whatever they come with', async () => {
  const { it, routes } = await product()
  const { app, publication } = await it.app()
  const credentials = await everyCredential(it)
  const { real } = await furnished(it)
  await publication.refresh()
  const wrong: string[] = []
  const open = cells(routes).filter(
    ({ method, url, access }) => access.to === 'everyone' && method === 'GET' && !url.startsWith('/admin'),
  )
  for (const { url, method } of open) {
    const address = real(url)
    const plain = await comesWith(it, app, { secret: '' }, { method, url: address })
    if (plain.statusCode >= 500 && url !== '/readyz') wrong.push(`${address}: ${plain.statusCode}`)
    for (const credential of credentials.slice(1)) {
      const answer = await comesWith(it, app, credential, { method, url: address })
      // So many searches at once are too many for anybody.
      if (answer.statusCode === 503 && url === '/history/search') continue
      if (answer.statusCode !== plain.statusCode || answer.body !== plain.body) {
        wrong.push(`${address} for ${credential.name}`)
      }
      if (answer.headers['set-cookie'] !== undefined) wrong.push(`${address} sets a cookie`)
    }
  }
  expect(wrong).toEqual([])
})

/** What proxies and frameworks say of people, and what has opened doors elsewhere (CVE-2026-30956). */
const strangeHeaders = {
  'x-user': 'the-owner@example.org',
  'x-forwarded-user': 'the-owner',
  'x-remote-user': 'the-owner',
  'remote-user': 'the-owner',
  'x-auth-request-email': 'the-owner@example.org',
  'x-webauth-user': 'the-owner',
  'x-user-id': '1',
  'x-role': 'owner',
  'x-admin': 'true',
  'is-multi-tenant-query': 'true',
  'x-tenant-id': '*',
  'x-http-method-override': 'GET',
  'x-http-method': 'GET',
  'x-method-override': 'GET',
  'x-original-url': '/',
  'x-rewrite-url': '/',
  'x-real-ip': '127.0.0.1',
  'x-forwarded-host': 'localhost',
  'x-internal': '1',
  'x-api-key': 'manage',
  'x-csrf-token': 'anything',
  'x-middleware-subrequest': 'middleware:middleware:middleware',
}

test('no header that we do not know opens or changes anything, nor does a method in the address', async () => {
  const { it, routes } = await product()
  const { app, publication } = await it.app()
  const credentials = await everyCredential(it)
  const { real } = await furnished(it)
  await publication.refresh()
  const version = await it.latestVersion()
  const wrong: string[] = []
  // Forms have tokens of their own, and faults a reference.
  const plain = (body: string): string =>
    body.replaceAll(/(name="token" value|secret|reference)[^>]*|"request":"[^"]*"/g, '')
  const [nobody, viewer] = [credentials[0], credentials.find(({ name }) => name === 'viewer')]
  if (!nobody || !viewer) throw new Error('Nobody is there to try.')
  for (const route of cells(routes)) {
    const { method, access } = route
    const credential = access.to === 'operators' ? viewer : nobody
    // What is let in may answer something new each time.
    if (access.to === 'everyone' ? method !== 'GET' : mayComeIn(access, credential)) continue
    const url = real(route.url)
    const before = await comesWith(it, app, credential, { method, url })
    const more = await comesWith(it, app, credential, { method, url, more: strangeHeaders })
    if (before.statusCode !== more.statusCode || plain(before.body) !== plain(more.body)) {
      wrong.push(`${method} ${url}: ${before.statusCode}, then ${more.statusCode}`)
    }
    if (method === 'GET') continue
    const disguised = await comesWith(it, app, credential, { method: 'GET', url: `${url}?_method=${method}` })
    if (disguised.statusCode >= 500) wrong.push(`GET ${url}?_method=${method}: ${disguised.statusCode}`)
  }
  expect(wrong).toEqual([])
  expect(await it.latestVersion()).toBe(version)
})
