import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, line, list, optional, prose } from '../../../lib/fields.ts'
import { type TargetFault, readTarget } from '../../../lib/guard.ts'
import { parseJsonPath } from '../json-path.ts'
import { parseStatusSet } from '../status-set.ts'
import { kindRules } from './kind.ts'

/** What an HTTP probe asks, and what it accepts as an answer. */
export interface HttpSpec {
  readonly url: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** `200-299,401`. */
  readonly expectedStatus: string
  readonly contains: string | null
  readonly containsNot: string | null
  /** `$.checks[0].status` and the value that must stand there, as JSON or plain text. */
  readonly jsonPath: string | null
  readonly jsonEquals: string | null
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
  expectedStatus: optional(line(100)),
  contains: optional(line(500)),
  containsNot: optional(line(500)),
  jsonPath: optional(line(500)),
  jsonEquals: optional(line(500)),
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
    expectedStatus: { label: 'Accepted status', usual: '200-299', placeholder: '200-299,401', place: 'more' },
    contains: { label: 'The answer contains', place: 'more' },
    containsNot: { label: 'The answer does not contain', place: 'more' },
    jsonPath: { label: 'In its JSON, at', placeholder: '$.checks[0].status', place: 'more' },
    jsonEquals: { label: 'stands', placeholder: 'ok', place: 'more' },
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
  nameOf: ({ url }) => hostOfUrl(url),
})

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
    expectedStatus: expectedStatusOf(given.expectedStatus ?? '200-299'),
    ...assertionsOf(given, method),
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
  given: Given,
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
