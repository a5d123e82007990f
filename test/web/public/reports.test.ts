import Fastify from 'fastify'
import supertest from 'supertest'
import { expect, onTestFinished, test } from 'vitest'
import { changeReportSettings } from '../../../src/domain/reports/change-settings.ts'
import { reportsByIncident, unlistedReports } from '../../../src/domain/reports/queries.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { reportsFace } from '../../../src/web/public/reports.ts'
import { takeForms } from '../../../src/web/shared/form-bodies.ts'
import { publicFace } from '../../../src/web/public/routes.ts'
import { createPublication } from '../../../src/web/shared/publication.ts'
import { desk } from '../../domain/desk.ts'

const settings = { asked: 'yes', shown: 'yes', shownFrom: 5, burstReports: 5, burstMinutes: 10 }

async function page() {
  const here = await desk()
  const { app, publication } = await here.app()
  const id = await here.opens()
  await publication.catchUp()
  let forwarded = 0
  const post = (body: string, headers: Readonly<Record<string, string>> = {}, path = '/reports') =>
    supertest(app.server)
      .post(path)
      .set({ 'sec-fetch-site': 'same-origin', 'user-agent': `Browser ${(forwarded += 1)}`, ...headers })
      .type('form')
      .send(body)
  const read = async (path: string) => {
    await publication.catchUp()
    return supertest(app.server).get(path)
  }
  const count = async () => (await reportsByIncident(here.db, [id])).get(id) ?? 0
  return { ...here, app, publication, id, post, read, count }
}

test('an open incident asks whom it affects, with a form that needs no script and leads to the site itself', async () => {
  const { read, id } = await page()
  for (const path of ['/', `/incidents/${id}`, '/report']) {
    const { text, headers } = await read(path)
    expect(text).toContain('<form class="me-too" method="post" action="http://status.example/reports"')
    expect(text).toContain(`<input type="hidden" name="incident" value="${id}">`)
    expect(text).toContain('This affects me too')
    expect(headers['content-security-policy']).toContain("form-action 'self' http://status.example;")
  }
  expect((await read('/')).text).toContain('href="/report">Something is wrong that is not listed here')
})

test('a click is counted once a day, thanked, and leaves no cookie', async () => {
  const { post, id, count, read } = await page()
  const answer = await post(`incident=${id}`, { 'user-agent': 'One' })
  expect([answer.status, answer.headers['location']]).toEqual([303, 'http://status.example/reported'])
  expect(answer.headers['set-cookie']).toBeUndefined()
  expect(answer.headers['cache-control']).toBe('no-store')
  expect((await post(`incident=${id}`, { 'user-agent': 'One' })).status).toBe(303)
  expect(await count()).toBe(1)
  await post(`incident=${id}`, { 'user-agent': 'Two' })
  expect(await count()).toBe(2)
  expect((await read('/reported')).text).toContain('We have counted you')
})

