import { type IncomingMessage, request as send } from 'node:http'
import type { Socket } from 'node:net'
import { NetworkError, type NetworkFault, abortFault, faultOf } from './connection.ts'
import { type Dialled, type Egress, type Family, dial, stopwatch } from './egress.ts'
import { mostHeaderBytes } from './exchange.ts'
import { hostOf, isAddress, mayReach, portOf, readTarget } from './guard.ts'

/** A proxy that an operator named for a request; one of the environment is never used. */
export interface Proxy {
  readonly url: string
  readonly user: string | null
  readonly password: string | null
}

interface Through {
  readonly proxy: Proxy
  readonly host: string
  readonly port: number
  readonly family: Family
  readonly lookUp: 'fresh' | 'cached'
  readonly signal: AbortSignal
}

/** Names that lead to a machine itself, or to where clouds keep its keys, whoever is asked for them. */
const neverAsked = /(^|\.)(localhost|localdomain|metadata|metadata\.google\.internal|metadata\.goog|instance-data)$/

/**
 * A connection that a proxy makes for us. The guard judges the way to the proxy. Of what is behind it only the name is
 * known here: an address is judged as ever, a name by its ending, and what the name means is for the proxy to judge.
 */
export async function dialThrough(egress: Egress, { proxy, host, port, ...how }: Through): Promise<Dialled> {
  if (!mayAsk(egress, host)) throw new NetworkError('blocked', new Error('The guard forbids to ask a proxy for it.'))
  const target = readTarget(proxy.url)
  if ('fault' in target) throw new NetworkError('blocked', new Error(`The address of the proxy: ${target.fault}`))
  let dialled: Dialled
  try {
    dialled = await dial(egress, { host: hostOf(target.url), port: portOf(target.url), ...how })
  } catch (error) {
    throw ofProxy(error, how.signal)
  }
  const lap = stopwatch()
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const socket = await connected(dialled.socket, authority, proxy, how.signal)
  return { socket, dns: dialled.dns, connect: dialled.connect + lap() }
}

function mayAsk({ allow }: Egress, host: string): boolean {
  if (isAddress(host)) return mayReach(host, allow)
  return !neverAsked.test(host.toLowerCase())
}

/** The way out is ours: that it is closed says nothing of what is behind it. */
function ofProxy(error: unknown, signal: AbortSignal): NetworkError {
  if (!(error instanceof NetworkError)) throw error
  const isOurs = signal.aborted || error.fault === 'blocked' || error.fault === 'resolver' || error.fault === 'prober'
  return isOurs && error.fault !== 'timeout' ? error : new NetworkError('proxy', error)
}

function connected(socket: Socket, authority: string, proxy: Proxy, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (fault: NetworkFault, cause: unknown): void => {
      socket.destroy()
      reject(new NetworkError(fault, cause))
    }
    const request = send({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      setHost: false,
      maxHeaderSize: mostHeaderBytes,
      headers: { host: authority, 'user-agent': 'Candor (probe)', ...credentials(proxy) },
      signal,
    })
    // It took all the time to connect us: what is behind it may be what does not answer.
    request.on('error', (cause) => fail(signal.aborted ? abortFault(signal) : proxyFaultOf(cause), cause))
    request.on('response', (answer) => fail(faultOfStatus(answer), new Error('The proxy refused.')))
    request.on('connect', (answer, tunnel, head) => {
      if (answer.statusCode !== 200) return fail(faultOfStatus(answer), new Error('The proxy refused.'))
      if (head.length > 0) tunnel.unshift(head)
      resolve(tunnel as Socket)
    })
    request.end()
  })
}

function proxyFaultOf(cause: unknown): NetworkFault {
  return faultOf(cause) === 'prober' ? 'prober' : 'proxy'
}

/** It could not reach what is behind it (502 to 504), or it would not let us. */
function faultOfStatus({ statusCode = 0 }: IncomingMessage): NetworkFault {
  return statusCode >= 502 && statusCode <= 504 ? 'unreachable' : 'proxy'
}

function credentials({ user, password }: Proxy): Record<string, string> {
  if (user === null) return {}
  return { 'proxy-authorization': `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
}
