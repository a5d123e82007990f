/** What of an answer an assertion can be about. */
export type Source =
  | 'status'
  | 'latency'
  | 'latency.dns'
  | 'latency.connect'
  | 'latency.tls'
  | 'latency.firstbyte'
  | 'latency.body'
  | 'header'
  | 'body'
  | 'json'
  | 'certificate.days'
  | 'records'
  | 'rtt'
  | 'loss'

export type Op =
  | 'in'
  | 'not in'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'contains'
  | 'not contains'
  | 'matches'
  | 'not matches'
  | 'exists'
  | 'not exists'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** One thing that an answer must be, as it is kept. A line of text says the same: see `parse.ts`. */
export interface Claim {
  readonly source: Source
  /** The name of a header in lower case, a path into JSON; null for the other sources. */
  readonly path: string | null
  readonly op: Op
  /** Milliseconds, days, per cent; codes as `200-299,401`; a pattern as `/…/i`; null where the op needs none. */
  readonly value: JsonValue
}

/** One of these is enough. */
export interface AnyOf {
  readonly anyOf: readonly Claim[]
}

/** What a line says. */
export type Assertion = Claim | AnyOf

/** Everything that an assertion says, whether it says one thing or several. */
export function claimsOf(assertion: Assertion): readonly Claim[] {
  return 'anyOf' in assertion ? assertion.anyOf : [assertion]
}

/** A value that stands in its line as it is: codes, a pattern, a number. */
export function bare(value: JsonValue): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** What a source is compared with. */
type Takes = 'codes' | 'ms' | 'days' | 'percent' | 'text' | 'json'

interface SourceRules {
  readonly takes: Takes
  readonly ops: readonly Op[]
}

const short: SourceRules = { takes: 'ms', ops: ['<', '<='] }
const textOps = ['contains', 'not contains', 'matches', 'not matches'] as const
const equality = ['==', '!='] as const
const presence = ['exists', 'not exists'] as const

/** What can be said of each source. */
export const rulesOfSources: Readonly<Record<Source, SourceRules>> = {
  status: { takes: 'codes', ops: ['in', 'not in'] },
  latency: short,
  'latency.dns': short,
  'latency.connect': short,
  'latency.tls': short,
  'latency.firstbyte': short,
  'latency.body': short,
  header: { takes: 'text', ops: [...textOps, ...equality, ...presence] },
  body: { takes: 'text', ops: [...textOps, ...equality] },
  json: { takes: 'json', ops: [...equality, '<', '<=', '>', '>=', ...textOps, ...presence] },
  'certificate.days': { takes: 'days', ops: ['>', '>='] },
  records: { takes: 'text', ops: [...textOps] },
  rtt: short,
  loss: { takes: 'percent', ops: ['<', '<='] },
}
