import { expect, test } from 'vitest'
import { isSQLite } from '../../database.ts'
import { type Route, furnished } from '../headers/addresses.ts'
import { people } from '../../people.ts'

const own = 'http://status.example'

/** Ways in which a page of somebody else, or a program, could try to act for an operator. */
const attempts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'another origin': { origin: 'https://evil.example' },
  'no origin to speak of': { origin: 'null' },
  'neither origin nor site': {},
  'another site that claims our origin': { 'sec-fetch-site': 'cross-site', origin: own },
  'the same host on another port': { origin: `${own}:8080` },
  'the same host over https': { origin: 'https://status.example' },
  'a host that begins with ours': { origin: `${own}.evil.example` },
  'only a referrer of ours': { referer: `${own}/admin` },
  'a neighbour under the same domain': { 'sec-fetch-site': 'same-site' },
  'another site': { 'sec-fetch-site': 'cross-site' },
  'an address that somebody typed': { 'sec-fetch-site': 'none' },
  'two sites at once': { 'sec-fetch-site': 'same-origin, cross-site' },
  'the origin in other letters': { origin: own.toUpperCase() },
  'a host that claims to be ours': { host: 'evil.example', origin: 'http://evil.example' },
  'a host that a proxy is said to have seen': { 'x-forwarded-host': 'evil.example', origin: 'http://evil.example' },
}

function isUnsafe({ method, url }: Route): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method) && /^\/(?:admin|setup)(?:\/|$)/.test(url)
}

/** Everything on every route takes a minute: of what differs little, each route meets another part. */
const isFull = process.env['TEST_SIZE'] === 'full'
/** They are refused by what they say of themselves. What SQL decides, whose session it is, is asked of every form. */
const weightiest = isSQLite ? 4 : 1

function partOf<T>(all: readonly T[], at: number): T[] {
  return all.filter((_, index) => isFull || index < weightiest || index % 5 === at % 5)
}

async function signedIn() {
  const { here, app, routes, addressOf } = await furnished({})
  const { ada } = await people(here)
  const page = await ada.opens('/admin')
  const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  expect(token).not.toBe('')
  const cookie = ada.agent.jar
    .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
    .toValueString()
  /** As her browser would, without the way over a socket. */
  const asks = async (method: Method, url: string, headers: Headers, payload = ''): Promise<number> =>
    (await app.inject({ method, url, headers: { cookie, ...headers }, payload })).statusCode
  return { ada, token, asks, latestVersion: here.latestVersion, eventsAfter: here.eventsAfter, routes, addressOf }
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Headers = Readonly<Record<string, string>>

const form = { 'content-type': 'application/x-www-form-urlencoded' }

test('no form of the desk is taken from elsewhere, however it is sent, though its token is right', async () => {
  const { routes, addressOf, asks, token, latestVersion } = await signedIn()
  const forms = routes.filter(isUnsafe).map(addressOf)
  expect(forms.length).toBeGreaterThan(60)
  const version = await latestVersion()
  const taken: string[] = []
  for (const [at, path] of forms.entries()) {
    for (const [name, headers] of partOf(Object.entries(attempts), at)) {
      const status = await asks('POST', path, { ...form, ...headers }, new URLSearchParams({ token }).toString())
      if (status !== 403) taken.push(`${path}, ${name}: ${status}`)
    }
  }
  expect(taken).toEqual([])
  expect(await latestVersion()).toBe(version)
})

test('no form of the desk is taken without its token, in another format, or by another name of the method', async () => {
  const { routes, addressOf, asks, token, latestVersion } = await signedIn()
  const version = await latestVersion()
  const here = { 'sec-fetch-site': 'same-origin', origin: own }
  const fields = new URLSearchParams({ name: 'Forged', body: 'We were breached.' }).toString()
  const json = JSON.stringify({ token, name: 'Forged' })
  const multipart = `--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nForged\r\n--x--\r\n`
  const overridden = `?_method=POST&token=${token}&name=Forged`
  const ways: readonly (readonly [Method, string, Headers, string, readonly number[]])[] = [
    ['POST', '', form, fields, [403]],
    ['POST', '', { 'content-type': 'text/plain' }, json, [415]],
    ['POST', '', { 'content-type': 'application/json' }, json, [415]],
    ['POST', '', { 'content-type': 'multipart/form-data; boundary=x' }, multipart, [403, 415]],
    ['POST', '', form, `${fields}&token=${token}&token=${token}`, [403]],
    ['POST', `?token=${token}`, { ...form, 'x-csrf-token': token }, fields, [403]],
    ['POST', '', { 'content-type': 'application/vnd.api+json' }, json, [415]],
    ['POST', '', { 'content-type': 'application/octet-stream' }, json, [415]],
    ['GET', overridden, { 'x-http-method-override': 'POST' }, '', [200, 303, 404]],
    ['GET', overridden, { 'x-http-method': 'POST', 'x-method-override': 'POST' }, '', [200, 303, 404]],
    ['PUT', '', form, `token=${token}&_method=POST`, [404]],
    ['PATCH', '', form, `token=${token}&_method=POST`, [404]],
    ['DELETE', '', form, `token=${token}&_method=POST`, [404]],
  ]
  const taken: string[] = []
  for (const [at, path] of routes.filter(isUnsafe).map(addressOf).entries()) {
    for (const [method, query, headers, body, expected] of partOf(ways, at)) {
      const status = await asks(method, path + query, { ...here, ...headers }, body)
      if (!expected.includes(status)) taken.push(`${method} ${path}${query} ${headers['content-type']}: ${status}`)
    }
  }
  expect(taken).toEqual([])
  expect(await latestVersion()).toBe(version)
})

test('reading changes nothing: an owner opens every address there is, and nothing but a list taken away is written down', async () => {
  const { routes, addressOf, asks, latestVersion, eventsAfter } = await signedIn()
  const version = await latestVersion()
  const strange: string[] = []
  const read = routes.filter(
    ({ method, url }) => method === 'GET' && !/^\/(?:[a-z]{2}|pt-BR|zh-Hant)(?:\/|$)/.test(url),
  )
  for (const path of new Set(read.map(addressOf))) {
    const status = await asks('GET', `${path}?remove=1&_method=DELETE&token=x`, {})
    if (status >= 500 && path !== '/readyz') strange.push(`${path}: ${status}`)
  }
  expect(strange).toEqual([])
  // Who took the addresses of subscribers away has to be known.
  expect((await eventsAfter(version, 10)).map(({ type }) => type)).toEqual(['subscriber.exported'])
})

test('a form that its own browser sends is taken, by either of its two signs', async () => {
  const { ada, token, latestVersion } = await signedIn()
  for (const [name, headers] of Object.entries({
    site: { 'sec-fetch-site': 'same-origin' },
    origin: { origin: own },
  })) {
    const version = await latestVersion()
    const body = new URLSearchParams({ token, name: `Closed, by ${name}`, body: 'We are.' }).toString()
    expect((await ada.agent.post('/admin/notices').set(headers).type('form').send(body)).status).toBe(303)
    expect(await latestVersion()).toBeGreaterThan(version)
  }
})
