import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Instant, later } from '../../lib/clock.ts'
import { type Desk, signedIn } from './desk.ts'

/** Long enough to be led to a page; too long for a browser that was left. */
const validSeconds = 60

/**
 * Leads to a page of the desk that shows what was made to this person, once: to load that page again neither makes another
 * one nor shows it again. Until then it is sealed in their browser, so that it stands in no address, log or history, and
 * every process can show it.
 */
export function leadToOnce<What>(
  request: FastifyRequest,
  reply: FastifyReply,
  { clock, vault, cookies }: Desk,
  { page, what }: { readonly page: string; readonly what: What },
): FastifyReply {
  const kept: Kept<What> = { what, until: later(clock.now(), validSeconds) }
  const sealed = vault.seal(JSON.stringify(kept), purpose(request, page))
  return reply.setCookie(nameOf(cookies), sealed, { ...cookies.options, maxAge: validSeconds }).redirect(page, 303)
}

/** What this page is to show this once; null: nothing, or it was shown, or it took more than a minute. */
export function shownOnce<What>(
  request: FastifyRequest,
  reply: FastifyReply,
  { clock, vault, cookies }: Desk,
  page: string,
): What | null {
  const sealed = request.cookies[nameOf(cookies)]
  if (sealed === undefined) return null
  try {
    const { what, until } = JSON.parse(vault.open(sealed, purpose(request, page))) as Kept<What>
    void reply.clearCookie(nameOf(cookies), cookies.options)
    return until > clock.now() ? what : null
  } catch {
    // Another page's, another person's, or not sealed by us.
    return null
  }
}

interface Kept<What> {
  readonly what: What
  readonly until: Instant
}

function nameOf({ session }: Desk['cookies']): string {
  return `${session}-shown`
}

/** Who signs in next in the same browser is not shown what was made for somebody else. */
function purpose(request: FastifyRequest, page: string): string {
  return `shown once to ${signedIn(request).account.id}, ${page}`
}
