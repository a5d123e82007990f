import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createToken, revokeToken } from '../../../src/domain/accounts/tokens.ts'
import type { Scope } from '../../../src/domain/accounts/account.ts'
import { createMetric } from '../../../src/domain/metrics/commands.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { northwind } from '../northwind.ts'

const now = Date.parse('2026-11-21T12:00:00.000Z') / 1000

async function programs(scope: Scope = 'measure') {
  const here = await northwind()
  here.clock.set('2026-11-21T12:00:00.000Z')
  const { server } = (await here.app()).app
  const metric = (name: string) =>
    here.does((it) => createMetric(it, { name, suffix: 'ms', decimals: 0, shown: 'yes' }))
  const [latency, orders] = [await metric('Latency'), await metric('Orders')]
  const { id, secret } = await here.change({ kind: 'setup' }, (it) => createToken(it, { name: 'Grafana', scope }))
  const page = (await readSite(here.db)).id
  const sends = (path: string, body: object | string, authorization = `OAuth ${secret}`) =>
    supertest(server).post(`/v1/pages/${page}${path}`).set('authorization', authorization).send(body)
  const sums = () => here.db.selectFrom('metric_hours').selectAll().orderBy('metric').orderBy('hour').execute()
  return { ...here, server, page, latency, orders, id, secret, sends, sums }
}

const at = (second: number, value: unknown) => ({ data: { timestamp: second, value } })

describe('a value of a metric', () => {
  test('is taken from a program with a token, and answered as the contract has it', async () => {
    const { sends, latency, sums } = await programs()
    const answer = await sends(`/metrics/${latency}/data.json`, at(now - 60, 12.5))
    expect([answer.status, answer.body]).toEqual([201, { data: { timestamp: now - 60, value: 12.5 } }])
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(await sums()).toMatchObject([{ count: 1, sum: 12.5, low: 12.5, high: 12.5 }])
  })

  test.each([
    ['Bearer', (secret: string) => `Bearer ${secret}`],
    ['Oauth, as some write it', (secret: string) => `Oauth ${secret}`],
  ])('is taken with %s', async (_, header) => {
    const { sends, latency, secret } = await programs()
    expect((await sends(`/metrics/${latency}/data`, at(now, 1), header(secret))).status).toBe(201)
  })

  test('is taken from a form, and with the key in the address it is not: addresses are logged', async () => {
    const { server, page, latency, secret, sums } = await programs()
    const path = `/v1/pages/${page}/metrics/${latency}/data`
    const refused = await supertest(server).post(`${path}?api_key=${secret}`).send(at(now, 1))
    expect(refused.status).toBe(401)
    expect((refused.body as { error: unknown }).error).toContain('send the token in a header')
    expect(await sums()).toEqual([])
    const answer = await supertest(server)
      .post(path)
      .set('authorization', `OAuth ${secret}`)
      .type('form')
      .send(`data[timestamp]=${now}&data[value]=7`)
    expect(answer.status).toBe(201)
    expect(await sums()).toMatchObject([{ sum: 7 }])
  })

  test.each([
    ['without a token', 'Basic x', 401],
    ['with a token nobody knows', 'OAuth candor_nobody', 401],
  ])('is refused %s', async (_, authorization, status) => {
    const { sends, latency, sums } = await programs()
    const answer = await sends(`/metrics/${latency}/data`, at(now, 1), authorization)
    expect([answer.status, answer.body]).toEqual([status, { error: 'Could not authenticate' }])
    expect(await sums()).toEqual([])
  })

  test('is refused with a token that may only read, or that was revoked', async () => {
    const { sends, latency, does, id } = await programs('read')
    expect((await sends(`/metrics/${latency}/data`, at(now, 1))).status).toBe(403)
    await does((it) => revokeToken(it, id))
    expect((await sends(`/metrics/${latency}/data`, at(now, 1))).status).toBe(401)
  })

  test('of a page or a metric that is not there is not found', async () => {
    const { sends, server, secret, latency } = await programs()
    expect((await sends('/metrics/nobody/data', at(now, 1))).status).toBe(404)
    const other = supertest(server).post(`/v1/pages/other/metrics/${latency}/data`)
    expect((await other.set('authorization', `OAuth ${secret}`).send(at(now, 1))).status).toBe(404)
    expect((await sends('/nothing', {})).body).toEqual({ error: 'Not found' })
  })

  test('that is wrong is refused by the name of its field, and nothing is counted', async () => {
    const { sends, latency, sums } = await programs()
    const refusals: readonly (readonly [string, object, string])[] = [
      ['nothing', {}, 'data is missing'],
      ['a word', at(now, 'many'), 'data.value must be a number'],
      ['no value', { data: { timestamp: now } }, 'data.value must be a number'],
      ['milliseconds', at(now * 1000, 1), 'data.timestamp must be in seconds since 1970, not in milliseconds'],
      ['the future', at(now + 301, 1), 'data.timestamp must not lie in the future'],
      ['long ago', at(now - 8 * 86_400, 1), 'data.timestamp must not be older than seven days'],
      ['too much', at(now, 1e16), 'data.value must be between -1e15 and 1e15'],
    ]
    for (const [wrong, body, message] of refusals) {
      const answer = await sends(`/metrics/${latency}/data`, body)
      expect([wrong, answer.status, answer.body]).toEqual([wrong, 422, { error: [message] }])
    }
    expect(await sums()).toEqual([])
  })

  test('that is no JSON, or too large, is refused and not taken for a fault of ours', async () => {
    const { sends, latency, server, page, secret } = await programs()
    const broken = supertest(server).post(`/v1/pages/${page}/metrics/${latency}/data`)
    const answer = await broken.set('authorization', `OAuth ${secret}`).type('json').send('{')
    expect(answer.status).toBe(400)
    expect((await sends(`/metrics/${latency}/data`, { data: 'x'.repeat(400_000) })).status).toBe(413)
  })

  test('is one too many after sixty in a minute, and the answer says when to try again', async () => {
    const { sends, latency, clock } = await programs()
    const send = () => sends(`/metrics/${latency}/data`, at(now, 1))
    expect((await send()).headers).toMatchObject({ ratelimit: '"token";r=59;t=1' })
    for (let count = 1; count < 60; count += 1) await send()
    const answer = await send()
    expect(answer.status).toBe(429)
    expect(answer.headers).toMatchObject({
      'ratelimit-policy': '"token";q=60;w=60',
      ratelimit: '"token";r=0;t=1',
      'retry-after': '1',
    })
    expect(answer.body).toEqual({
      error: 'Rate limit exceeded: a minute has room for 60 requests of each token. Try again in a second.',
    })
    clock.advance('1s')
    expect((await send()).status).toBe(201)
  })
})

