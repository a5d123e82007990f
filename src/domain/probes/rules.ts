import { check } from '../../lib/check.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import { type TargetFault, readTarget } from '../../lib/guard.ts'
import { type NewProbe, type ProbeChanges, type ProbeQuestion, newProbe, probeChanges, probeQuestion } from './input.ts'
import { parseJsonPath } from './json-path.ts'
import type { HttpSpec, Probe } from './probe.ts'
import { parseStatusSet } from './status-set.ts'

/** A probe as somebody wishes it. */
export type Wish = Pick<
  Probe,
  | 'name'
  | 'kind'
  | 'spec'
  | 'intervalSeconds'
  | 'timeoutMs'
  | 'failuresNeeded'
  | 'successesNeeded'
  | 'downStatus'
  | 'policy'
  | 'publishAfterSeconds'
>

/** Reads a form for a new probe, with what is usual for what it leaves out. */
export function readNewProbe(input: Unchecked<NewProbe>): Wish & Pick<Probe, 'componentId'> {
  const given = check(newProbe, input)
  return { ...wishOf(given), componentId: given.componentId }
}

/** Reads the form of a probe that is there. */
export function readProbeChanges(input: Unchecked<ProbeChanges>): Wish {
  return wishOf(check(probeChanges, input))
}

/** Reads what to ask, for a check that is made once. */
export function readQuestion(input: Unchecked<ProbeQuestion>): Pick<Probe, 'kind' | 'spec' | 'timeoutMs'> {
  const given = check(probeQuestion, input)
  return { kind: 'http', spec: specOf(given), timeoutMs: given.timeoutMs ?? usual.timeoutMs }
}

export const usual = {
  timeoutMs: 10_000,
  intervalSeconds: 60,
  publishAfterSeconds: 300,
  expectedStatus: '200-299',
} as const

function wishOf(given: ProbeChanges): Wish {
  const spec = specOf(given)
  const intervalSeconds = given.intervalSeconds ?? usual.intervalSeconds
  const timeoutMs = given.timeoutMs ?? Math.min(usual.timeoutMs, intervalSeconds * 500)
  if (timeoutMs >= intervalSeconds * 1000) {
    throw new Invalid(
      `The time limit (${timeoutMs / 1000} s) must be shorter than the interval (${intervalSeconds} s), or checks would overlap.`,
      'timeoutMs',
    )
  }
  if (spec.latencyLimitMs !== null && spec.latencyLimitMs >= timeoutMs) {
    throw new Invalid(
      'The latency limit must be shorter than the time limit, or nothing could ever be slow.',
      'latencyLimitMs',
    )
  }
  return {
    name: given.name ?? hostOfUrl(spec.url),
    kind: 'http',
    spec,
    intervalSeconds,
    timeoutMs,
    failuresNeeded: given.failuresNeeded ?? 3,
    successesNeeded: given.successesNeeded ?? 3,
    downStatus: given.downStatus ?? 'major_outage',
    policy: given.policy ?? 'draft-then-publish',
    publishAfterSeconds: given.publishAfterSeconds ?? usual.publishAfterSeconds,
  }
}

function hostOfUrl(url: string): string {
  return (URL.parse(url)?.host ?? url).slice(0, 100)
}

function specOf(given: ProbeQuestion): HttpSpec {
  const method = given.method ?? 'GET'
  const body = given.body ?? null
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    throw new Invalid(`A ${method} request has no body: choose POST, or leave the body empty.`, 'body')
  }
  return {
    url: urlOf(given.url),
    method,
    headers: headersOf(given.headers ?? []),
    body,
    expectedStatus: expectedStatusOf(given.expectedStatus ?? usual.expectedStatus),
    ...assertionsOf(given, method),
    latencyLimitMs: given.latencyLimitMs ?? null,
    followRedirects: given.followRedirects ?? 'yes',
    verifyTls: given.verifyTls ?? 'yes',
  }
}

const faults: Readonly<Record<TargetFault, string>> = {
  url: 'must be an address such as https://example.com/health',
  scheme: 'must begin with https:// or http://',
  userinfo: 'must not hold a user or password: send an Authorization header instead',
  port: 'names a port that belongs to another protocol than HTTP',
}

function urlOf(text: string): string {
  const target = readTarget(text)
  if ('fault' in target) throw new Invalid(`The url ${faults[target.fault]}.`, 'url')
  target.url.hash = ''
  return target.url.href
}

/** Those that say where a message ends or whom it is for: ours to write. */
const ownHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'keep-alive',
  'expect',
  'proxy-connection',
  'proxy-authorization',
])

function headersOf(list: readonly { readonly name: string; readonly value: string }[]): Record<string, string> {
  const headers = new Map<string, string>()
  list.forEach(({ name, value }, index) => {
    const key = name.toLowerCase()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key)) {
      throw new Invalid('A header name is made of letters, digits and hyphens.', `headers[${index}].name`)
    }
    if (ownHeaders.has(key))
      throw new Invalid(`The header ${key} is written by Candor itself.`, `headers[${index}].name`)
    if (headers.has(key)) throw new Invalid(`The header ${key} is given twice.`, `headers[${index}].name`)
    // Printable Latin-1 is all that a header can carry.
    if (!/^[\x20-\x7e\xa0-\xff]*$/.test(value)) {
      throw new Invalid('A header value is made of printable Latin characters.', `headers[${index}].value`)
    }
    headers.set(key, value)
  })
  return Object.fromEntries(headers)
}

function expectedStatusOf(text: string): string {
  if (parseStatusSet(text) === null) {
    throw new Invalid(
      'The expected status must be codes and ranges from 100 to 599, such as 200-299,401.',
      'expectedStatus',
    )
  }
  return text.replace(/\s/g, '')
}

function assertionsOf(
  given: ProbeQuestion,
  method: HttpSpec['method'],
): Pick<HttpSpec, 'contains' | 'containsNot' | 'jsonPath' | 'jsonEquals'> {
  const { contains = null, containsNot = null, jsonPath = null, jsonEquals = null } = given
  const assertions = { contains, containsNot, jsonPath, jsonEquals }
  const first = Object.entries(assertions).find(([, value]) => value !== null)?.[0]
  if (method === 'HEAD' && first !== undefined) {
    throw new Invalid('A HEAD request is answered without a body, so nothing can be expected of it: choose GET.', first)
  }
  if (contains !== null && contains === containsNot) {
    throw new Invalid('The same text cannot be both expected and forbidden.', 'containsNot')
  }
  if (jsonPath !== null && parseJsonPath(jsonPath) === null) {
    throw new Invalid(
      "The json path must be made of names and positions, such as $.checks[0].status or $['a b'].",
      'jsonPath',
    )
  }
  if (jsonEquals !== null && jsonPath === null)
    throw new Invalid('Say where in the JSON this value is expected.', 'jsonPath')
  return assertions
}
