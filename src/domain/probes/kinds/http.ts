import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, line, list, optional, prose } from '../../../lib/fields.ts'
import { type TargetFault, readTarget } from '../../../lib/guard.ts'
import type { Source } from '../assertions/assertion.ts'
import { kindRules } from './kind.ts'

/** What an HTTP probe asks. */
export interface HttpSpec {
  readonly url: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly followRedirects: 'yes' | 'no'
  readonly verifyTls: 'yes' | 'no'
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const answer = choice(['yes', 'no'])

const asks = {
  url: line(2000),
  method: optional(choice(methods)),
  headers: optional(list(fields({ name: line(100), value: line(4000) }), 20)),
  body: optional(prose(10_000)),
  followRedirects: optional(answer),
  verifyTls: optional(answer),
}

const whole = fields(asks)
type Given = Static<typeof whole>

export const http = kindRules({
  label: 'HTTP or HTTPS',
  purpose: 'Asks an address and looks at the answer.',
  asks,
  form: {
    url: { label: 'Address', as: 'url', placeholder: 'https://api.example.com/health' },
    method: { label: 'Method', usual: 'GET', place: 'more' },
    headers: { label: 'Headers, one a line', as: 'mono', placeholder: 'Accept: application/json', place: 'more' },
    body: { label: 'Body', as: 'mono', place: 'more' },
    followRedirects: {
      label: 'Redirects',
      usual: 'yes',
      choices: { yes: 'Follow them', no: 'Take them as the answer' },
      place: 'more',
    },
    verifyTls: {
      label: 'Certificate',
      usual: 'yes',
      choices: { yes: 'Must be valid', no: 'Not looked at' },
      place: 'more',
    },
  },
  read: specOf,
  sources: ({ method }) => (method === 'HEAD' ? ofHead : [...ofHead, 'body', 'json']),
  exampleAssertions: 'status in 200-299\nbody contains "ok"\njson($.checks[0].status) == "up"\nlatency < 800ms',
  usualAssertion: 'status in 200-299',
  nameOf: ({ url }) => hostOfUrl(url),
})

/** An answer to HEAD has no body. */
const ofHead: readonly Source[] = [
  'status',
  'latency',
  'latency.dns',
  'latency.connect',
  'latency.tls',
  'latency.firstbyte',
  'latency.body',
  'header',
  'certificate.days',
]

function hostOfUrl(url: string): string {
  return (URL.parse(url)?.host ?? url).slice(0, 100)
}

function specOf(given: Given): HttpSpec {
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
