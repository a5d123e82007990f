import { expect, test } from 'vitest'
import { setUpLink } from '../../src/domain/accounts/first-run.ts'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { changeSite } from '../../src/domain/site/commands.ts'
import { markdown } from '../../src/lib/markdown.ts'
import { password, people, stranger } from '../people.ts'
import { world } from '../world.ts'
import { furnished } from '../web/headers/addresses.ts'
import { linesThatSay } from './source.ts'
import { routesOf } from '../../src/web/shared/access.ts'

/** What hit Cachet and OneUptime, held against Candor: security.md, “What hit the peers”, 2. */

const operator = { kind: 'operator', id: 'ada', name: 'Ada' } as const

const injections = [
  "'",
  "' OR 1=1 --",
  '1;SELECT pg_sleep(9)',
  '")) UNION SELECT 1--',
  '%27',
  '\\',
  '%',
  '_',
  'x'.repeat(5000),
  '\u0000',
]

test('CVE-2021-39165, CVE-2026-32306, CVE-2026-33142: no parameter is SQL, neither as a value nor as a name', async () => {
  const { app, here } = await furnished({})
  const { ada } = await people(here)
  const cookie = ada.agent.jar
    .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
    .toValueString()
  const version = await here.latestVersion()
  for (const one of injections.map(encodeURIComponent)) {
    for (const url of [
      `/history/search?q=${one}&component=${one}&kind=${one}&page=${one}`,
      `/history/search?q[]=${one}&q[a]=${one}&component=${one}&component=2`,
      `/find?q=${one}`,
      `/components/${one.slice(0, 150)}`,
      `/admin/log?actor=${one}&kind=${one}&from=${one}&sort=${one}&order=${one}&page=${one}`,
      `/admin/incidents?sort=${one}&filter=${one}`,
    ]) {
      const { statusCode, body } = await app.inject({ url, headers: { cookie } })
      expect([url.slice(0, 60), statusCode < 500 || statusCode === 503]).toEqual([url.slice(0, 60), true])
      expect(body).not.toMatch(/syntax error|SQLITE_|near "|unterminated/i)
    }
  }
  expect(await here.latestVersion()).toBe(version)
  // No name of a column or table is ever taken from a request.
  const built = linesThatSay(/\bsql\.(?:raw|lit|id|ref|table)\b|\.dynamic\b/, 'src/{web,domain,outbound}/**/*.ts')
  expect(built.filter((line) => /\$\{|request|query\b/.test(line))).toEqual([])
})

test('CVE-2021-39172: no setting of the site holds the end of a line', async () => {
  const it = await world()
  for (const name of ['Northwind\nCANDOR_TRUST_PROXY=0.0.0.0/0', 'a\r\nb', 'a\u2028b', 'a\u0000b']) {
    await expect(it.change(operator, (change) => changeSite(change, { name }))).rejects.toMatchObject({ field: 'name' })
  }
})

test('CVE-2021-39173: once somebody owns the page nobody sets it up again', async () => {
  const it = await world()
  await people(it)
  expect(await setUpLink(it)).toBeNull()
  const cy = await stranger(it)
  const fields = { secret: 'x', name: 'Eve', email: 'eve@example.org', password }
  expect((await cy.opens('/setup?secret=guessed')).status).toBeGreaterThanOrEqual(400)
  expect((await cy.sends('/setup', fields, '/admin/sign-in')).status).toBeGreaterThanOrEqual(400)
  expect((await it.db.selectFrom('accounts').select('id').execute()).length).toBe(2)
})

test('CVE-2021-39174: no word of a setting is looked up in the environment or shows a secret of the process', async () => {
  const it = await world({
    CANDOR_SMTP_URL: 'smtps://candor:canary-of-mail@mail.example:465',
    CANDOR_MAIL_FROM: 'status@north.example',
  })
  const { ada } = await people(it)
  await it.change(operator, (change) => changeSite(change, { name: '${CANDOR_SMTP_URL} $PATH %PATH% {{env.PATH}}' }))
  for (const path of ['/', '/admin/settings', '/admin', '/admin/log', '/readyz', '/llms.txt']) {
    const { text } = await ada.opens(path)
    expect([path, /canary-of-mail|a key for tests|\/usr\/bin/.test(text)]).toEqual([path, false])
  }
  expect((await ada.opens('/')).text).toContain('${CANDOR_SMTP_URL} $PATH %PATH% {{env.PATH}}')
})

test('GHSA-hv79-p62r-wg3p: an incident says its words, whatever language of templates they are written in', async () => {
  const it = await world()
  const body = "{{ ['id']|filter('system') }} {% raw %} <%= 7*7 %> ${7*7} #{7*7}"
  const id = await it.change(operator, (change) => openIncident(change, { name: body, body, stage: 'investigating' }))
  const { app } = await it.app()
  const answer = await app.inject(`/incidents/${id}.json`)
  expect(answer.json<{ incident: { name: string } }>().incident.name).toBe(body)
  expect((await app.inject(`/incidents/${id}`)).body).not.toMatch(/>\s*49\b/)
})

test('CVE-2026-27574, CVE-2026-30887, CVE-2026-30921: no code of a user runs in this process', () => {
  expect(linesThatSay(/node:vm\b|\beval\(|new Function\(|\bvm2\b|runIn(?:New|This)Context/)).toEqual([])
})

test('CVE-2026-30956: no header makes a stranger somebody, or a responder an owner', async () => {
  const { app, here, routes, addressOf } = await furnished({})
  const { ben } = await people(here)
  const cookie = ben.agent.jar
    .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
    .toValueString()
  const headers = {
    'is-multi-tenant-query': 'true',
    'x-user': 'ada@example.org',
    'x-forwarded-user': 'ada@example.org',
    'x-remote-user': 'ada@example.org',
    'x-webauth-user': 'ada',
    'x-role': 'owner',
    'x-admin': '1',
    'x-original-url': '/',
    'x-rewrite-url': '/',
    'x-forwarded-for': '127.0.0.1',
    'x-internal': 'true',
    authorization: 'Basic YWRhOmFkYQ==',
  }
  const desk = routes.filter(({ method, url }) => method === 'GET' && url.startsWith('/admin/') && !url.includes(':'))
  const inside: string[] = []
  for (const path of new Set(desk.map(addressOf))) {
    const [plain, dressed] = [await app.inject(path), await app.inject({ url: path, headers })]
    if (plain.statusCode !== dressed.statusCode) inside.push(`${path} for a stranger: ${dressed.statusCode}`)
    const [his, his2] = [
      await app.inject({ url: path, headers: { cookie } }),
      await app.inject({ url: path, headers: { ...headers, cookie } }),
    ]
    if (his.statusCode !== his2.statusCode) inside.push(`${path} for a responder: ${his2.statusCode}`)
  }
  expect(inside).toEqual([])
})

test('CVE-2026-30958: no address leads to a file of the machine, however it is written', async () => {
  const { app } = await (await world()).app()
  const climbs = [
    '..',
    '%2e%2e',
    '%252e%252e',
    '..%c0%af',
    '%c0%ae%c0%ae',
    '..%5c',
    '....',
    '..;',
    '%u002e%u002e',
    '.%00.',
  ]
  for (const folder of ['', '/assets', '/logo', '/ledger', '/ledger/entries', '/fa']) {
    for (const climb of climbs) {
      for (const file of ['etc/passwd', 'package.json', 'data/key', 'src/run.ts']) {
        const url = `${folder}/${`${climb}/`.repeat(6)}${file}`
        const { statusCode, body } = await app.inject(url)
        expect([url, [400, 404].includes(statusCode), /root:x:|"dependencies"/.test(body)]).toEqual([url, true, false])
      }
    }
  }
})

test('CVE-2026-30959, CVE-2026-30920, CVE-2026-34758, CVE-2024-26478: without credentials nothing of the desk or of the API answers', async () => {
  const { here, addressOf } = await furnished({})
  const { app, houses } = await here.app()
  const open: string[] = []
  for (const { access, method, url } of await routesOf({ houses })) {
    if (access.to === 'everyone' || access.to === 'holders' || method === 'HEAD') continue
    const { statusCode } = await app.inject({ method: method as 'GET', url: addressOf({ method, url }) })
    if (![401, 403, 404, 415, 429].includes(statusCode)) open.push(`${method} ${url}: ${statusCode}`)
  }
  expect(open).toEqual([])
})

test('CVE-2026-32308: a diagram in a text is a text', () => {
  const html = markdown(
    '```mermaid\ngraph TD; A["<img src=x onerror=alert(1)>"]\n```\n\n<div class="mermaid">click A href "javascript:alert(1)"</div>',
  )
  expect(html.match(/<[a-z]+/g)).toEqual(['<pre', '<code', '<p'])
  expect(html).toContain('&lt;img')
})