test('a script is answered without a page', async () => {
  const { post, id, count } = await page()
  const script = { accept: 'application/json' }
  expect((await post(`incident=${id}`, script)).status).toBe(204)
  expect((await post('incident=nothing', script)).status).toBe(409)
  expect((await post(`incident=${id}`, { ...script, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(await count()).toBe(1)
})

test('in each language the way leads back to that language', async () => {
  const { post, id, read } = await page()
  for (const locale of locales.slice(1)) {
    expect((await read(`/${locale}/incidents/${id}`)).text).toContain(
      `action="http://status.example/${locale}/reports"`,
    )
    const { headers } = await post(`incident=${id}`, {}, `/${locale}/reports`)
    expect(headers['location']).toBe(`http://status.example/${locale}/reported`)
    expect((await read(`/${locale}/reported`)).status).toBe(200)
  }
})

test('a form from elsewhere counts nobody: it leads to our own', async () => {
  const { post, id, count } = await page()
  const from = async (headers: Readonly<Record<string, string>>) => {
    const { status, headers: answered } = await post(`incident=${id}`, headers)
    return [status, answered['location']]
  }
  const asked = [303, 'http://status.example/report']
  expect(await from({ 'sec-fetch-site': 'cross-site', origin: 'https://mirror.example' })).toEqual(asked)
  expect(await from({ 'sec-fetch-site': 'same-site' })).toEqual(asked)
  expect(await from({ 'sec-fetch-site': 'none' })).toEqual(asked)
  expect(await count()).toBe(0)
})

test('an old browser, which only says its origin, is asked for that', async () => {
  const { app, id, count } = await page()
  const send = (origin: string) =>
    supertest(app.server).post('/reports').set({ origin, 'user-agent': origin }).type('form').send(`incident=${id}`)
  await send('https://elsewhere.example')
  expect(await count()).toBe(0)
  await send('http://status.example')
  await send('null')
  expect(await count()).toBe(2)
})

test('what is wrong and not listed is told with a system or without', async () => {
  const { post, search, db, clock, read } = await page()
  expect((await read('/report')).text).toContain(`<option value="${search}">Search</option>`)
  await post(`component=${search}`)
  await post('component=')
  const about = (await unlistedReports(db, clock.now())).map(({ componentId }) => componentId)
  expect(new Set(about)).toEqual(new Set([null, search]))
})

test.each([
  ['a body that is too large', { type: 'form', body: `incident=${'x'.repeat(2000)}`, status: 413 }],
  ['JSON', { type: 'json', body: '{"incident":"id9"}', status: 415 }],
  ['plain text', { type: 'text/plain', body: 'incident=id9', status: 415 }],
  ['a field given twice', { type: 'form', body: 'incident=a&incident=b', status: 303 }],
  ['what is no id', { type: 'form', body: 'incident=%3Cscript%3E', status: 303 }],
])('%s is refused', async (_, { type, body, status }) => {
  const { app, latestVersion } = await page()
  const before = await latestVersion()
  const answer = await supertest(app.server).post('/reports').set('sec-fetch-site', 'same-origin').type(type).send(body)
  expect(answer.status).toBe(status)
  expect(answer.headers['location'] ?? '/report').toContain('/report')
  expect(await latestVersion()).toBe(before)
})

test.each([
  ['cross-site', 'incident=', 403, 'form of this page'],
  ['same-origin', 'incident=a&incident=b', 422, 'one incident'],
  ['same-origin', 'incident=long-gone', 409, 'not there any more'],
])('a program from %s that sends %s is told why it is refused', async (site, body, status, why) => {
  const { app } = await page()
  const sent = supertest(app.server).post('/reports').set({ 'sec-fetch-site': site, accept: 'application/json' })
  const answer = await sent.type('form').send(body)
  expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8'])
  expect(JSON.parse(answer.text)).toMatchObject({ status, detail: expect.stringContaining(why) as string })
})

test.each(['get', 'head', 'options'] as const)('%s says that this address takes a form', async (method) => {
  const { app } = await page()
  const answer = await supertest(app.server)[method]('/reports')
  expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST'])
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
})

test('one network does not speak for all', async () => {
  const { post, id, count } = await page()
  for (let each = 0; each < 60; each += 1) await post(`incident=${id}`)
  const { status, text, headers } = await post(`incident=${id}`)
  expect([status, headers['retry-after']]).toEqual([429, '10'])
  expect(text).toContain('Too many at once')
  expect(await count()).toBeLessThanOrEqual(60)
})

test('readers see a rounded number only where the site chooses it, and nothing is rendered for a click', async () => {
  const { post, read, id, does, clock, publication } = await page()
  await does((it) => changeReportSettings(it, settings))
  const before = await read(`/incidents/${id}`)
  for (let each = 0; each < 7; each += 1) await post(`incident=${id}`)
  await publication.refresh()
  clock.advance('1m')
  const after = await read(`/incidents/${id}`)
  expect(before.text).not.toContain('readers say so')
  expect(after.text).toContain('At least 5 readers say so.')
})

test('where nobody is asked there is no form, no link and no page', async () => {
  const { does, read, post, id, count } = await page()
  await does((it) => changeReportSettings(it, { ...settings, asked: 'no' }))
  expect((await read('/')).text).not.toMatch(/class="me-too"|not listed here/)
  expect((await read('/report')).status).toBe(404)
  await post(`incident=${id}`)
  expect(await count()).toBe(0)
})

test('nothing else that readers reach takes anything', async () => {
  const here = await desk()
  const app = Fastify()
  onTestFinished(() => app.close())
  const taking: string[] = []
  app.addHook('onRoute', ({ method, url }) => {
    const isReading = [method].flat().every((one) => ['GET', 'HEAD', 'OPTIONS'].includes(one))
    if (!isReading) taking.push(`${[method].flat().join()} ${url}`)
  })
  takeForms(app)
  const publication = createPublication(here)
  const push = { script: '', origin: here.config.url, publicKey: '' }
  await app.register(publicFace, { publication, db: here.db, clock: here.clock, config: here.config, push })
  await app.register(reportsFace, { ...here, publication, url: here.config.url })
  expect(taking).toEqual(['POST /reports', `POST /:locale(${locales.join('|')})/reports`])
})
