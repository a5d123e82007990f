import type { FastifyRequest } from 'fastify'
import type { Role } from '../../../domain/accounts/account.ts'
import type { Noun } from '../../../domain/changes/events.ts'
import { isDay } from '../../../lib/days.ts'
import { isNoun } from './nouns.ts'

/** What somebody looks for in the log; empty: everything. */
export interface Sought {
  /** The id of an actor, or its kind: `clock`. */
  readonly actor: string
  readonly noun: Noun | ''
  readonly subject: string
  /** Days of the site's clock, `2026-11-21`, both included. */
  readonly from: string
  readonly until: string
  readonly words: string
  /** Of who looks. */
  readonly role: Role
}

/** What a query asks for; what makes no sense is not asked for. */
export function soughtIn(request: FastifyRequest, role: Role): Sought {
  const noun = asked(request, 'noun')
  const id = (name: string): string => (/^[\w-]{1,64}$/.test(asked(request, name)) ? asked(request, name) : '')
  const day = (name: string): string => {
    const given = asked(request, name)
    return /^2\d{3}-/.test(given) && isDay(given) ? given : ''
  }
  return {
    actor: id('actor'),
    noun: isNoun(noun) ? noun : '',
    subject: id('subject'),
    from: day('from'),
    until: day('until'),
    words: asked(request, 'words').slice(0, 100).trim(),
    role,
  }
}

/** The same as it stands in an address; empty: everything. */
export function queryOf({ role: _role, ...sought }: Sought): string {
  return new URLSearchParams(Object.entries(sought).filter(([, value]) => value !== '')).toString()
}

export function asked(request: FastifyRequest, name: string): string {
  const value = (request.query as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : ''
}
