import { Agent, type IncomingMessage, get } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { startCandor } from './child.ts'

// As people start it: the launcher gives its place to the product.
const serve = [process.execPath, 'bin/candor.js'] as const

test('it says where it is and how to set it up, answers, is ready, and stops at a signal', async () => {
  const candor = await startCandor(serve)
  expect(candor.said()).toMatch(
    /^Candor is ready at http:\/\/127\.0\.0\.1:(\d+) \(listening on 127\.0\.0\.1:\1\)\nNobody owns this page yet\..*\/setup\?secret=/,
  )
  expect((await fetch(`${candor.url}/`)).status).toBe(200)
  const readiness = await fetch(`${candor.url}/readyz`)
  expect(await readiness.json()).toMatchObject({ status: 'ready', failing: [] })
  candor.child.kill('SIGINT')
  expect(await candor.ended).toBe(0)
  for (const line of candor.logged().trim().split('\n')) expect(() => void JSON.parse(line), line).not.toThrow()
})

test('a refused configuration stops the start with its own exit code', async () => {
  await expect(startCandor(serve, { CANDOR_PORT: 'x' })).rejects.toThrow('CANDOR_PORT=x: Accepted: a whole number')
})

test('clients that keep their connections lose no request when it stops', async () => {
  const candor = await startCandor(serve)
  const clients = Array.from({ length: 20 }, () => client(candor.url))
  await Promise.all(clients.map(({ warm }) => warm))
  candor.child.kill('SIGTERM')
  const readiness = await fetch(`${candor.url}/readyz`)
  expect(readiness.status).toBe(503)
  expect(await readiness.json()).toMatchObject({ failing: ['process'] })
  expect(await candor.ended).toBe(0)
  for (const { done } of clients) expect(await done).toEqual({ cut: [], answered: expect.any(Number) as number })
})

/** Asks one thing after the other on kept connections, until nobody listens any more. */
function client(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const { promise: warm, resolve: isWarm } = Promise.withResolvers<void>()
  const ask = async () => {
    const cut: string[] = []
    for (let answered = 0; ; answered += 1) {
      try {
        const response = await answerOf(agent, `${url}/healthz`)
        if (response.statusCode !== 200) cut.push(String(response.statusCode))
        if (answered === 20) isWarm()
      } catch (error) {
        // A new connection that is turned away was never ours: a client can ask elsewhere, and a proxy does. (That there
        // is none of these either takes a listening socket that outlives the process.) A kept one must not be cut.
        if (error instanceof Cut && error.connection === 'kept') cut.push(error.message)
        return { cut, answered }
      }
    }
  }
  return { warm, done: ask() }
}

class Cut extends Error {
  readonly connection: 'kept' | 'new'

  constructor(cause: unknown, connection: 'kept' | 'new') {
    super(String(cause), { cause })
    this.connection = connection
  }
}

function answerOf(agent: Agent, url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume()
      response.once('end', () => resolve(response))
      response.once('error', (cause) => reject(new Cut(cause, 'kept')))
    })
    request.once('error', (cause) => reject(new Cut(cause, request.reusedSocket ? 'kept' : 'new')))
  })
}
