import { Agent, type IncomingMessage, get } from 'node:http'
import { onTestFinished } from 'vitest'

/** Asks one thing after the other on kept connections, until nobody listens any more. */
export function client(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const { promise: warm, resolve: isWarm } = Promise.withResolvers<void>()
  const ask = async () => {
    const cut: string[] = []
    for (let answered = 0; ; answered += 1) {
      try {
        const response = await answerOf(agent, url)
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
