import { once } from 'node:events'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { people } from '../people.ts'
import { world } from '../world.ts'

test('HEAD is answered like GET, without the body', async () => {
  const here = await world()
  const { ada } = await people(here)
  const { app, publication } = await here.app()
  await publication.settled()
  for (const path of ['/', '/api/v2/status.json', '/healthz', '/assets/nowhere.js', '/admin/sign-in']) {
    const [get, head] = [await app.inject(path), await app.inject({ method: 'HEAD', url: path })]
    expect(head.statusCode, path).toBe(get.statusCode)
    expect(head.body, path).toBe('')
    expect(head.headers['content-length'], path).toBe(get.headers['content-length'])
    expect(head.headers['content-type'], path).toBe(get.headers['content-type'])
  }
  expect((await ada.agent.head('/admin/me')).status).toBe(200)
})

test('where there is nothing to read, HEAD finds nothing', async () => {
  const { app } = await (await world()).app()
  for (const url of ['/admin/sign-out', '/nowhere', '/hb']) {
    expect((await app.inject({ method: 'HEAD', url })).statusCode, url).toBe(404)
  }
})

test('what is read from beginning to end to be taken away is not read for HEAD', async () => {
  const { ada } = await people(await world())
  for (const path of ['/admin/log.csv', '/admin/log.jsonl', '/admin/subscribers.csv']) {
    expect((await ada.agent.get(path)).status, path).toBe(200)
    expect((await ada.agent.head(path)).status, path).toBe(404)
  }
})

test('what is asked next on the same connection is answered as it should be', async () => {
  const { app } = await (await world()).app()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('HEAD /healthz HTTP/1.1\r\nhost: a\r\n\r\nGET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  const [, first = '', second = ''] = (await text(socket)).split('HTTP/1.1 200 OK')
  const [, body = ''] = second.split('\r\n\r\n')
  expect(body).not.toBe('')
  expect(first).toContain(`content-length: ${body.length}\r\n`)
  expect(first.endsWith('\r\n\r\n')).toBe(true)
})
