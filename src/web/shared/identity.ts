import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../../domain/accounts/account.ts'
import { type Beginning, type Session, type SessionParts, sessionOfSecret } from '../../domain/accounts/sessions.ts'
import type { Actor } from '../../domain/changes/actor.ts'
import type { WayIn } from '../../domain/changes/events.ts'
import type { Ids } from '../../lib/ids.ts'
import { coarseNetwork } from '../../lib/network-block.ts'
import { browserInWords } from './browser-words.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who does this; null: nobody that we know. */
    actor: Actor | null
    /** What stands behind `actor` at the desk, for faces only: it never reaches a change. */
    visitor: Visitor
  }
}

/** Somebody at the desk's door: known or not, forms are bound to the secret in their cookie. */
export interface Visitor {
  /** Null: has no cookie yet. */
  readonly secret: string | null
  readonly account: Account | null
  /** Null where `account` is. */
  readonly session: Session | null
  /** The site asks for a second factor and they have none: until then nothing but setting one up is open to them. */
  readonly isHeldBack: boolean
}

export const nobody: Visitor = { secret: null, account: null, session: null, isHeldBack: false }

/** The cookies of the desk; the public pages set none. */
export interface Cookies {
  readonly session: string
  /** A browser in which this person has signed in before: others' guesses do not make it wait. */
  readonly device: string
  readonly options: CookieSerializeOptions
}

/** `__Host-`: no neighbour under the same domain can set them. Browsers take that over https only. */
export function cookiesFor(url: string): Cookies {
  const isSecure = url.startsWith('https:')
  const prefix = isSecure ? '__Host-' : ''
  return {
    session: `${prefix}candor`,
    device: `${prefix}candor-device`,
    options: { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure },
  }
}

/** Reads who is asking from their cookie, and notes that they were here. */
export async function identify(
  request: FastifyRequest,
  { cookies, ...parts }: Omit<SessionParts, 'ids'> & { cookies: Cookies },
): Promise<void> {
  const secret = request.cookies[cookies.session] ?? null
  // First: where it cannot be looked up, whoever was signed in is not given another one.
  request.visitor = { ...nobody, secret }
  const open = secret ? await sessionOfSecret(parts, secret) : null
  const account = open?.account ?? null
  request.visitor = { secret, account, session: open?.session ?? null, isHeldBack: false }
  request.actor = account && { kind: 'operator', id: account.id, name: account.name, from: request.ip }
}

/** What is kept of a browser that somebody signs in with. */
export function beginningOf(request: FastifyRequest, via: WayIn): Beginning {
  return {
    via,
    browser: browserInWords(request.headers['user-agent']),
    network: coarseNetwork(request.ip) ?? '',
    from: request.ip,
  }
}

/** Gives whoever has none a secret to bind their forms to. It opens nothing, and is replaced at sign-in. */
export function ensureSecret(
  request: FastifyRequest,
  reply: FastifyReply,
  { ids, cookies }: { ids: Ids; cookies: Cookies },
): string {
  if (request.visitor.secret) return request.visitor.secret
  const secret = ids.secret()
  request.visitor = { ...request.visitor, secret }
  void reply.setCookie(cookies.session, secret, cookies.options)
  return secret
}

/** A new secret for a new session: what was in the browser before sign-in is worth nothing after it. */
export function letIn(
  reply: FastifyReply,
  { cookies, config }: { cookies: Cookies; config: { readonly sessionLength: number } },
  { session, device }: { session: string; device: string | null },
): void {
  void reply.setCookie(cookies.session, session, { ...cookies.options, maxAge: config.sessionLength })
  if (device !== null) void reply.setCookie(cookies.device, device, { ...cookies.options, maxAge: 400 * 24 * 3600 })
}

/** The password was right: a new secret, which opens the second step and nothing else, for as long as the browser is open. */
export function letHalfIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { cookies }: { cookies: Cookies },
  secret: string,
): void {
  void reply.setCookie(cookies.session, secret, cookies.options)
  request.visitor = { ...nobody, secret }
}

export function showOut(reply: FastifyReply, cookies: Cookies): void {
  void reply.clearCookie(cookies.session, cookies.options)
}
