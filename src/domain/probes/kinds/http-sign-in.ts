import { Invalid } from '../../../lib/errors.ts'
import { type Static, fields, line, optional, prose } from '../../../lib/fields.ts'
import { readTarget } from '../../../lib/guard.ts'
import type { FieldForm } from './kind.ts'

/** How an HTTP probe says who it is: one way, or none. */
export interface SignIn {
  readonly user: string | null
  readonly password: string | null
  readonly bearer: string | null
  /** Where OAuth 2.0 gives a token for what follows (client credentials). */
  readonly grantUrl: string | null
  readonly clientId: string | null
  readonly clientSecret: string | null
  readonly scope: string | null
}

export const signInAsks = {
  user: optional(line(200)),
  password: optional(line(500)),
  bearer: optional(prose(8000)),
  grantUrl: optional(line(2000)),
  clientId: optional(line(500)),
  clientSecret: optional(line(2000)),
  scope: optional(line(1000)),
}

const place = { place: 'more', under: 'Signing in' } as const

export const signInForm = {
  user: { label: 'User', ...place },
  password: { label: 'Password', secret: 'yes', ...place },
  bearer: { label: 'Bearer token', hint: 'Instead of a user and a password.', as: 'mono', secret: 'yes', ...place },
  grantUrl: {
    label: 'OAuth 2.0: where tokens are given',
    as: 'url',
    placeholder: 'https://login.example.com/oauth2/token',
    hint: 'Instead of either, with the client below. A token is used until it expires.',
    ...place,
  },
  clientId: { label: 'Client id', ...place },
  clientSecret: { label: 'Client secret', secret: 'yes', ...place },
  scope: { label: 'Scope', ...place },
} satisfies Record<keyof typeof signInAsks, FieldForm>

const whole = fields(signInAsks)

export function readSignIn(given: Static<typeof whole>): SignIn {
  const { user = null, password = null, bearer = null, grantUrl = null } = given
  const { clientId = null, clientSecret = null, scope = null } = given
  if ((user === null) !== (password === null)) {
    throw new Invalid('A user needs a password, and a password a user.', user === null ? 'user' : 'password')
  }
  const ways = [
    ['bearer', bearer],
    ['grantUrl', grantUrl],
  ] as const
  const chosen = ways.filter(([, value]) => value !== null)
  const last = chosen.at(-1)
  if (last && chosen.length + (user === null ? 0 : 1) > 1) throw new Invalid('Choose one way to sign in.', last[0])
  if (grantUrl === null && (clientId ?? clientSecret ?? scope) !== null) {
    throw new Invalid('Say where the token is given.', 'grantUrl')
  }
  if (grantUrl !== null && clientId === null) throw new Invalid('OAuth 2.0 needs a client id.', 'clientId')
  if (grantUrl !== null && clientSecret === null) throw new Invalid('OAuth 2.0 needs a client secret.', 'clientSecret')
  if (bearer !== null && !/^[\x21-\x7e]+$/.test(bearer)) {
    throw new Invalid('A bearer token is made of printable characters without spaces.', 'bearer')
  }
  return {
    user: mustBePlain(user, 'user'),
    password,
    bearer,
    grantUrl: grantUrl === null ? null : grantUrlOf(grantUrl),
    clientId,
    clientSecret,
    scope,
  }
}

/** A colon ends the user where user and password travel together. */
export function mustBePlain(user: string | null, field: string): string | null {
  if (user?.includes(':')) throw new Invalid('A user has no colon.', field)
  return user
}

function grantUrlOf(text: string): string {
  const target = readTarget(text)
  if ('fault' in target || target.url.protocol !== 'https:') {
    // Over http the client secret would be read by whoever is on the way; on this machine, nobody is.
    if ('fault' in target || !isThisMachine(target.url.hostname)) {
      throw new Invalid('Tokens are given at an address that begins with https://.', 'grantUrl')
    }
  }
  target.url.hash = ''
  return target.url.href
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
