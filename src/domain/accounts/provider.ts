import type { Instant } from '../../lib/clock.ts'
import type { Role } from './account.ts'

/** Somebody, as the provider knows them at which they signed in. */
export interface Elsewhere {
  /** With `subject` who they are: an address can be given to somebody else, this pair cannot. */
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  /** Whether the provider vouches that the address is theirs. */
  readonly isVerified: boolean
  readonly name: string | null
  readonly groups: readonly string[]
  /** When they proved there that it is they; null: the provider does not say. */
  readonly provedAt: Instant | null
}

/** What has to be the same when somebody comes back from the provider; it stays in their browser, sealed. */
export interface Errand {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Whether they were to prove it anew, although the provider knows them. */
  readonly isAnew: boolean
}

/** An OpenID provider, as the desk sees it. What goes wrong on the way is a value: the world does that. */
export interface Provider {
  /** What people call it. */
  readonly label: string
  begin(how: {
    readonly isAnew: boolean
  }): Promise<{ readonly outcome: 'begun'; readonly url: string; readonly errand: Errand } | ProviderFault>
  /** `query`: with which they came back. */
  finish(query: string, errand: Errand): Promise<{ readonly outcome: 'came'; readonly who: Elsewhere } | ProviderFault>
}

/** `silent`: it could not be asked. `declined`: it let nobody in. `wrong`: what came back is not what was asked for. */
export interface ProviderFault {
  readonly outcome: 'silent' | 'declined' | 'wrong'
  /** For the log. */
  readonly reason: string
}

/** Of several groups the one that was written first counts. */
export function roleOfGroups(groups: readonly string[], mapping: readonly (readonly [string, string])[]): Role | null {
  const [, role] = mapping.find(([group]) => groups.includes(group)) ?? []
  return (role as Role | undefined) ?? null
}
