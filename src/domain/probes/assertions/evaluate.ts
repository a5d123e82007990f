import { isDeepStrictEqual } from 'node:util'
import { type Instant, millisecondsOf } from '../../../lib/clock.ts'
import { type Pattern, readPattern } from '../../../lib/patterns.ts'
import type { Certificate, Observation, Reason } from '../finding.ts'
import { parseJsonPath, valueAt } from '../json-path.ts'
import { isIn, parseCodes } from './codes.ts'
import { type Assertion, type Claim, type JsonValue, type Source, bare } from './assertion.ts'
import { patternOf } from './text.ts'

/** An error is a question that could not be answered, and a failed check: what is not there is never 0. */
export type Result = 'pass' | 'fail' | 'error'

export interface Evaluation {
  readonly result: Result
  /** Why it did not pass. */
  readonly reason: Reason | null
  /** What was there instead, cut short, for operators who test; null where there was nothing. */
  readonly observed: string | null
}

/** Holds an answer against one assertion. */
export function evaluate(assertion: Assertion, answer: Observation, now: Instant): Evaluation {
  if (!('anyOf' in assertion)) return evaluateClaim(assertion, answer, now)
  const each = assertion.anyOf.map((claim) => evaluateClaim(claim, answer, now))
  const passed = each.find(({ result }) => result === 'pass')
  if (passed) return passed
  const worst = each.find(({ result }) => result === 'error') ?? each[0]
  return {
    ...(worst as Evaluation),
    observed: [...new Set(each.map(({ observed }) => observed ?? 'nothing'))].join('; '),
  }
}

/** What is known of the source: nothing, or a value; `cut` where more of it may follow. */
interface Found {
  readonly value: unknown
  readonly cut?: 'yes' | 'no'
}

const missing: Evaluation = { result: 'error', reason: 'assertion_error', observed: null }

function evaluateClaim(claim: Claim, answer: Observation, now: Instant): Evaluation {
  const found = lookUp(claim, answer, now)
  if (found === 'unreadable') return missing
  if (claim.op === 'exists' || claim.op === 'not exists') {
    if (found?.cut === 'yes') return { result: 'error', reason: 'too_large', observed: null }
    const holds = (found !== null) === (claim.op === 'exists')
    return verdict(claim, holds ? 'pass' : 'fail', found)
  }
  return found === null ? missing : verdict(claim, compare(claim, found), found)
}

function verdict({ source }: Claim, result: Result | 'too_large', found: Found | null): Evaluation {
  const observed = found === null ? null : inWords(source, found.value)
  if (result === 'pass') return { result, reason: null, observed }
  if (result === 'fail') return { result, reason: reasons[source], observed }
  return { result: 'error', reason: result === 'error' ? 'assertion_error' : 'too_large', observed }
}

const reasons: Readonly<Record<Source, Reason>> = {
  status: 'status',
  latency: 'latency',
  'latency.dns': 'latency',
  'latency.connect': 'latency',
  'latency.tls': 'latency',
  'latency.firstbyte': 'latency',
  'latency.body': 'latency',
  header: 'header',
  body: 'body',
  json: 'json',
  'certificate.days': 'certificate',
  records: 'records',
  rtt: 'latency',
  loss: 'loss',
}

function lookUp({ source, path }: Claim, answer: Observation, now: Instant): Found | null | 'unreadable' {
  switch (source) {
    case 'status':
      return known(answer.code)
    case 'latency':
      return known(answer.ms)
    case 'latency.dns':
      return known(answer.phases?.dns)
    case 'latency.connect':
      return known(answer.phases?.connect)
    case 'latency.tls':
      return known(answer.phases?.tls)
    case 'latency.firstbyte':
      return known(answer.phases?.firstByte)
    case 'latency.body':
      return known(answer.phases?.body)
    case 'header':
      return known(Object.hasOwn(answer.headers ?? {}, path ?? '') ? answer.headers?.[path ?? ''] : null)
    case 'body':
      return answer.body ? { value: textOf(answer), cut: answer.cut ?? 'no' } : null
    case 'json':
      return inJson(path ?? '', answer)
    case 'certificate.days':
      return known(answer.certificate && daysLeft(answer.certificate, now))
    case 'records':
      return known(answer.records)
    case 'rtt':
      return known(answer.rtt)
    case 'loss':
      return known(answer.loss)
  }
}

function known(value: unknown): Found | null {
  return value === null || value === undefined ? null : { value }
}

/** Null where it does not say until when. */
function daysLeft({ validUntil }: Certificate, now: Instant): number | null {
  const until = Date.parse(validUntil)
  return Number.isNaN(until) ? null : (until - millisecondsOf(now)) / 86_400_000
}

/** A body is read as text, and as JSON, once for all that is asserted of it. */
const texts = new WeakMap<Observation, string>()
const documents = new WeakMap<Observation, [] | [unknown]>()

