import { once } from 'node:events'
import { type IncomingHttpHeaders, type RequestListener, createServer } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, onTestFinished } from 'vitest'
import { parseNetwork } from '../../../src/lib/guard.ts'
import { resolver } from '../../../src/lib/resolver.ts'
import type { SendingParts } from '../../../src/outbound/notify/channel.ts'
import type { Means } from '../../../src/outbound/notify/means.ts'
import { type Identity, authority } from '../../lib/authority.ts'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** What it answers from now on. */
  answers(status: number, more?: { readonly headers?: Record<string, string>; readonly body?: string }): void
}

/** A real server on loopback that takes whatever comes. */
export async function receiver(
  scheme: 'http' | 'https' = 'http',
  { hangsUntil }: { hangsUntil?: string } = {},
): Promise<Receiver> {
  const received: Received[] = []
  /** Nobody is answered before somebody asks for this path. */
  const begun = Promise.withResolvers<void>()
  if (hangsUntil === undefined) begun.resolve()
  let next: Parameters<Receiver['answers']> = [200]
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) })
      if (request.url === hangsUntil) begun.resolve()
      void begun.promise.then(() => {
        const [status, { headers = {}, body = '' } = {}] = next
        response.writeHead(status, headers).end(body)
      })
    })
  }
  const server = scheme === 'http' ? createServer(listener) : createSecure(identity(), listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, received, answers: (...what) => (next = what) }
}

let known: Identity | null = null
const usual = getCACertificates('default')

/** Trusted by this process, until the tests of the file are over. */
function identity(): Identity {
  if (known === null) {
    const made = authority()
    setDefaultCACertificates([...usual, made.cert])
    known = made.issue({ names: ['127.0.0.1'] })
  }
  return known
}

afterAll(() => {
  setDefaultCACertificates(usual)
  known = null
})

/** With what a channel sends in a test: loopback may be reached, and nothing is looked up. */
export function sendingParts(means: Partial<Means>, { allow = ['127.0.0.1'] } = {}): SendingParts {
  const push = { publicKey: '', privateKey: '', subject: null }
  return {
    egress: {
      resolver: resolver({ servers: ['127.0.0.1:9'], hostsFile: '/dev/null' }),
      allow: allow.map((text) => parseNetwork(text)!),
    },
    means: { mail: null, sms: null, telegram: null, push, ...means },
    signal: new AbortController().signal,
  }
}
