import type { Certificate, Identity } from './connection.ts'
import type { Egress, Family } from './egress.ts'
import { type HopAnswer, type HopFault, oneHop } from './hop.ts'
import { hostOf, readTarget } from './guard.ts'
import type { Proxy } from './tunnel.ts'

export interface SafeRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  /** From the first look-up to the last byte, redirects included. */
  readonly timeoutMs: number
  /** `yes`: at most five, wherever they lead, but not from https to http. */
  readonly followRedirects: 'yes' | 'no' | RedirectRules
  readonly verifyTls: 'yes' | 'no'
  readonly lookUp: 'fresh' | 'cached'
  /** Aborted when the one who asks is stopped. */
  readonly signal?: AbortSignal
  /** Bytes of the answer that are read; left out: a mebibyte. */
  readonly most?: number
  /** `auto`: 2 where the other side speaks it over TLS. Left out: 1.1. */
  readonly version?: 'auto' | '1.1' | '2'
  readonly family?: Family
  /** Authorities that are trusted beside the usual ones, as PEM. */
  readonly trusting?: string | null
  /** Who we are to the first origin, and to no other. */
  readonly identity?: Identity | null
  readonly proxy?: Proxy | null
}

/** Where redirects may lead. Of secrets none goes along, wherever it is. */
export interface RedirectRules {
  /** `site`: the same host, or one below or above it. */
  readonly to: 'none' | 'origin' | 'site' | 'any'
  readonly most: number
  /** Whether one may lead from https to http. */
  readonly downgrade: 'no' | 'yes'
}

export interface Answer extends HopAnswer {
  readonly url: URL
  readonly redirects: number
  readonly ms: number
}

/** Why there is no answer: the guard forbade it, the name or the network failed, or redirects led nowhere. */
export type FetchFault = HopFault['fault'] | 'redirects'

export interface NoAnswer {
  readonly fault: FetchFault
  readonly ms: number
  readonly certificate: Certificate | null
}

const usualRedirects: Readonly<Record<'yes' | 'no', RedirectRules>> = {
  yes: { to: 'any', most: 5, downgrade: 'no' },
  no: { to: 'none', most: 0, downgrade: 'no' },
}
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

  const { followRedirects: follow } = request
  const rules = typeof follow === 'string' ? usualRedirects[follow] : follow
  let { method, headers, body, identity = null } = request
  let target = readTarget(request.url)
  for (let redirects = 0; ; redirects += 1) {
    if (!('url' in target)) return none('blocked')
    const { url } = target
    const hop = await oneHop(egress, { ...request, method, headers, body, identity, url, signal })
    if ('fault' in hop) return none(hop.fault, hop.certificate)
    const location = hop.status >= 300 && hop.status < 400 && hop.status !== 304 ? hop.headers.location : undefined
    if (rules.to === 'none' || location === undefined) {
      return { ...hop, url, redirects, ms: Math.round(performance.now() - begun) }
    }
    if (redirects === rules.most) return none('redirects')
    target = readTarget(location, url)
    if ('url' in target && !mayFollow(rules, url, target.url)) return none('redirects')
    if (hop.status === 303 || (hop.status < 303 && method === 'POST')) {
      if (method !== 'HEAD') method = 'GET'
      body = null
      headers = without(headers, (name) => name.startsWith('content-'))
    }
    if ('url' in target && target.url.origin !== url.origin) {
      // A body meant for one is not handed on to another.
      if (body !== null) return none('redirects')
      headers = without(headers, (name) => !harmless.has(name))
      identity = null
    }
  }
}

function mayFollow({ to, downgrade }: RedirectRules, from: URL, next: URL): boolean {
  if (downgrade === 'no' && from.protocol === 'https:' && next.protocol === 'http:') return false
  if (to === 'origin') return from.origin === next.origin
  return to !== 'site' || isSameSite(hostOf(from), hostOf(next))
}

/** `shop.test` and `www.shop.test`. Without the list of public suffixes nothing more can be said of two names. */
function isSameSite(a: string, b: string): boolean {
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`)
}

function without(headers: Readonly<Record<string, string>>, drop: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name.toLowerCase())))
}
