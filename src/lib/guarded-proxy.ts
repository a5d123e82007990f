import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex, Readable } from 'node:stream'
import { NetworkError, type NetworkFault } from './connection.ts'
import { type Egress, dial } from './egress.ts'
import { hostOf, portOf, readTarget } from './guard.ts'

export interface GuardedProxy {
  /** `http://127.0.0.1:…`; it asks who is there. */
  readonly url: string
  /** Why a host could not be reached when it was last tried; null: it could, or was not tried. */
  faultOf(host: string): NetworkFault | null
  close(): void
}

export interface ProxyWishes {
  readonly lookUp: 'fresh' | 'cached'
  /** What whoever uses it has to know: others on this machine must not get past the guard's list with it. */
  readonly password: string
  readonly signal: AbortSignal
}

export const proxyUser = 'candor'

const mostSockets = 200
const mostBytes = 64 * 1024 * 1024
const ofOneHop = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/

/**
 * A proxy on loopback for a program that dials by itself: whatever it wants to reach is looked up, judged and connected to
 * here, as for every probe. It ends with `close`, and everything that goes through it.
 */
export async function guardedProxy(egress: Egress, { lookUp, password, signal }: ProxyWishes): Promise<GuardedProxy> {
  const faults = new Map<string, NetworkFault>()
  const open = new Set<Duplex>()
  const expected = `Basic ${Buffer.from(`${proxyUser}:${password}`).toString('base64')}`
  const isKnown = ({ headers }: IncomingMessage): boolean => headers['proxy-authorization'] === expected
  let bytes = 0

  const hold = (socket: Duplex): void => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
  }

  /** Keeps what comes back within bounds; called when somebody reads it already. */
  const count = (from: Readable): void => {
    from.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostBytes) close()
    })
  }

  const reach = async (text: string): Promise<Duplex | null> => {
    const target = readTarget(text)
    if ('fault' in target) {
      const host = URL.parse(text)?.hostname
      if (host) faults.set(host, 'blocked')
      return null
    }
    const host = hostOf(target.url)
    try {
      if (open.size > mostSockets) throw new NetworkError('too_large', new Error('Too many connections.'))
      const { socket } = await dial(egress, { host, port: portOf(target.url), family: 'any', lookUp, signal })
      hold(socket)
      faults.delete(host)
      return socket
    } catch (error) {
      faults.set(host, error instanceof NetworkError ? error.fault : 'prober')
      return null
    }
  }

  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isKnown(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="Candor"' }).end()
      return
    }
    const url = URL.parse(request.url ?? '')
    const socket = url?.protocol === 'http:' ? await reach(url.href) : null
    if (!url || !socket) {
      response.writeHead(502).end()
      return
    }
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !ofOneHop.test(name)))
    const asked = send({
      createConnection: () => socket,
      method: request.method ?? 'GET',
      path: url.pathname + url.search,
      setHost: false,
      headers: { ...headers, host: url.host, connection: 'close' },
    })
    const breakOff = (): void => void response.destroy()
    response.on('error', breakOff)
    asked.on('error', breakOff)
    asked.on('upgrade', (_answer, socket) => {
      socket.destroy()
      breakOff()
    })
    asked.on('response', (answer) => {
      // Numbers that no answer has would be our own error, and end whoever else is at work.
      if ((answer.statusCode ?? 0) < 200) {
        asked.destroy()
        return breakOff()
      }
      const told = Object.entries(answer.headers).filter(([name]) => !ofOneHop.test(name))
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(told) as NodeJS.Dict<string | string[]>)
      answer.on('error', breakOff)
      answer.pipe(response)
      count(answer)
    })
    request.pipe(asked)
  }

  const tunnel = async (request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> => {
    client.on('error', () => undefined)
    if (!isKnown(request)) {
      client.end('HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm="Candor"\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const socket = await reach(`https://${request.url ?? ''}/`)
    if (!socket) {
      client.end('HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n')
      return
    }
    client.on('close', () => socket.destroy())
    socket.on('close', () => client.destroy())
    client.write('HTTP/1.1 200 Connected\r\n\r\n')
    socket.write(head)
    client.pipe(socket).pipe(client)
    count(socket)
  }

  const server = createServer((request, response) => void forward(request, response))
  server.on('connect', (request, client, head) => void tunnel(request, client, head))
  server.on('connection', hold)
  const close = (): void => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, faultOf: (host) => faults.get(host) ?? null, close }
}
