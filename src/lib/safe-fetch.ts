import type { Buffer } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { type Certificate, NetworkError, type NetworkFault, startTls } from './connection.ts'
import { type Egress, dial, stopwatch } from './egress.ts'
import { exchange } from './exchange.ts'
import { hostOf, portOf, readTarget } from './guard.ts'

export interface SafeRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  /** From the first look-up to the last byte, redirects included. */
  readonly timeoutMs: number
  readonly followRedirects: 'yes' | 'no'
  readonly verifyTls: 'yes' | 'no'
  readonly lookUp: 'fresh' | 'cached'
  /** Aborted when the one who asks is stopped. */
  readonly signal?: AbortSignal
}

/** Milliseconds of each phase of the last hop. */
export interface Phases {
  readonly dns: number
  readonly connect: number
  readonly tls: number | null
  readonly firstByte: number
  readonly body: number
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** At most a mebibyte, unpacked. */
  readonly body: Buffer
  /** Whether there was more. */
  readonly cut: 'yes' | 'no'
  readonly url: URL
  readonly redirects: number
  readonly ms: number
  readonly phases: Phases
  readonly certificate: Certificate | null
}

/** Why there is no answer: the guard forbade it, the name or the network failed, or redirects led nowhere. */
export type FetchFault = NetworkFault | 'redirects'

export interface NoAnswer {
  readonly fault: FetchFault
  readonly ms: number
  readonly certificate: Certificate | null
}

const mostRedirects = 5
/** What may follow a redirect to another origin; everything else could be a secret meant for the first. */
const harmless = new Set(['accept', 'accept-language', 'user-agent'])

/**
 * Asks over HTTP through the guard: the name is looked up once, each of its addresses is judged, and the connection goes
 * to a judged address, on every hop. Bounded in time, in bytes and in redirects. No proxy of the environment is used.
 */
export async function safeFetch(egress: Egress, request: SafeRequest): Promise<Answer | NoAnswer> {
  const begun = performance.now()
  const deadline = AbortSignal.timeout(request.timeoutMs)
  const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline
  const none = (fault: FetchFault, certificate: Certificate | null = null): NoAnswer => ({
    fault,
    ms: Math.round(performance.now() - begun),
    certificate,
  })

  let { method, headers, body } = request
  let target = readTarget(request.url)
  for (let redirects = 0; ; redirects += 1) {
    if (!('url' in target)) return none('blocked')
    const { url } = target
    const hop = await oneHop(egress, { ...request, method, headers, body, url, signal })
    if ('fault' in hop) return none(hop.fault, hop.certificate)
    const location = hop.status >= 300 && hop.status < 400 && hop.status !== 304 ? hop.headers.location : undefined
    if (request.followRedirects === 'no' || location === undefined) {
      return { ...hop, url, redirects, ms: Math.round(performance.now() - begun) }
    }
    if (redirects === mostRedirects) return none('redirects')
    target = readTarget(location, url)
    if (hop.status === 303 || (hop.status < 303 && method === 'POST')) {
      if (method !== 'HEAD') method = 'GET'
      body = null
      headers = without(headers, (name) => name.startsWith('content-'))
    }
    if ('url' in target && target.url.origin !== url.origin) {
      // A body meant for one is not handed on to another.
      if (body !== null) return none('redirects')
      headers = without(headers, (name) => !harmless.has(name))
    }
  }
}

interface Hop extends Omit<SafeRequest, 'url'> {
  readonly url: URL
  readonly signal: AbortSignal
}

type HopAnswer = Omit<Answer, 'url' | 'redirects' | 'ms'>
type HopFault = Pick<NoAnswer, 'fault' | 'certificate'>

async function oneHop(egress: Egress, hop: Hop): Promise<HopAnswer | HopFault> {
  const { url, signal } = hop
  const host = hostOf(url)
  let socket: Socket | null = null
  let certificate: Certificate | null = null
  const lap = stopwatch()
  try {
    const dialled = await dial(egress, { host, port: portOf(url), family: 'any', lookUp: hop.lookUp, signal })
    socket = dialled.socket
    const { dns, connect } = dialled
    lap()
    let tls: number | null = null
    if (url.protocol === 'https:') {
      const secured = await startTls(socket, { host, verify: hop.verifyTls, signal })
      socket = secured.socket
      certificate = secured.certificate
      tls = lap()
    }
    const { firstByteAt, ...answer } = await exchange(socket, hop)
    const phases = { dns, connect, tls, firstByte: lap(firstByteAt), body: lap() }
    return { ...answer, phases, certificate }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    return { fault: error.fault, certificate: error.certificate ?? certificate }
  } finally {
    socket?.destroy()
  }
}

function without(headers: Readonly<Record<string, string>>, drop: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name.toLowerCase())))
}
