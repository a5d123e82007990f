import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Errand } from '../../../domain/accounts/provider.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import type { Desk } from '../desk.ts'

/** Somebody on their way to the provider, or back from it and not in yet. */
type Step =
  | ({ readonly step: 'away'; readonly next: string } & Errand)
  | {
      readonly step: 'back'
      readonly accountId: string
      readonly email: string
      readonly issuer: string
      readonly subject: string
    }

export type UnderWay<Name extends Step['step']> = Extract<Step, { step: Name }>

/** Long enough for a second factor at the provider; too long for a browser that was left. */
const validSeconds = 10 * 60

/**
 * It stays in their browser, sealed: strangers who begin and never come back cost us nothing, and who comes back in
 * another browser than they left with is not let in.
 */
export function keepUnderWay(reply: FastifyReply, { clock, vault, cookies }: Desk, step: Step): void {
  const until = later(clock.now(), validSeconds)
  const sealed = vault.seal(JSON.stringify({ ...step, until }), purpose(step.step))
  void reply.setCookie(nameOf(cookies), sealed, { ...cookies.options, maxAge: validSeconds })
}

/** Null: there is none, it is another's work or for another step, or it took too long. */
export function underWay<Name extends Step['step']>(
  request: FastifyRequest,
  { clock, vault, cookies }: Desk,
  step: Name,
): UnderWay<Name> | null {
  const sealed = request.cookies[nameOf(cookies)]
  if (sealed === undefined) return null
  try {
    const opened = JSON.parse(vault.open(sealed, purpose(step))) as UnderWay<Name> & { readonly until: Instant }
    return opened.until > clock.now() ? opened : null
  } catch {
    // Not sealed by us.
    return null
  }
}

export function endUnderWay(reply: FastifyReply, { cookies }: Desk): void {
  void reply.clearCookie(nameOf(cookies), cookies.options)
}

function nameOf({ session }: Desk['cookies']): string {
  return `${session}-sign-on`
}

function purpose(step: Step['step']): string {
  return `single sign-on, ${step}`
}
