import { Agent, type IncomingMessage, type Server, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { drainable } from '../../src/lib/drain.ts'

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => server.closeAllConnections())
  return (server.address() as AddressInfo).port
}

function answerOf(agent: Agent, port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ agent, port, host: '127.0.0.1' }, (response) => {
      response.resume()
      response.once('end', () => resolve(response))
    }).once('error', reject)
  })
}

test('an idle connection may ask once more, is told to go, and only then is gone', async () => {
  const server = createServer((_request, response) => response.end('hello'))
  const drain = drainable(server)
  const port = await listening(server)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  expect((await answerOf(agent, port)).headers.connection).toBe('keep-alive')
  const drained = drain({ keepListening: 0, idle: 10_000, underWay: 10_000 })
  expect((await answerOf(agent, port)).headers.connection).toBe('close')
  await drained
  await expect(answerOf(new Agent(), port)).rejects.toThrow('ECONNREFUSED')
})

test('a request under way is answered to its end', async () => {
  const { promise: asked, resolve: hear } = Promise.withResolvers<void>()
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>()
  const server = createServer((_request, response) => {
    response.write('half')
    hear()
    void allowed.then(() => response.end())
  })
  const drain = drainable(server)
  const port = await listening(server)
  const answer = answerOf(new Agent({ keepAlive: true }), port)
  await asked
  const drained = drain({ keepListening: 0, idle: 0, underWay: 10_000 })
  allow()
  expect((await answer).complete).toBe(true)
  await drained
})

test('connections that stay silent are cut in the end', async () => {
  const server = createServer((_request, response) => response.end('hello'))
  const drain = drainable(server)
  const port = await listening(server)
  const agent = new Agent({ keepAlive: true })
  await answerOf(agent, port)
  await drain({ keepListening: 0, idle: 1, underWay: 1 })
  expect(server.listening).toBe(false)
})
