import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Body } from './bounded-body.ts'
import { type Certificate, type Identity, NetworkError, type NetworkFault, startTls } from './connection.ts'
import { type Egress, type Family, dial, stopwatch } from './egress.ts'
import { type Message, exchange } from './exchange.ts'
import { hostOf, portOf } from './guard.ts'
import { type Proxy, dialThrough } from './tunnel.ts'

/** One request to one address, without what a redirect would add. */
export interface Hop extends Message {
  readonly verifyTls: 'yes' | 'no'
  readonly lookUp: 'fresh' | 'cached'
  readonly version?: 'auto' | '1.1' | '2'
  readonly family?: Family
  readonly trusting?: string | null
  readonly identity?: Identity | null
  readonly proxy?: Proxy | null
}

/** Milliseconds of each phase of the last hop; through a proxy, `connect` is until it has connected us. */
export interface Phases {
  readonly dns: number
  readonly connect: number
  readonly tls: number | null
  readonly firstByte: number
  readonly body: number
}

export interface HopAnswer extends Body {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly phases: Phases
  readonly certificate: Certificate | null
}

export interface HopFault {
  readonly fault: NetworkFault
  readonly certificate: Certificate | null
}

/** What is offered inside TLS. */
const offered = { auto: ['h2', 'http/1.1'], '1.1': ['http/1.1'], '2': ['h2'] } as const

export async function oneHop(egress: Egress, hop: Hop): Promise<HopAnswer | HopFault> {
  const { url, signal, lookUp, version = '1.1', family = 'any', proxy = null } = hop
  const to = { host: hostOf(url), port: portOf(url), family, lookUp, signal }
  let socket: Socket | null = null
  let certificate: Certificate | null = null
  try {
    const dialled = await (proxy === null ? dial(egress, to) : dialThrough(egress, { ...to, proxy }))
    socket = dialled.socket
    const { dns, connect } = dialled
    const lap = stopwatch()
    let tls: number | null = null
    let speak = (): ReturnType<typeof exchange> => exchange(dialled.socket, hop)
    if (url.protocol === 'https:') {
      const secured = await startTls(socket, {
        host: to.host,
        verify: hop.verifyTls,
        signal,
        alpn: offered[version],
        identity: hop.identity ?? null,
        trusting: hop.trusting ?? null,
      })
      socket = secured.socket
      certificate = secured.certificate
      tls = lap()
      speak = () => speakAgreed(secured.socket, hop)
    }
    const { firstByteAt, ...answer } = await speak()
    const phases = { dns, connect, tls, firstByte: lap(firstByteAt), body: lap() }
    return { ...answer, phases, certificate }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    return { fault: error.fault, certificate: error.certificate ?? certificate }
  } finally {
    socket?.destroy()
  }
}

/** What both sides agreed to speak while they agreed on TLS. */
async function speakAgreed(socket: TLSSocket, hop: Hop): ReturnType<typeof exchange> {
  // Loaded by the first who speaks it: most sites never do.
  if (socket.alpnProtocol === 'h2') return (await import('./exchange-http2.ts')).exchangeHttp2(socket, hop)
  if (hop.version === '2') throw new NetworkError('protocol', new Error('The other side does not speak HTTP/2.'))
  return exchange(socket, hop)
}
