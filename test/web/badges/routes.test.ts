import { describe, expect, test } from 'vitest'
import { northwind } from '../northwind.ts'

describe('over the wire', () => {
  test('badges are for every page, in the language of their address', async () => {
    const { app } = await (await northwind()).app()
    const badge = await app.inject('/badge.svg')
    expect(badge.statusCode).toBe(200)
    expect(badge.headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      'x-content-type-options': 'nosniff',
    })
    expect(badge.headers.etag).toBeTruthy()
    expect(badge.body).toContain('<title>Northwind: Partly down</title>')
    expect((await app.inject('/fa/components/search/badge.svg')).body).toContain('Search: کند یا مختل')
    expect((await app.inject('/components/nothing/badge.svg')).statusCode).toBe(404)
    expect((await app.inject('/de/badge.svg')).statusCode).toBe(404)
  })

  test('shields.io is told of the same state', async () => {
    const { app } = await (await northwind()).app()
    for (const name of ['badge', 'uptime', 'latency']) {
      const { body, statusCode } = await app.inject(`/components/search/${name}.json`)
      expect(statusCode).toBe(200)
      expect(JSON.parse(body)).toMatchObject({ schemaVersion: 1, label: 'Search', cacheSeconds: 300 })
    }
    expect((await app.inject('/badge.json')).json()).toEqual({
      schemaVersion: 1,
      label: 'Northwind',
      message: 'Partly down',
      color: '#b34700',
      labelColor: '#3d4148',
      isError: true,
      cacheSeconds: 300,
    })
  })
})
