import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { expect, test } from 'vitest'
import { aliasesOf } from '../../../src/web/api/addresses.ts'
import { calls } from '../../../src/web/api/routes.ts'
import { world } from '../../world.ts'

async function asks() {
  const { app, publication } = await (await world()).app()
  await publication.refresh()
  return async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS', url: string) => {
    const { statusCode, headers, body } = await app.inject({ method, url })
    return { statusCode, headers: { ...headers, date: '' }, body }
  }
}

test('each call is found at all of its addresses, and asks for a token there', async () => {
  const ask = await asks()
  for (const { method, path } of calls) {
    const where = path.replaceAll(/:\w+/g, 'some')
    const plain = await ask(method, `/v1${where}`)
    expect(plain.statusCode).toBe(401)
    const others = aliasesOf(where)
    expect(others).toHaveLength(3)
    for (const other of others) expect(await ask(method, other), `${method} ${other}`).toEqual(plain)
  }
})

test('an address of a call may be written with percent signs, and may have a query', async () => {
  const ask = await asks()
  const plain = await ask('GET', '/v1/pages')
  expect(plain.statusCode).toBe(401)
  for (const url of [
    '/%76%31/pages',
    '/api/v%31/pages.json',
    '/v1/pages%2ejson',
    '/v1/pages%2Ejso%6e?a=.json',
    '/v1/pages?/v1',
  ])
    expect(await ask('GET', url), url).toEqual(plain)
})

test('a proxy may name the page before the address of a call', async () => {
  const { app } = await (await world()).app()
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  for (const url of ['/v1/pages', ...aliasesOf('/pages'), '/api/v%31/pages?a=/b']) {
    const asked = request({ host: '127.0.0.1', port, path: `http://status.example${url}` }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    expect([answer.statusCode, answer.headers['content-type']], url).toEqual([401, 'application/json; charset=utf-8'])
  }
})

test('percent signs that cannot be read are not read twice', async () => {
  const ask = await asks()
  for (const url of ['/v1/pages/%%341', '/v1/pages/%4%31', '/api/v1/pages/%4%31.json', '/v1/pages/%zz'])
    expect((await ask('GET', url)).statusCode, url).toBe(400)
  expect((await ask('GET', '/v1/pages/%25%341')).statusCode).toBe(401)
})

test('what is like the address of a call, and is none, finds nothing', async () => {
  const ask = await asks()
  const contract = { error: 'Not found' }
  for (const url of ['/v1', '/v1/', '/v1/.json', '/api/v1', '/v1/pages.json.json', '/v1//pages', '/v1/openapi.json'])
    expect(JSON.parse((await ask('GET', url)).body), url).toEqual(contract)
  for (const url of [
    '/v1.json',
    '/v1x/pages',
    '/api/v1x/pages',
    '/%2576%31/pages',
    '//v1/pages',
    '/V1/pages',
    '/fa/v1/pages',
  ]) {
    const { statusCode, body } = await ask('GET', url)
    expect(statusCode, url).toBe(404)
    expect(body, url).not.toBe(JSON.stringify(contract))
  }
})

test('the description stands among the calls, and is none of them', async () => {
  const ask = await asks()
  const description = await ask('GET', '/api/v1/openapi.json')
  expect(JSON.parse(description.body)).toHaveProperty('openapi')
  expect((await ask('GET', '/api/v1/openapi%2ejson')).body).toBe(description.body)
  expect((await ask('HEAD', '/api/v1/openapi.json')).statusCode).toBe(200)
  for (const [method, url] of [
    ['POST', '/api/v1/openapi.json'],
    ['GET', '/api/v1/openapi'],
    ['GET', '/api/v1/openapi.json.json'],
  ] as const)
    expect(JSON.parse((await ask(method, url)).body), url).toEqual({ error: 'Not found' })
})
