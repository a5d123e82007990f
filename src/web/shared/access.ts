import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Deed, type Scope, may, roles } from '../../domain/accounts/account.ts'

/**
 * Who may use a route. It stands where the route is declared, `config: { access: operators('see') }`, and is what the
 * guard of its face asks; `candor doctor --routes` prints all of them.
 */
export type Access =
  | { readonly to: 'everyone' }
  /** Operators who may do this; `fresh`: who proved only just that it is they. */
  | { readonly to: 'operators'; readonly deed: Deed; readonly fresh?: true }
  /** Programs with a token of one of these scopes. */
  | { readonly to: 'tokens'; readonly scopes: readonly Scope[] }
  /** Whoever holds a secret of this one thing, which the route itself asks for. */
  | { readonly to: 'holders'; readonly of: Held }

/** What a secret can belong to, apart from people and tokens. */
export type Held =
  | 'heartbeat'
  | 'place'
  | 'invitation'
  | 'set-up link'
  | 'reset link'
  | 'subscription link'
  | 'bounce address'
  | 'mail address'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Other addresses that lead to this route before any is looked for. */
    aliases?: readonly string[]
  }
}

/** Readers, and whoever stands at the door. */
export const everyone: Access = { to: 'everyone' }

export function operators(deed: Deed, how: { readonly fresh?: true } = {}): Access {
  return { to: 'operators', deed, ...how }
}

export function tokens(...scopes: readonly Scope[]): Access {
  return { to: 'tokens', scopes }
}

export function holders(of: Held): Access {
  return { to: 'holders', of }
}

/** A route, and who may use it. */
export interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly access: Access
}

/**
 * From here on every route of every face has to declare who may use it: one that does not ends the start. Answers the
 * routes as they come; each that answers GET answers HEAD (see heads.ts).
 */
export function demandAccess(app: FastifyInstance): readonly DeclaredRoute[] {
  const routes: DeclaredRoute[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    const access = config?.access
    for (const each of [method].flat().flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one]))) {
      if (!access) throw new Error(`${each} ${url} does not declare who may use it: see web/shared/access.ts.`)
      routes.push(...[url, ...(config.aliases ?? [])].map((one) => ({ method: each, url: one, access })))
    }
  })
  return routes
}

/** Every route of every face of a product. */
export async function routesOf(product: {
  houses(): Promise<readonly { readonly routes: readonly DeclaredRoute[] }[]>
}): Promise<readonly DeclaredRoute[]> {
  return (await product.houses()).flatMap(({ routes }) => routes)
}

/** A line of the table of routes: the methods of one address that the same people may use. */
export interface RouteLine {
  readonly methods: readonly string[]
  readonly url: string
  readonly who: string
}

/** The table of routes, by address. */
export function routeLines(routes: readonly DeclaredRoute[]): RouteLine[] {
  const lines = new Map<string, { methods: Set<string>; url: string; who: string }>()
  for (const { method, url, access } of routes) {
    const who = accessInWords(access)
    const key = `${url} ${who}`
    const line = lines.get(key) ?? { methods: new Set(), url, who }
    lines.set(key, { ...line, methods: line.methods.add(method) })
  }
  return [...lines.values()]
    .map((line) => ({ ...line, methods: [...line.methods].toSorted() }))
    .toSorted((a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : a.methods.join() < b.methods.join() ? -1 : 1))
}

function accessInWords(access: Access): string {
  switch (access.to) {
    case 'everyone':
      return 'everyone'
    case 'operators': {
      const who = roles.filter((role) => may(role, access.deed)).join(', ')
      return `${who} (${access.deed}${access.fresh ? ', proved just now' : ''})`
    }
    case 'tokens':
      return `tokens: ${access.scopes.join(', ')}`
    case 'holders':
      return `the secret of ${access.of === 'invitation' ? 'an' : 'a'} ${access.of}`
  }
}

/** What the route of a request declares; null: there is no such route, only the answer that says so. */
export function accessOf({ is404, routeOptions }: FastifyRequest): Access | null {
  if (is404) return null
  const { access } = routeOptions.config
  if (!access) throw new Error('A route without a declaration was reached.')
  return access
}
