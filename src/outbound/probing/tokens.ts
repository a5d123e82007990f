import { LRUCache } from 'lru-cache'
import type { SignIn } from '../../domain/probes/kinds/http-sign-in.ts'
import type { Failure } from '../../domain/probes/finding.ts'
import { type Egress } from '../../lib/egress.ts'
import { type SafeRequest, safeFetch } from '../../lib/safe-fetch.ts'

/** How the way to where tokens are given is gone: as the way to what is probed. */
export type Way = Pick<
  SafeRequest,
  'timeoutMs' | 'verifyTls' | 'trusting' | 'lookUp' | 'family' | 'proxy' | 'version'
> & { readonly signal: AbortSignal }

type Client = Pick<SignIn, 'clientId' | 'clientSecret' | 'scope'> & { readonly grantUrl: string }

interface Token {
  readonly token: string
  /** On the clock of `performance.now()`. */
  readonly until: number
}

/** Tokens in use, in memory only. Probes of the same client share one. */
const tokens = new LRUCache<string, Token>({ max: 1000 })

/** A token that expires on its way would be refused. */
const marginMs = 10_000
const usualMs = 300_000
const longestMs = 3_600_000

/** A token for this client: the one in use, or a new one; or why none was given. */
export async function tokenFor(egress: Egress, client: Client, way: Way): Promise<string | Failure> {
  const known = tokens.get(keyOf(client))
  if (known && known.until > performance.now()) return known.token
  const { grantUrl, clientId, clientSecret, scope } = client
  const answer = await safeFetch(egress, {
    ...way,
    url: grantUrl,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basic(encoded(clientId ?? ''), encoded(clientSecret ?? '')),
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === null ? {} : { scope }) }).toString(),
    // A redirect would carry the client secret nowhere, and so lead nowhere.
    followRedirects: 'no',
  })
  if ('fault' in answer) return { ...answer, fault: isOurs(answer.fault) ? answer.fault : 'token' }
  const given = answer.status === 200 ? givenIn(answer.body.toString('utf8')) : null
  if (!given) return { fault: 'token', ms: answer.ms, certificate: null }
  tokens.set(keyOf(client), given)
  return given.token
}

/** The one in use was refused: the next call asks for another. */
export function forgetToken(client: Client): void {
  tokens.delete(keyOf(client))
}

/** `Basic …`, as RFC 7617 writes it. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** What says nothing of them stays what it is; everything else is the trouble of those who give tokens. */
function isOurs(fault: string): boolean {
  return ['blocked', 'resolver', 'stopped', 'prober', 'proxy'].includes(fault)
}

/** RFC 6749, section 2.3.1: both are form-encoded before they are joined. */
function encoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

function givenIn(text: string): Token | null {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    // Not JSON is no token.
    return null
  }
  const { access_token: token, expires_in: seconds } = (answer ?? {}) as Readonly<Record<string, unknown>>
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8000}$/.test(token)) return null
  const lasts = Number(seconds) > 0 ? Math.min(Number(seconds) * 1000 - marginMs, longestMs) : usualMs
  return { token, until: performance.now() + lasts }
}

function keyOf({ grantUrl, clientId, clientSecret, scope }: Client): string {
  return JSON.stringify([grantUrl, clientId, clientSecret, scope])
}
