import type { Buffer } from 'node:buffer'

/** What one check found. `inconclusive` is our own fault and counts neither for nor against. */
export type Outcome = 'pass' | 'slow' | 'fail' | 'inconclusive'

/** Why, in words that catalogues know; never text of the other side. */
export const reasons = [
  'timeout',
  'dns',
  'refused',
  'reset',
  'unreachable',
  'tls',
  'status',
  'body',
  'json',
  'latency',
  'redirects',
  'too_large',
  'protocol',
  'blocked',
  'resolver',
  'stopped',
  'prober',
  /** Our own line was cut: nobody could be reached. */
  'offline',
  /** A secret of the probe was sealed with another key than ours. */
  'sealed',
  /** The proxy on the way out. */
  'proxy',
  /** Where the other side gives tokens to those who sign in. */
  'token',
  'not_serving',
  'unknown_service',
  'expiring',
  'expired',
  'unregistered',
  'held',
  'unlocked',
  'registry',
  'no_registry',
  'upstream',
  'upstream_slow',
  'upstream_page',
  'upstream_part',
  'step',
  'browser',
  'header',
  'records',
  'certificate',
  'loss',
  'assertion_error',
  // Of what calls us.
  'missed',
  'unfinished',
  'reported',
  // Of kinds that speak over a socket.
  'unexpected',
  'rcode',
  'lame',
  'ping',
  'auth',
  'auth_missing',
  'loading',
  'query',
  'no_tls',
] as const
export type Reason = (typeof reasons)[number]

/** Milliseconds of each phase of the last hop; `tls` is null where nothing was encrypted. */
export interface Phases {
  readonly dns: number
  readonly connect: number
  readonly tls: number | null
  readonly firstByte: number
  readonly body: number
}

export interface Certificate {
  readonly subject: string
  readonly issuer: string
  readonly validUntil: string
  /** Why it is not trusted; null: it is. */
  readonly fault: string | null
}

/** How a check went on its way, as far as its kind knows: where the time went, and whom it met. */
export interface Trace {
  readonly phases: Phases | null
  readonly certificate: Certificate | null
}

/** What a kind brings back: what the other side answered, to be judged, or why there is nothing to judge. */
export type Finding = Observation | Failure

/** An answer, as far as its kind has one. It lives for one check and is never kept: only the judgement of it is. */
export interface Observation extends Trace {
  /** From start to the last byte. */
  readonly ms: number
  /** A status of HTTP or gRPC, an rcode of DNS, the line of a visit that did not succeed. */
  readonly code: number | null
  readonly redirects: number
  /** By names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** Whether there was more of the body than was read. */
  readonly cut?: 'yes' | 'no'
  /** What DNS answered, a record a line. */
  readonly records?: readonly string[]
  /** Milliseconds there and back, and the share of packets that were lost, from 0 to 1. */
  readonly rtt?: number
  readonly loss?: number
  /** What the kind itself holds against the answer (`serving: no`); null or left out: nothing. */
  readonly complaint?: Reason | null
  /** What operators should know although all is well: it is said beside a pass, and changes nothing. */
  readonly notice?: Reason | null
}

export interface Failure {
  readonly fault: Reason
  readonly ms: number
  readonly certificate: Certificate | null
}

/** What is kept of a check, or shown by "Test now". */
export interface CheckDetail extends Trace {
  readonly outcome: Outcome
  readonly reason: Reason | null
  /** Milliseconds from start to the last byte; null where nothing was measured. */
  readonly ms: number | null
  readonly code: number | null
  readonly redirects: number
  /** For "Test now" alone, cut short: what was asserted, and what stood there. It holds the other side's text. */
  readonly observed?: readonly Observed[]
}

export interface Observed {
  /** The assertion, as its line says it. */
  readonly text: string
  readonly result: 'pass' | 'fail' | 'error'
  /** Null: there was nothing. */
  readonly observed: string | null
}

/** What is our own fault, or our own decision: it says nothing of the other side. */
const ours: ReadonlySet<Reason> = new Set<Reason>([
  'blocked',
  'resolver',
  'stopped',
  'prober',
  'offline',
  'sealed',
  'proxy',
  'registry',
  'no_registry',
  'upstream_page',
  'upstream_part',
  'browser',
  'ping',
])

export function isOurs(reason: Reason): boolean {
  return ours.has(reason)
}

/** What is trouble, but not an outage. */
const mild: ReadonlySet<Reason> = new Set<Reason>(['latency', 'upstream_slow'])

export function isMild(reason: Reason): boolean {
  return mild.has(reason)
}
