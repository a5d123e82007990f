import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createListener } from '../../src/web/shared/listener.ts'
import { starting } from '../../src/web/starting.ts'

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** A product that is not there yet, and of which nothing was published. */
async function beforeAnything({ hasKept = false } = {}) {
  const start = starting('http://status.example', { hasKept })
  const listener = createListener({
    find: () => undefined,
    meanwhile: start.answer,
    frontDoor: true,
    trustProxy: [],
  })
  await listener.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void listener.server.close())
  const url = `http://127.0.0.1:${(listener.server.address() as AddressInfo).port}`
  return {
    start,
    ask: (path: string, options: RequestInit = {}) =>
      fetch(url + path, { ...options, headers: { connection: 'close', ...options.headers } }),
  }
}

const renews = 'http-equiv="refresh"'

test('the desk that is not there yet renews itself at the address that was asked for, and shows how far it is', async () => {
  const { start, ask } = await beforeAnything()
  start.upgrading(null)
  expect(await (await ask('/admin/incidents')).text(), 'nobody knows how far').not.toContain('<progress')
  start.upgrading(0.256)
  const answer = await ask('/admin/incidents?stage=open', { headers: browser })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  const page = await answer.text()
  expect(page).toContain(`<meta ${renews} content="5">`)
  expect(page).toContain('href="">Try again<')
  expect(page).toContain('<progress value="0.256"')
})

test.each([true, false])('that readers still have something to read is said where they have (%s)', async (hasKept) => {
  const { ask } = await beforeAnything({ hasKept })
  expect((await (await ask('/admin')).text()).includes('Readers still see what was published last')).toBe(hasKept)
})

test.each([
  ['https://elsewhere.example/admin/incidents/new?from=x&y="><b>', '/admin/incidents/new?from=x&amp;y=%22%3E%3Cb%3E'],
  ['https://elsewhere.example//evil.example/admin', null],
  ['https://elsewhere.example/administrators', null],
  ['data:text/html,//admin', null],
  ['no address', null],
])(
  'a form that comes too early is not sent again by itself, and leads back to its page alone: %s',
  async (referer, form) => {
    const { ask } = await beforeAnything()
    const sent = await ask('/admin/incidents', { method: 'POST', body: 'name=x', headers: { ...browser, referer } })
    expect(sent.status).toBe(503)
    const page = await sent.text()
    expect(page).toContain('Nothing of this form was saved.')
    expect(page).not.toContain(renews)
    expect([...page.matchAll(/class="button" href="([^"]*)"/g)].map(([, to]) => to)).toEqual([form ?? '/admin'])
  },
)

test('readers of a page that was never published get one that renews itself; programs, one line', async () => {
  const { ask } = await beforeAnything()
  const page = await ask('/', { headers: browser })
  expect([page.status, page.headers.get('retry-after'), page.headers.get('cache-control')]).toEqual([
    503,
    '2',
    'no-store',
  ])
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = await page.text()
  expect(html).toContain(renews)
  for (const [, style = ''] of html.matchAll(/rel="stylesheet" href="([^"]+)"/g)) {
    expect([style, (await ask(style)).status]).toEqual([style, 200])
  }
  const line = await ask('/history.atom')
  expect([line.status, line.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8'])
  expect(await line.text()).toBe('This page is starting. Please try again in a moment.\n')
})

test.each(['/api/v2/summary.json', '/v1/pages?per_page=1', '/api/v1/pages/x/incidents', '/history.json'])(
  'a program that reads JSON is answered in JSON: %s',
  async (path) => {
    const { ask } = await beforeAnything()
    const answer = await ask(path, { method: 'POST', body: '{}' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/json; charset=utf-8'])
    expect(answer.headers.get('retry-after')).toBe('2')
    expect(await answer.json()).toEqual({
      error: 'Candor is starting. Nothing was changed: send it again in a moment.',
    })
  },
)

test.each([{}, browser])('a process that starts is alive, whoever asks (%o)', async (headers) => {
  const { start, ask } = await beforeAnything()
  start.upgrading(0.5)
  const answer = await ask('/healthz', { headers })
  expect([answer.status, await answer.text()]).toEqual([200, '{"status":"alive"}'])
})
