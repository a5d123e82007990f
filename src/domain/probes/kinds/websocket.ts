import { Invalid } from '../../../lib/errors.ts'
import { type Static, fields, line, optional, prose } from '../../../lib/fields.ts'
import { readTarget } from '../../../lib/guard.ts'
import { readPattern } from '../../../lib/patterns.ts'
import { headerList, readHeaders } from './header-list.ts'
import { kindRules } from './kind.ts'
import {
  type Encryption,
  type Target,
  encryptionAsks,
  encryptionForm,
  readEncryption,
  targetAsks,
  targetForm,
} from './target.ts'

/** What is opened, and what is said and heard on it. */
export interface WebsocketSpec extends Encryption, Pick<Target, 'family'> {
  /** `ws://…` or `wss://…`. */
  readonly url: string
  readonly subprotocol: string | null
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly send: string | null
  /** What one message must hold; null: an answer to a ping is enough. */
  readonly expects: Expected | null
}

export type Expected = { readonly text: string } | { readonly pattern: string; readonly flags: string }

const asks = {
  url: line(2000),
  send: optional(prose(10_000)),
  expects: optional(line(500)),
  subprotocol: optional(line(100)),
  headers: headerList,
  ...encryptionAsks,
  family: targetAsks.family,
}

const whole = fields(asks)

export const websocket = kindRules({
  label: 'WebSocket',
  purpose: 'Opens a WebSocket and waits for a message, or for the answer to a ping.',
  asks,
  form: {
    url: {
      label: 'Address',
      as: 'url',
      placeholder: 'wss://live.example.com/feed',
      hint: 'Everybody at this desk sees it: keep keys out of it.',
    },
    send: { label: 'Message to send', as: 'mono', place: 'more', secret: 'yes' },
    expects: {
      label: 'A message holds',
      hint: 'Text, or a /pattern/. Left empty, the answer to a ping is enough.',
      place: 'more',
    },
    subprotocol: { label: 'Subprotocol', as: 'mono', placeholder: 'graphql-transport-ws', place: 'more' },
    headers: {
      label: 'Headers, one a line',
      as: 'mono',
      placeholder: 'Authorization: Bearer …',
      place: 'more',
      secret: 'values',
    },
    ...encryptionForm,
    family: targetForm.family,
  },
  read: specOf,
  sources: ({ url, expects }) => [
    'latency',
    'latency.dns',
    'latency.connect',
    'latency.firstbyte',
    ...(url.startsWith('wss:') ? (['latency.tls', 'certificate.days'] as const) : []),
    ...(expects === null ? [] : (['body', 'json'] as const)),
  ],
  exampleAssertions: 'latency < 500ms',
  typed: ({ expects }) => ({ expects: textOf(expects) }),
  nameOf: ({ url }) => URL.parse(url)?.host ?? url,
  audienceOf: ({ url, verifyTls, authority }) => JSON.stringify([URL.parse(url)?.origin, verifyTls, authority]),
})

function specOf(given: Static<typeof whole>): WebsocketSpec {
  const { send = null, subprotocol = null } = given
  if (subprotocol !== null && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(subprotocol)) {
    throw new Invalid('A subprotocol is one word of letters, digits, dots and hyphens.', 'subprotocol')
  }
  return {
    url: urlOf(given.url),
    send,
    expects: expectedOf(given.expects ?? null),
    subprotocol,
    headers: readHeaders(given.headers ?? []),
    ...readEncryption(given),
    family: given.family ?? 'any',
  }
}

function urlOf(text: string): string {
  // It begins as HTTP does, on the same ports.
  const target = /^wss?:/i.test(text) ? readTarget(text.replace(/^ws/i, 'http')) : { fault: 'scheme' }
  if (!('url' in target)) {
    throw new Invalid('The address must be one such as wss://live.example.com/feed, without a password.', 'url')
  }
  target.url.hash = ''
  return target.url.href.replace(/^http/, 'ws')
}

function textOf(expected: Expected | null): string {
  if (expected === null) return ''
  return 'text' in expected ? expected.text : `/${expected.pattern}/${expected.flags}`
}

function expectedOf(text: string | null): Expected | null {
  if (text === null) return null
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? []
  if (source === undefined) return { text }
  const pattern = readPattern(source, flags)
  if ('fault' in pattern) throw new Invalid(`What a message holds ${pattern.fault}.`, 'expects')
  return { pattern: source, flags }
}
