import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { toDocument } from '../../../src/web/shared/document.ts'
import { createListener } from '../../../src/web/shared/listener.ts'
import { starting } from '../../../src/web/starting.ts'

test.each([true, false])(
  'before the database is there (front door: %s), pages of before are answered',
  async (frontDoor) => {
    const page = await toDocument('/', { contentType: 'text/html', body: 'of before' })
    const { answer: meanwhile } = starting('https://status.example', { hasKept: true })
    const find = (path: string) => (path === '/' ? page : undefined)
    const listener = createListener({ find, meanwhile, frontDoor, trustProxy: [] })
    await listener.listen({ host: '127.0.0.1', port: 0 })
    onTestFinished(() => void listener.server.close())
    const url = `http://127.0.0.1:${(listener.server.address() as AddressInfo).port}`
    const get = (path: string) => fetch(url + path, { headers: { connection: 'close' } })
    expect(await (await get('/')).text()).toBe('of before')
    // As links in letters have it.
    expect(await (await get('/?utm_source=letter')).text()).toBe('of before')
    expect((await get('/admin')).status).toBe(503)
    expect((await get('/readyz')).status).toBe(503)
    // Whoever ends what does not live would end the page.
    const lives = await get('/healthz')
    expect(lives.status).toBe(200)
    expect(await lives.json()).toEqual({ status: 'alive' })
    // Nor is any answer of a start read without encryption again.
    for (const path of ['/admin', '/readyz', '/healthz', '/summary.json']) {
      const { headers } = await get(path)
      expect([path, headers.get('strict-transport-security'), headers.get('x-content-type-options')]).toEqual([
        path,
        'max-age=31536000',
        'nosniff',
      ])
    }
  },
)