describe('many values at once', () => {
  test('are accepted for several metrics, late and early and twice', async () => {
    const { sends, latency, orders, sums } = await programs()
    const point = (timestamp: number, value: number) => ({ timestamp, value })
    const answer = await sends('/metrics/data', {
      data: {
        [latency]: [point(now - 60, 10), point(now - 7200, 30), point(now - 60, 20), point(now - 61, 40)],
        [orders]: [point(now - 5, -3)],
      },
    })
    expect(answer.status).toBe(202)
    const hour = now / 3600
    // One second has one value, the last that was sent; and each value counts in its own hour.
    expect(await sums()).toEqual([
      { metric: 1, hour: hour - 2, count: 1, sum: 30, low: 30, high: 30 },
      { metric: 1, hour: hour - 1, count: 2, sum: 60, low: 20, high: 40 },
      { metric: 2, hour: hour - 1, count: 1, sum: -3, low: -3, high: -3 },
    ])
  })

  test('are all refused where one of them is wrong', async () => {
    const { sends, latency, orders, sums } = await programs()
    const body = { data: { [latency]: [{ timestamp: now, value: 1 }], [orders]: [{ timestamp: now, value: null }] } }
    const answer = await sends('/metrics/data.json', body)
    expect([answer.status, answer.body]).toEqual([422, { error: [`data.${orders}[0].value must be a number`] }])
    expect(await sums()).toEqual([])
  })

  test('of what is no name at all are refused, and no database is asked for it', async () => {
    const { sends } = await programs()
    expect((await sends('/metrics/data', { data: { 'a\u0000b': [] } })).status).toBe(422)
  })

  test('of a metric that is not there name it', async () => {
    const { sends } = await programs()
    expect((await sends('/metrics/data', { data: { nobody: [] } })).body).toEqual({
      error: ['data.nobody is no metric of this page'],
    })
  })
})
