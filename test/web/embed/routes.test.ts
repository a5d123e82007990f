import { expect, test } from 'vitest'
import { locales } from '../../../src/domain/site/site.ts'
import { northwind } from '../northwind.ts'

test('what an element shows is small, in the language of its address, and for every page', async () => {
  const { app } = await (await northwind()).app()
  const { headers, body } = await app.inject('/embed.json')
  expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' })
  expect(JSON.parse(body)).toEqual({
    version: 1,
    lang: 'en',
    dir: 'ltr',
    as_of: '2026-11-21T12:00:00.000Z',
    url: 'http://status.example/',
    name: 'Northwind',
    state: 'minor',
    tone: 'partial',
    word: 'Partly down',
    sentence: 'Card payments are partly down, and Search is slow or impaired.',
    calm: false,
  })
  expect(body.length).toBeLessThan(600)
  expect((await app.inject('/fa/embed.json')).json()).toMatchObject({
    lang: 'fa',
    dir: 'rtl',
    url: 'http://status.example/fa/',
  })
  expect((await app.inject('/components/search/embed.json')).json()).toMatchObject({
    url: 'http://status.example/components/search',
    name: 'Search',
    state: 'degraded_performance',
    sentence: 'Search: Slow or impaired',
    calm: false,
  })
  expect((await app.inject('/components/nothing/embed.json')).statusCode).toBe(404)
})

test('the script says in every language that it does not know, and is at most 3 kB', async () => {
  const { app } = await (await northwind()).app()
  const plain = await app.inject('/embed.js')
  for (const locale of locales) expect(plain.body).toContain(`"${locale}":{`)
  expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect(plain.headers['cache-control']).toContain('stale-if-error')
  const small = await app.inject({ url: '/embed.js', headers: { 'accept-encoding': 'br' } })
  expect(small.rawPayload.length).toBeLessThanOrEqual(3_000)
})
