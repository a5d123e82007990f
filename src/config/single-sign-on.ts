import { readFileSync } from 'node:fs'
import { type Setting, list, matching, refuse } from '../lib/settings.ts'

/** Where people sign in who have an account elsewhere: an OpenID provider. */
export interface SignOnConfig {
  readonly oidcIssuer: string | null
  readonly oidcClientId: string | null
  readonly oidcClientSecret: string | null
  readonly oidcClientSecretFile: string | null
  readonly oidcLabel: string
  readonly oidcScopes: string
  readonly oidcGroupsClaim: string
  /** In the order in which they were written: group, role. */
  readonly oidcGroups: readonly (readonly [group: string, role: string])[]
  readonly oidcOnly: boolean
}

export const signOnOtherwise: SignOnConfig = {
  oidcIssuer: null,
  oidcClientId: null,
  oidcClientSecret: null,
  oidcClientSecretFile: null,
  oidcLabel: 'single sign-on',
  oidcScopes: 'openid email profile',
  oidcGroupsClaim: 'groups',
  oidcGroups: [],
  oidcOnly: false,
}

/** The words of `domain/accounts/account.ts`, which this floor may not read; a test compares the two. */
const roles = ['owner', 'admin', 'responder', 'author', 'viewer']

export const signOnSettings: { readonly [Key in keyof SignOnConfig]: Setting<SignOnConfig[Key]> } = {
  oidcIssuer: {
    name: 'CANDOR_OIDC_ISSUER',
    otherwise: 'none',
    meaning:
      'The OpenID provider at which operators sign in. What it is asked for goes through the guard: one on a private address needs CANDOR_EGRESS_ALLOW.',
    accepts: 'the issuer as the provider writes it, https://…; http:// on this machine only',
    read: issuer,
  },
  oidcClientId: {
    name: 'CANDOR_OIDC_CLIENT_ID',
    otherwise: 'none',
    meaning: 'What the provider calls us. Register there <CANDOR_URL>/admin/single-sign-on/return as the redirect.',
    accepts: 'a client id',
    read: (text) => matching(text, text.length <= 255),
  },
  oidcClientSecret: {
    name: 'CANDOR_OIDC_CLIENT_SECRET',
    otherwise: 'none',
    meaning: 'The secret that the provider gave us; without one we are a public client, which PKCE protects.',
    accepts: 'a client secret',
    read: (text) => text,
  },
  oidcClientSecretFile: {
    name: 'CANDOR_OIDC_CLIENT_SECRET_FILE',
    otherwise: 'none',
    meaning: 'A file that holds the secret, as container platforms hand them over.',
    accepts: 'the path of a file',
    read: (text) => text,
  },
  oidcLabel: {
    name: 'CANDOR_OIDC_LABEL',
    otherwise: signOnOtherwise.oidcLabel,
    meaning: 'What people call the provider; stands on the button: “Sign in with …”.',
    accepts: 'up to 40 characters',
    read: (text) => matching(text, [...text].length <= 40 && !/\p{C}/u.test(text)),
  },
  oidcScopes: {
    name: 'CANDOR_OIDC_SCOPES',
    otherwise: signOnOtherwise.oidcScopes,
    meaning: 'What the provider is asked to tell. Some tell groups only if asked for groups as well.',
    accepts: 'scopes separated by spaces, openid among them',
    read: (text) => matching(text, text.split(/ +/).includes('openid')),
  },
  oidcGroupsClaim: {
    name: 'CANDOR_OIDC_GROUPS_CLAIM',
    otherwise: signOnOtherwise.oidcGroupsClaim,
    meaning: 'The claim in which the provider lists the groups of a person.',
    accepts: 'the name of a claim',
    read: (text) => matching(text, text.length <= 255),
  },
  oidcGroups: {
    name: 'CANDOR_OIDC_GROUPS',
    otherwise: 'none',
    meaning:
      'Which group has which role; of several the first counts. It is read anew at each sign-in, and whoever is in none comes in no more. Without it roles are given at the desk.',
    accepts: 'none, or pairs separated by commas: status-owners=owner,on-call=responder',
    read: (text) => (text === 'none' ? [] : list(text).map(groupAndRole)),
  },
  oidcOnly: {
    name: 'CANDOR_OIDC_ONLY',
    otherwise: 'off',
    meaning:
      'Whether the provider is the only way in. Who came in otherwise before is signed out; an owner can still come in with a password: candor account reset.',
    accepts: 'on, off',
    read: (text) => matching(text, text === 'on' || text === 'off') === 'on',
  },
}

/** What does not go together. */
export function signOnProblems(config: SignOnConfig): string[] {
  const problems: string[] = []
  const isSet = config.oidcIssuer !== null
  if (isSet && config.oidcClientId === null)
    problems.push('CANDOR_OIDC_ISSUER: CANDOR_OIDC_CLIENT_ID has to be set too.')
  if (config.oidcOnly && !isSet) problems.push('CANDOR_OIDC_ONLY: Without CANDOR_OIDC_ISSUER nobody could come in.')
  if (config.oidcClientSecret !== null && config.oidcClientSecretFile !== null) {
    problems.push('CANDOR_OIDC_CLIENT_SECRET and CANDOR_OIDC_CLIENT_SECRET_FILE are both set; one of them is enough.')
  }
  return problems
}

/** Read at the start, so that a file that is not there ends the start and not the night. */
export function clientSecretOf(config: SignOnConfig): string | null {
  const { oidcClientSecretFile: file } = config
  return file === null ? config.oidcClientSecret : readFileSync(file, 'utf8').trim()
}

function issuer(text: string): string {
  const url = URL.parse(text)
  if (!url || url.username || url.password || url.search || url.hash) return refuse()
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  return matching(text, url.protocol === 'https:' || (url.protocol === 'http:' && isHere))
}

function groupAndRole(text: string): readonly [string, string] {
  // A group may hold an equals sign, as those of LDAP do; a role holds none.
  const at = text.lastIndexOf('=')
  const [group, role] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (at < 1 || group === '') return refuse()
  return roles.includes(role) ? [group, role] : refuse(`There is no role “${role}”: ${roles.join(', ')}.`)
}
