import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { type Role, type Scope, roles, scopes } from '../../../src/domain/accounts/account.ts'
import { createAccount, disableAccount } from '../../../src/domain/accounts/commands.ts'
import { invite } from '../../../src/domain/accounts/invitations.ts'
import { offerReset } from '../../../src/domain/accounts/resets.ts'
import { beginSession } from '../../../src/domain/accounts/sessions.ts'
import { createToken, revokeToken } from '../../../src/domain/accounts/tokens.ts'
import { addPlace } from '../../../src/domain/places/commands.ts'
import { giveAddress } from '../../../src/domain/probes/heartbeats/commands.ts'
import { inboundPath } from '../../../src/domain/subscribers/inbound/addresses.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { readers } from '../../domain/subscribers/readers.ts'
import { formToken } from '../../../src/web/shared/csrf.ts'
import type { DeclaredRoute, Held } from '../../../src/web/shared/access.ts'
import { headers as placeHeaders, readToken, signatureOf } from '../../../src/outbound/probing/place-wire.ts'
import { millisecondsOf } from '../../../src/lib/clock.ts'
import type { World } from '../../world.ts'

/** Something that one can come with; what it opens, if it opens anything. */
export interface Credential {
  readonly name: string
  secret: string
  readonly role?: Role
  readonly scope?: Scope
  readonly holds?: Held
}

const beginning = { browser: 'A browser', network: '', via: 'password' } as const
const setup = { kind: 'setup' } as const

/** Nobody, every role, every scope, everything that no longer opens anything, and the secret of each thing that has one. */
export async function everyCredential(it: World): Promise<Credential[]> {
  const account = (name: string, role: Role) =>
    it.change(setup, (change) =>
      createAccount(change, { email: `${name}@example.org`, name, role, passwordHash: 'nothing' }),
    )
  const token = async (scope: Scope, expiresInDays: number | null = null) =>
    it.change(setup, (change) => createToken(change, { name: scope, scope, expiresInDays }))
  const expired = await token('manage', 1)
  it.clock.advance('2d')
  const gone = await account('gone', 'owner')
  const disabled = await beginSession(it, gone, beginning)
  const team = await Promise.all(
    roles.map(async (role) => ({ name: role, role, id: await account(`the-${role}`, role) })),
  )
  await it.change(setup, (change) => disableAccount(change, gone))
  // Disabling ends what was open; this one was begun all the same.
  const after = await beginSession(it, gone, beginning)
  const [owner] = team
  const ada = { kind: 'operator', id: owner?.id ?? '', name: 'owner' } as const
  const revoked = await token('manage')
  await it.change(setup, (change) => revokeToken(change, revoked.id))
  const heartbeat = await it.change(setup, async (change) => {
    const componentId = await createComponent(change, { name: 'Backups' })
    const spec = { period: '3600', grace: '60' }
    return giveAddress(change, await createProbe(change, { componentId, kind: 'heartbeat', ...spec }))
  })
  const place = await it.change(setup, (change) => addPlace(change, { name: 'Lisbon' }))
  const invitation = await it.change(ada, (change) => invite(change, { email: 'new@example.org', role: 'owner' }))
  const reset = await it.change(ada, (change) =>
    offerReset(change, team[4]?.id ?? '', { factors: 'kept', config: { oidcOnly: false } }),
  )
  return [
    { name: 'nobody', secret: '' },
    ...(await Promise.all(
      team.map(async ({ name, role, id }) => ({ name, role, secret: await beginSession(it, id, beginning) })),
    )),
    { name: 'a session that was ended', secret: disabled },
    { name: 'a session of a disabled account', secret: after },
    { name: 'a made-up secret', secret: 'x'.repeat(43) },
    ...(await Promise.all(
      scopes.map(async (scope) => ({ name: `a token to ${scope}`, scope, secret: (await token(scope)).secret })),
    )),
    { name: 'a revoked token', secret: revoked.secret },
    { name: 'an expired token', secret: expired.secret },
    { name: 'a heartbeat', holds: 'heartbeat', secret: heartbeat },
    ...(['bounces', 'mail'] as const).map((kind) => ({
      name: `the address for ${kind}`,
      holds: kind === 'mail' ? ('mail address' as const) : ('bounce address' as const),
      secret: inboundPath(it.vault, kind).split('/').at(-1) ?? '',
    })),
    { name: 'a place', holds: 'place', secret: readToken(place.token)?.key ?? '' },
    { name: 'an invitation', holds: 'invitation', secret: invitation.secret },
    { name: 'a subscription link', holds: 'subscription link', secret: await subscribed(it) },
    { name: 'a reset link', holds: 'reset link', secret: reset.secret },
  ]
}

/** Of somebody who follows everything: their id, by which the address of a route is signed. */
async function subscribed(it: World): Promise<string> {
  const reader = readers(it)
  await reader.subscribes('cy@example.org')
  return (await reader.found('cy@example.org')).id
}

let request = 0

/** Comes to a route with a credential, in every way in which it could be brought: cookie, header, address, form, signature. */
export async function comesWith(
  it: World,
  app: FastifyInstance,
  { secret }: Pick<Credential, 'secret'>,
  { method, url, more = {} }: { method: string; url: string; more?: Readonly<Record<string, string>> },
): Promise<LightMyRequestResponse> {
  const isForm = ['/admin', '/setup', '/subscriptions'].some((start) => url.startsWith(start))
  const isChange = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
  const payload = isChange && isForm ? form(it, secret) : isChange ? '{}' : ''
  const time = String(millisecondsOf(it.clock.now()))
  const path = url.split('?')[0] ?? ''
  const body = method === 'GET' || method === 'HEAD' ? '' : payload
  request += 1
  return app.inject({
    method: method as NonNullable<InjectOptions['method']>,
    url: isForm && !isChange && secret !== '' ? `${url}?secret=${encodeURIComponent(secret)}` : url,
    // Each from elsewhere, so that none waits because another one was refused.
    remoteAddress: `127.${(request >> 16) & 255}.${(request >> 8) & 255}.${request & 255 || 1}`,
    ...(isChange ? { payload } : {}),
    headers: {
      ...(isChange ? { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' } : {}),
      'sec-fetch-site': 'same-origin',
      ...(secret === '' ? {} : { cookie: `candor=${secret}`, authorization: `Bearer ${secret}` }),
      [placeHeaders.place]: '1',
      [placeHeaders.time]: time,
      [placeHeaders.signature]: secret === '' ? '' : signatureOf(secret, { method, path, time, body }),
      ...more,
    },
  })
}

function form(it: World, secret: string): string {
  return new URLSearchParams({ token: formToken(it.key, secret), secret }).toString()
}

/** Whether somebody got past the door of a route. */
export function isLetIn({ access }: DeclaredRoute, { statusCode, body }: LightMyRequestResponse): boolean {
  switch (access.to) {
    case 'everyone':
      return true
    case 'operators':
      return statusCode !== 401 && !/You are signed in as|This is for programs/.test(body)
    case 'tokens':
      return statusCode !== 401 && statusCode !== 403
    case 'holders':
      if (access.of === 'heartbeat') return statusCode === 202
      if (access.of === 'mail address' || access.of === 'bounce address') return statusCode !== 404
      if (access.of === 'place') return statusCode !== 401 && statusCode !== 403
      // Theirs as it is, or gone after they left by another one; anybody else is told that it is no link of ours.
      if (access.of === 'subscription link') return statusCode !== 404
      // The form that asks for a password, or what is wrong with what was sent.
      return statusCode < 300 ? body.includes('name="password"') : statusCode === 422
  }
}
