import type { Instant } from '../../lib/clock.ts'
import type { Ids } from '../../lib/ids.ts'
import { sign } from '../../lib/secrets.ts'

/** What tells a repetition from another reader, without knowing either. */
export interface Tokens {
  /** The same for the same reader and thing until the day, in UTC, is over. */
  of(reader: { readonly address: string; readonly agent: string }, subject: string, now: Instant): string
}

/**
 * The secret lives in memory alone, and another one comes with the day: nobody who has the database, now or later, can
 * find out whose token a token is. After a restart a reader may be counted a second time that day.
 */
export function createTokens({ secret }: Pick<Ids, 'secret'>): Tokens {
  let salt = { day: '', secret: '' }
  return {
    of({ address, agent }, subject, now) {
      const day = now.slice(0, 10)
      if (salt.day !== day) salt = { day, secret: secret() }
      return sign(salt.secret, JSON.stringify([address, agent, subject]))
    },
  }
}