function textOf(answer: Observation): string {
  const text = texts.get(answer) ?? answer.body?.toString('utf8') ?? ''
  texts.set(answer, text)
  return text
}

function inJson(path: string, answer: Observation): Found | null | 'unreadable' {
  if (answer.cut === 'yes') return { value: undefined, cut: 'yes' }
  const document = documents.get(answer) ?? parsed(textOf(answer))
  documents.set(answer, document)
  const steps = parseJsonPath(path)
  if (document.length === 0 || steps === null) return 'unreadable'
  const [value] = valueAt(document[0], steps)
  return value === undefined ? null : { value }
}

function parsed(text: string): [] | [unknown] {
  try {
    return [JSON.parse(text) as unknown]
  } catch {
    // Not JSON is an answer here, and what is asked of it cannot be answered.
    return []
  }
}

/** `too_large`: what was not read may decide it. */
function compare({ source, op, value: wanted }: Claim, { value, cut }: Found): Result | 'too_large' {
  if (source === 'json' && cut === 'yes') return 'too_large'
  switch (op) {
    case 'in':
      return told(isIn(Number(value), parseCodes(bare(wanted)) ?? []))
    case 'not in':
      return told(!isIn(Number(value), parseCodes(bare(wanted)) ?? []))
    // What is longer than anybody reads is not what anybody wrote.
    case '==':
      return told(cut !== 'yes' && isEqual(value, wanted))
    case '!=':
      return told(cut === 'yes' || !isEqual(value, wanted))
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compareNumbers(op, value, source === 'loss' ? Number(wanted) / 100 : wanted)
    case 'contains':
      return contained(value, wanted, cut)
    case 'not contains':
      return opposite(contained(value, wanted, cut))
    case 'matches':
      return matched(value, bare(wanted), cut)
    case 'not matches':
      return opposite(matched(value, bare(wanted), cut))
    case 'exists':
    case 'not exists':
      return 'pass'
  }
}

/** Numbers as floats, so that 0 and -0 are the same; objects whatever the order of their keys. */
function isEqual(value: unknown, wanted: JsonValue): boolean {
  return value === wanted || isDeepStrictEqual(value, wanted)
}

function told(holds: boolean): 'pass' | 'fail' {
  return holds ? 'pass' : 'fail'
}

function opposite<Other extends string>(result: 'pass' | 'fail' | Other): 'pass' | 'fail' | Other {
  return result === 'pass' ? 'fail' : result === 'fail' ? 'pass' : result
}

/** Only numbers have an order: a text that looks like one is an error, not a guess. */
function compareNumbers(op: '<' | '<=' | '>' | '>=', value: unknown, limit: unknown): Result {
  if (typeof value !== 'number' || typeof limit !== 'number') return 'error'
  const holds = { '<': value < limit, '<=': value <= limit, '>': value > limit, '>=': value >= limit }
  return told(holds[op])
}

/** A text holds a piece of text; a list holds an entry, whole: 10.0.0.1 is not in a list that has 10.0.0.10. */
function contained(value: unknown, wanted: JsonValue, cut: Found['cut']): Result | 'too_large' {
  if (Array.isArray(value)) return told(value.some((entry) => isEqual(entry, wanted)))
  if (typeof value !== 'string' || typeof wanted !== 'string') return 'error'
  return value.includes(wanted) ? 'pass' : cut === 'yes' ? 'too_large' : 'fail'
}

function matched(value: unknown, wanted: string, cut: Found['cut']): Result | 'too_large' {
  const { source, flags } = patternOf(wanted)
  const pattern = readPattern(source, flags)
  if ('fault' in pattern) return 'error'
  if (Array.isArray(value)) return anyEntry(value, pattern)
  if (typeof value !== 'string') return 'error'
  // Where the text ends here, `$` and `\b` would take the cut for its end.
  if (cut === 'yes' && /\$|\\[bBz]/.test(source)) return 'too_large'
  const found = pattern.findIn(value)
  if (found === 'no' && cut === 'yes') return 'too_large'
  return found === 'too_long' ? 'too_large' : told(found === 'yes')
}

function anyEntry(values: readonly unknown[], pattern: Pattern): Result {
  return told(values.some((entry) => typeof entry === 'string' && pattern.findIn(entry) === 'yes'))
}

const mostObserved = 200

function inWords(source: Source, value: unknown): string {
  const text = said(source, value)
  return text.length > mostObserved ? `${text.slice(0, mostObserved).toWellFormed()}…` : text
}

function said(source: Source, value: unknown): string {
  if (typeof value === 'number') {
    if (source === 'loss') return `${Math.round(value * 1000) / 10}%`
    if (source === 'certificate.days') return `${Math.round(value * 10) / 10} days`
    return source.startsWith('latency') || source === 'rtt' ? `${value}ms` : String(value)
  }
  if (source === 'body') return `“${(value as string).slice(0, mostObserved).trim().replace(/\s+/g, ' ')}”`
  if (value === undefined) return 'more than is read'
  return JSON.stringify(value)
}
