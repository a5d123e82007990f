import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { closedDesk } from '../../src/web/admin/closed.ts'
import { closedApi } from '../../src/web/api/closed.ts'

async function asks(method: 'GET' | 'POST', path: string) {
  const app = Fastify()
  onTestFinished(() => app.close())
  app.all('/admin/*', closedDesk('https://status.example'))
  app.all('/api/v1/*', closedApi('https://status.example'))
  const answer = await app.inject({
    method,
    url: path,
    headers: { referer: 'https://status.example/admin/notices/new' },
  })
  expect(answer.statusCode).toBe(503)
  expect(answer.headers).toMatchObject({
    'cache-control': 'no-store',
    'retry-after': '5',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
  })
  return answer
}

test('a desk that could not be built says so, under its number in the log, and leads back to a form', async () => {
  const page = await asks('GET', '/admin/notices')
  expect(page.headers['content-security-policy']).toContain("default-src 'none'")
  expect(page.body).toContain('The desk could not be opened. Nothing was changed')
  expect(page.body).toContain('In the log it stands as <code>req-1</code>.')
  expect(page.body).toContain('href="">Try again<')
  expect((await asks('POST', '/admin/notices')).body).toContain('href="/admin/notices/new">Open the form again<')
})

test('calls that could not be built say so in the shape of the contract', async () => {
  const answer = await asks('POST', '/api/v1/pages/a/incidents.json')
  expect(answer.json()).toEqual({
    error: 'This cannot be answered just now. Nothing was changed: send it again.',
    request: 'req-1',
  })
})
