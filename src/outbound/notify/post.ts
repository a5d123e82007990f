import type { FailureReason } from '../../domain/deliveries/message.ts'
import type { Target } from '../../domain/subscribers/channel.ts'
import { millisecondsOf, wallClock } from '../../lib/clock.ts'
import { hostOf, portOf, readTarget } from '../../lib/guard.ts'
import { type Answer, type FetchFault, safeFetch } from '../../lib/safe-fetch.ts'
import type { Outcome, SendingParts } from './channel.ts'

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** What an answer means where its service has a way of its own; null: what its status says. */
export type Reading = (answer: Answer) => Outcome | null

const patienceMs = 30_000
/** Nobody reads more of an answer than whether it was taken. */
const mostBytes = 64 * 1024
/** Who asks for more than a day is asked again after one. */
const longestWait = 86_400

/** Posts through the guard, follows nothing, and says what became of it. Of the answer nothing is kept. */
export async function post(parts: SendingParts, { url, headers, body }: Post, read?: Reading): Promise<Outcome> {
  const answer = await safeFetch(parts.egress, {
    url,
    method: 'POST',
    headers: { 'user-agent': 'Candor (notifications)', ...headers },
    body,
    timeoutMs: patienceMs,
    followRedirects: 'no',
    verifyTls: 'yes',
    lookUp: 'cached',
    signal: parts.signal,
    most: mostBytes,
  })
  if ('fault' in answer) return { became: 'later', reason: faultReason(answer.fault), code: null }
  return read?.(answer) ?? outcomeOf(answer)
}

/** JSON that is written already, because it was signed. */
export function postJsonText(parts: SendingParts, { headers, ...rest }: Post, read?: Reading): Promise<Outcome> {
  return post(parts, { ...rest, headers: { 'content-type': 'application/json; charset=utf-8', ...headers } }, read)
}

/** To a chat, whose addresses are made by its service: what it does not know or take, it never will. */
export function postChat(parts: SendingParts, url: string, message: object, read?: Reading): Promise<Outcome> {
  return postJsonText(parts, { url, headers: {}, body: JSON.stringify(message) }, (answer) => {
    const code = String(answer.status)
    if (answer.status === 404) return { became: 'never', reason: 'gone', code, ends: 'gone' }
    if (answer.status === 400) return { became: 'never', reason: 'refused by the receiver', code, ends: null }
    if (answer.status === 401 || answer.status === 403) return { became: 'later', reason: 'not allowed', code }
    return read?.(answer) ?? null
  })
}

/** What the status of an answer says, for services that have no other way. */
export function outcomeOf({ status, headers }: Pick<Answer, 'status' | 'headers'>): Outcome {
  const code = String(status)
  if (status >= 200 && status < 300) return { became: 'accepted', code }
  if (status === 410) return { became: 'never', reason: 'gone', code, ends: 'gone' }
  const wait = secondsAsked(headers['retry-after'])
  const later = (reason: FailureReason): Outcome => ({
    became: 'later',
    reason,
    code,
    ...(wait === null ? {} : { retryAfterSeconds: wait }),
  })
  if (status === 429) return later('too many at once')
  if (status >= 500) return later('receiver failed')
  if (status === 408) return later('timed out')
  // It may be being put up again: whoever stays away is given up in the end.
  if (status === 404) return later('gone')
  return later('refused by the receiver')
}

/** Where a URL leads, for taking turns; never more of it, because the rest is a secret. */
export function destinationOf({ url = '' }: Target): string {
  const target = readTarget(url)
  return 'url' in target ? `${hostOf(target.url)}:${portOf(target.url)}` : 'nowhere'
}

function secondsAsked(text: string | undefined): number | null {
  if (text === undefined) return null
  const seconds = /^\d{1,9}(?:\.\d{1,6})?$/.test(text.trim())
    ? Math.ceil(Number(text))
    : Math.ceil((Date.parse(text) - millisecondsOf(wallClock.now())) / 1000)
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), longestWait)
}

function faultReason(fault: FetchFault): FailureReason {
  switch (fault) {
    case 'timeout':
      return 'timed out'
    case 'tls':
      return 'insecure'
    case 'blocked':
      return 'private address'
    case 'protocol':
    case 'too_large':
    case 'redirects':
      return 'receiver failed'
    case 'stopped':
    case 'prober':
    case 'resolver':
      return 'our own fault'
    case 'refused':
    case 'reset':
    case 'unreachable':
    case 'proxy':
    case 'dns':
      return 'unreachable'
  }
}
