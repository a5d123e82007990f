import { Misfit } from '../../../lib/check.ts'
import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, line, optional, prose, whole as wholeNumber } from '../../../lib/fields.ts'
import { type TargetFault, readTarget } from '../../../lib/guard.ts'
import type { Source } from '../assertions/assertion.ts'
import { type SignIn, mustBePlain, readSignIn, signInAsks, signInForm } from './http-sign-in.ts'
import { headerList, readHeaders } from './header-list.ts'
import { kindRules } from './kind.ts'
import { readPemIdentity } from './pem.ts'
import { type Encryption, encryptionAsks, encryptionForm, readEncryption, targetAsks, targetForm } from './target.ts'

/** What an HTTP probe asks. */
export interface HttpSpec extends Encryption, SignIn {
  readonly url: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly version: 'auto' | '1.1' | '2'
  readonly family: 'any' | 'ipv4' | 'ipv6'
  /** Where a redirect may lead: nowhere else, the same origin, the same host or one below it, anywhere. */
  readonly redirects: 'none' | 'origin' | 'site' | 'any'
  readonly mostRedirects: number
  /** Whether one may lead from https to http. */
  readonly downgrade: 'no' | 'yes'
  /** Asked to connect us, with CONNECT. */
  readonly proxy: string | null
  readonly proxyUser: string | null
  readonly proxyPassword: string | null
  /** A certificate and its key, as PEM. */
  readonly identity: string | null
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const asks = {
  url: line(2000),
  method: optional(choice(methods)),
  version: optional(choice(['auto', '1.1', '2'])),
  headers: headerList,
  body: optional(prose(10_000)),
  ...signInAsks,
  redirects: optional(choice(['none', 'origin', 'site', 'any'])),
  mostRedirects: optional(wholeNumber(1, 20)),
  downgrade: optional(choice(['no', 'yes'])),
  ...encryptionAsks,
  identity: optional(prose(40_000)),
  family: targetAsks.family,
  proxy: optional(line(500)),
  proxyUser: optional(line(200)),
  proxyPassword: optional(line(500)),
}

const whole = fields(asks)
type Given = Static<typeof whole>

const what = { place: 'more', under: 'What it sends' } as const
const redirecting = { place: 'more', under: 'Redirects' } as const
const certificates = { place: 'more', under: 'Certificates' } as const
const way = { place: 'more', under: 'The way there' } as const

export const http = kindRules({
  label: 'HTTP or HTTPS',
  purpose: 'Asks an address and looks at the answer: a page, an API, a health check.',
  asks,
  form: {
    url: {
      label: 'Address',
      as: 'url',
      placeholder: 'https://api.example.com/health',
      hint: 'Everybody at this desk sees it: keep keys out of it.',
    },
    method: { label: 'Method', usual: 'GET', ...what },
    version: {
      label: 'HTTP',
      usual: 'auto',
      choices: { auto: '2 where it is spoken, 1.1 elsewhere', '1.1': '1.1 only', '2': '2 only' },
      ...what,
    },
    headers: {
      label: 'Headers, one a line',
      as: 'mono',
      placeholder: 'Accept: application/json',
      secret: 'values',
      ...what,
    },
    // What is sent to sign in is often sent in here.
    body: { label: 'Body', as: 'mono', secret: 'yes', ...what },
    ...signInForm,
    redirects: {
      label: 'Follow them',
      usual: 'any',
      choices: {
        any: 'Wherever they lead',
        site: 'To the same host, or one below or above it',
        origin: 'To the same address only',
        none: 'No: they are the answer',
      },
      ...redirecting,
    },
    mostRedirects: { label: 'At most', usual: '5', hint: 'in a row', ...redirecting },
    downgrade: {
      label: 'From https to http',
      usual: 'no',
      choices: { no: 'Is a failure', yes: 'Is followed' },
      ...redirecting,
    },
    verifyTls: { ...encryptionForm.verifyTls, ...certificates },
    authority: { ...encryptionForm.authority, ...certificates },
    identity: {
      label: 'Our own certificate and its key',
      hint: 'As PEM, one after the other, if it wants to know who asks.',
      as: 'mono',
      placeholder: '-----BEGIN CERTIFICATE-----',
      secret: 'yes',
      ...certificates,
    },
    family: { ...targetForm.family, ...way },
    proxy: {
      label: 'Through a proxy',
      as: 'url',
      placeholder: 'http://proxy.example.com:3128',
      hint: 'One that is asked with CONNECT. Proxies of the environment are never used.',
      ...way,
    },
    proxyUser: { label: 'User there', ...way },
    proxyPassword: { label: 'Password there', secret: 'yes', ...way },
  },
  audienceOf: ({ url, verifyTls, authority, grantUrl, proxy }) =>
    JSON.stringify([originOf(url), verifyTls, authority, grantUrl, proxy]),
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

function originOf(url: string | null): string | null {
  return url === null ? null : (URL.parse(url)?.origin ?? url)
}

function specOf(given: Given): HttpSpec {
  const method = given.method ?? 'GET'
  const body = given.body ?? null
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    throw new Invalid(`A ${method} request has no body: choose POST, or leave the body empty.`, 'body')
  }
  const headers = readHeaders(given.headers ?? [])
  const signIn = readSignIn(given)
  if ('authorization' in headers && (signIn.user ?? signIn.bearer ?? signIn.grantUrl) !== null) {
    throw new Invalid('Either the header Authorization signs in, or the fields for it do.', 'headers')
  }
  return {
    url: urlOf(given.url, 'url'),
    method,
    headers,
    body,
    ...signIn,
    version: versionOf(given),
    family: given.family ?? 'any',
    redirects: given.redirects ?? 'any',
    mostRedirects: given.mostRedirects ?? 5,
    downgrade: given.downgrade ?? 'no',
    ...readEncryption(given),
    identity: readPemIdentity(given.identity ?? null),
    ...proxyOf(given),
  }
}

function versionOf({ url, version }: Given): HttpSpec['version'] {
  if (version === '2' && /^http:/i.test(url)) {
    throw new Invalid('HTTP/2 is spoken over https only: choose 1.1, or an address that begins with https.', 'version')
  }
  return version ?? 'auto'
}

function proxyOf({ proxy, proxyUser = null, proxyPassword = null }: Given) {
  if (!proxy) {
    if (proxyUser !== null || proxyPassword !== null) throw new Invalid('Say which proxy this is for.', 'proxy')
    return { proxy: null, proxyUser: null, proxyPassword: null }
  }
  if (!/^http:\/\//i.test(proxy)) throw new Invalid('The proxy must begin with http://.', 'proxy')
  if ((proxyUser === null) !== (proxyPassword === null)) {
    throw new Invalid(
      'A user needs a password, and a password a user.',
      proxyUser === null ? 'proxyUser' : 'proxyPassword',
    )
  }
  return { proxy: urlOf(proxy, 'proxy'), proxyUser: mustBePlain(proxyUser, 'proxyUser'), proxyPassword }
}

const faults: Readonly<Record<TargetFault, string>> = {
  url: 'must be an address such as https://example.com/health',
  scheme: 'must begin with https:// or http://',
  userinfo: 'must not hold a user or password: there are fields for them',
  port: 'names a port that belongs to another protocol than HTTP',
}

/** What is wrong with an address, as the rest of a sentence that begins with it; null: nothing. */
export function addressFault(text: string): string | null {
  const target = readTarget(text)
  return 'fault' in target ? faults[target.fault] : null
}

function urlOf(text: string, field: 'url' | 'proxy'): string {
  const target = readTarget(text)
  if ('fault' in target) throw new Misfit([field], faults[target.fault])
  target.url.hash = ''
  return target.url.href
}
