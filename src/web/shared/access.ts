import type { FastifyContextConfig } from 'fastify'
import type { Deed, Scope } from '../../domain/accounts/account.ts'

/**
 * Who may use a route. It stands where the route is declared, `config: { access: operators('see') }`, and is what the
 * guard of its face asks; `candor doctor --routes` prints all of them.
 */
export type Access =
  | { readonly to: 'everyone' }
  /** Operators who may do this. */
  | { readonly to: 'operators'; readonly deed: Deed }
  /** Programs with a token of one of these scopes. */
  | { readonly to: 'tokens'; readonly scopes: readonly Scope[] }
  /** Whoever holds a secret of this one thing, which the route itself asks for. */
  | { readonly to: 'holders'; readonly of: Held }

/** What a secret can belong to, apart from people and tokens. */
export type Held = 'heartbeat' | 'place' | 'invitation' | 'set-up link' | 'reset link'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
}

/** Readers, and whoever stands at the door. */
export const everyone: Access = { to: 'everyone' }

export function operators(deed: Deed): Access {
  return { to: 'operators', deed }
}

export function tokens(...scopes: readonly Scope[]): Access {
  return { to: 'tokens', scopes }
}

export function holders(of: Held): Access {
  return { to: 'holders', of }
}

/** What a route declares; throws if it declares nothing, which ends the start. */
export function declaredAccess(route: {
  readonly method: string | readonly string[]
  readonly url: string
  readonly config?: FastifyContextConfig
}): Access {
  const access = route.config?.access
  if (!access) throw new Error(`${String(route.method)} ${route.url} does not declare who may use it.`)
  return access
}
