import { expect, test } from 'vitest'
import { locales } from '../../../src/domain/site/site.ts'
import { furnished } from '../headers/addresses.ts'

test('each page of the site is there in each language, and nothing else is', async () => {
  const { app, routes, addressOf } = await furnished({})
  const read = routes.filter(({ method, url }) => method === 'HEAD' && !url.startsWith('/:locale('))
  const spoken = new Set(routes.filter(({ method }) => method === 'HEAD').map(({ url }) => url))
  expect(read.length).toBeGreaterThan(200)
  for (const route of read) {
    const path = addressOf(route)
    const isSpoken = spoken.has(`/:locale(${locales.join('|')})${route.url}`)
    const expected = isSpoken ? (await app.inject({ method: 'HEAD', url: path })).statusCode : 404
    const { statusCode } = await app.inject({ method: 'HEAD', url: `/fa${path}` })
    expect(statusCode, `/fa${path}`).toBe(expected)
  }
})

test('a language is one of those that there are, however it is written', async () => {
  const { app } = await furnished({})
  for (const locale of locales.filter((one) => one !== 'en')) {
    const { statusCode, headers } = await app.inject(`/${locale}/history`)
    expect([statusCode, headers['content-language']]).toEqual([200, locale])
  }
  const { headers } = await app.inject('/en/history')
  expect(headers.location).toBe('/history')
  const persian = (await app.inject('/fa/history')).body
  expect((await app.inject('/%66a/history')).body).toBe(persian)
  for (const url of [
    '/FA/history',
    '/xx/history',
    '/fa/fr/history',
    '/%2566a/history',
    '/fa%2fhistory',
    '//fa/history',
    '/fa//history',
    '/pt-br/',
    '/fa|fr/',
  ])
    expect((await app.inject(url)).statusCode, url).toBe(404)
})

test('a language leads to its front page without the last slash, and the site’s own to the site', async () => {
  const { app } = await furnished({})
  for (const locale of locales) {
    const { statusCode, headers } = await app.inject(`/${locale}`)
    expect([statusCode, headers.location]).toEqual([302, locale === 'en' ? '/' : `/${locale}/`])
  }
})
