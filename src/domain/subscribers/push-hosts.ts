import { ECDH } from 'node:crypto'
import { Invalid } from '../../lib/errors.ts'
import type { Target } from './channel.ts'

/** Where browsers take their messages; with a dot, whatever lies below it. */
const pushServices = [
  'fcm.googleapis.com',
  'android.googleapis.com',
  '.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
  '.push.samsungosp.com',
] as const

/** What a browser hands over. Longer addresses than any service gives are not kept. */
const mostCharacters = 1000
/** Sixteen bytes. */
const sharedSecret = /^[\w-]{22}$/

/**
 * Reads what `PushSubscription.toJSON()` says. The address is one of a push service, or somebody could have us write to
 * anybody; `more` are hosts that the operator of this machine added.
 */
export function readPushTarget(given: unknown, more: readonly string[]): Target {
  const { endpoint, keys } = asFields(given)
  const { p256dh, auth } = asFields(keys)
  if (typeof endpoint !== 'string' || typeof p256dh !== 'string' || typeof auth !== 'string') return refused()
  if (!isPushKey(p256dh) || !sharedSecret.test(auth)) return refused()
  const url = endpoint.length <= mostCharacters ? URL.parse(endpoint) : null
  if (!url || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') {
    return refused()
  }
  if (!isPushHost(url.hostname, more))
    throw new Invalid('This browser takes its messages at a place that is not known here.')
  return { endpoint: url.href, p256dh, auth }
}

function isPushHost(host: string, more: readonly string[]): boolean {
  return [...pushServices, ...more].some((one) => (one.startsWith('.') ? host.endsWith(one) : host === one))
}

/** Whether it is a point on P-256, uncompressed (RFC 8291): with any other nothing can be encrypted. */
export function isPushKey(text: string): boolean {
  try {
    return /^B[\w-]{86}$/.test(text) && ECDH.convertKey(text, 'prime256v1', 'base64url', 'base64url') !== ''
  } catch {
    return false
  }
}

function refused(): never {
  throw new Invalid('This is not what a browser says of a subscription.')
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
