import type { Configuration, UserInfoResponse } from 'openid-client'
import type { Config } from '../../config.ts'
import { type SignOnConfig, clientSecretOf } from '../../config/single-sign-on.ts'
import type { Elsewhere, Provider, ProviderFault } from '../../domain/accounts/provider.ts'
import { type Clock, type Instant, instantOf, secondsBetween } from '../../lib/clock.ts'
import type { Egress } from '../../lib/egress.ts'
import { parseNetwork } from '../../lib/guard.ts'
import { resolver } from '../../lib/resolver.ts'
import { NoAnswerError, guardedFetch } from './guarded-fetch.ts'

export interface ProviderParts {
  readonly config: SignOnConfig & { readonly url: string }
  readonly egress: Egress
  readonly clock: Clock
}

/** What a provider says about itself is asked for again after this time: keys and addresses change. */
const knownForSeconds = 3600
/** Who was to prove anew who they are, did so since they left. */
const longestAnewSeconds = 10 * 60
/** Clocks differ a little. */
const toleranceSeconds = 30

/** Where a provider sends people back to. */
const returnPath = '/admin/single-sign-on/return'

/** A provider is reached as the machine's operator allows, like everything that we ask for. */
export function egressOf({ dnsServers, egressAllow }: Pick<Config, 'dnsServers' | 'egressAllow'>): Egress {
  const allow = egressAllow.map(parseNetwork).filter((network) => network !== null)
  return { resolver: resolver({ servers: dnsServers }), allow }
}

/** Null: none is configured. Loads the client when somebody first signs in with it. */
export function createProvider({ config, egress, clock }: ProviderParts): Provider | null {
  const { oidcIssuer: issuer, oidcClientId: clientId } = config
  if (issuer === null || clientId === null) return null
  const secret = clientSecretOf(config)
  const fetch = guardedFetch(egress)
  let known: { readonly at: Instant; readonly client: Promise<Configuration> } | null = null

  const discover = async (): Promise<Configuration> => {
    const openid = await import('openid-client')
    const client = await openid.discovery(
      new URL(issuer),
      clientId,
      { [openid.clockTolerance]: toleranceSeconds },
      secret === null ? openid.None() : openid.ClientSecretBasic(secret),
      {
        [openid.customFetch]: fetch,
        execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
      },
    )
    // The token came straight from the provider; its signature is checked all the same.
    openid.enableNonRepudiationChecks(client)
    return client
  }

  const ask = async (): Promise<Configuration> => {
    const now = clock.now()
    if (known === null || secondsBetween(known.at, now) >= knownForSeconds) {
      const client = discover()
      known = { at: now, client }
      // Who fails is asked again by the next one who comes.
      client.catch(() => (known = null))
    }
    return known.client
  }

  return {
    label: config.oidcLabel,
    async begin({ isAnew }) {
      try {
        const openid = await import('openid-client')
        const client = await ask()
        const errand = {
          state: openid.randomState(),
          nonce: openid.randomNonce(),
          verifier: openid.randomPKCECodeVerifier(),
          isAnew,
        }
        const url = openid.buildAuthorizationUrl(client, {
          redirect_uri: `${config.url}${returnPath}`,
          scope: config.oidcScopes,
          state: errand.state,
          nonce: errand.nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(errand.verifier),
          code_challenge_method: 'S256',
          ...(isAnew ? { prompt: 'login', max_age: '0' } : {}),
        })
        return { outcome: 'begun', url: url.href, errand }
      } catch (error) {
        return faultOf(error)
      }
    },
    async finish(query, { state, nonce, verifier, isAnew }) {
      try {
        const openid = await import('openid-client')
        const client = await ask()
        const tokens = await openid.authorizationCodeGrant(client, new URL(`${returnPath}${query}`, config.url), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
          ...(isAnew ? { maxAge: longestAnewSeconds } : {}),
        })
        const claims = tokens.claims()
        if (!claims) return { outcome: 'wrong', reason: 'There was no ID token.' }
        const isComplete = claims['email'] !== undefined && claims[config.oidcGroupsClaim] !== undefined
        const more =
          isComplete || client.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await openid.fetchUserInfo(client, tokens.access_token, claims.sub)
        // What the signed token says stands before what the other document adds.
        return { outcome: 'came', who: elsewhere({ ...more, ...claims }, claims.iss, config.oidcGroupsClaim) }
      } catch (error) {
        return faultOf(error)
      }
    },
  }
}

function elsewhere(claims: Partial<UserInfoResponse>, issuer: string, groupsClaim: string): Elsewhere {
  const { sub: subject = '', email, email_verified: verified, name, given_name: givenName } = claims
  const groups: unknown = claims[groupsClaim]
  const provedAt: unknown = claims['auth_time']
  return {
    issuer,
    subject,
    email: typeof email === 'string' ? email : null,
    // Some write it as a text.
    isVerified: verified === true || (verified as unknown) === 'true',
    name: [name, givenName].find((each) => typeof each === 'string' && each.trim() !== '') ?? null,
    provedAt: typeof provedAt === 'number' ? instantOf(provedAt * 1000) : null,
    groups: [groups].flat().filter((group) => typeof group === 'string'),
  }
}

/** Why nobody came: told apart by whom one can ask about it. */
function faultOf(error: unknown): ProviderFault {
  const chain = [...causes(error)]
  const reason = chain.map((each) => each.message).join(': ')
  if (chain.some((each) => each instanceof NoAnswerError)) return { outcome: 'silent', reason }
  const status = chain.map((each) => ('status' in each ? Number(each.status) : 0)).find((each) => each > 0) ?? 0
  if (status >= 500) return { outcome: 'silent', reason }
  const isSaid = chain.some(({ name }) => name === 'AuthorizationResponseError')
  return { outcome: isSaid ? 'declined' : 'wrong', reason }
}

function* causes(error: unknown): Generator<Error> {
  for (let each = error; each instanceof Error; each = each.cause) yield each
}
