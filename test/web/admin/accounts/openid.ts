import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { onTestFinished, vi } from 'vitest'
import { buildApp } from '../../../../src/app.ts'
import { createProvider, egressOf } from '../../../../src/outbound/signing-on/provider.ts'
import { setUpSite } from '../../../../src/domain/site/commands.ts'
import { type Person, browser } from '../../../people.ts'
import { type World, world } from '../../../world.ts'
import supertest from 'supertest'

/** Somebody as the provider knows them. */
export interface Known {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
  groups?: string[]
}

export interface OpenId {
  readonly issuer: string
  /** Who sits at the provider's own sign-in page. */
  sits(person: Known): void
  /** What is sent instead of what the provider would send, by path. */
  readonly instead: Map<string, (answer: string) => string>
  /** What its server was asked for. */
  readonly asked: string[]
  stop(): Promise<void>
}

/** A real provider, on this machine. */
async function openId(redirect: string): Promise<OpenId> {
  let handler: (request: IncomingMessage, response: ServerResponse) => void = () => {}
  const asked: string[] = []
  const instead: OpenId['instead'] = new Map()
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    asked.push(path)
    const change = instead.get(path)
    if (change) changing(response, change)
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  onTestFinished(stop)
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let known: Known = { sub: 'nobody' }
  // It warns of keys and a store that are good for tests only.
  const silenced = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'candor', client_secret: 'a secret of candor', redirect_uris: [redirect] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['a key for tests'] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    interactions: { url: (_, { uid }) => `/come/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...known, sub }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId ?? '',
        accountId: ctx.oidc.session?.accountId ?? '',
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  silenced.mockRestore()
  const callback = provider.callback()
  handler = (request, response) => {
    if (!request.url?.startsWith('/come/')) return void callback(request, response)
    void provider.interactionFinished(request, response, { login: { accountId: known.sub } })
  }
  return { issuer, sits: (person) => void (known = person), instead, asked, stop }
}

function changing(response: ServerResponse, change: (answer: string) => string): void {
  const end = response.end.bind(response)
  response.end = ((chunk?: unknown) => {
    const text = change(Buffer.isBuffer(chunk) ? chunk.toString() : typeof chunk === 'string' ? chunk : '')
    response.setHeader('content-length', Buffer.byteLength(text))
    return end(text)
  }) as typeof response.end
}

export interface SignOnWorld {
  readonly it: World
  readonly openid: OpenId
  /** A browser that has been nowhere. */
  browser(name?: string): Person
  /** From the desk to the provider, and the address with which it sends them back. */
  goes(who: Person, next?: string, more?: string): Promise<string>
  /** All the way, and what the desk says then. */
  comes(who: Person, as: Known, next?: string): Promise<supertest.Response>
}

/** The product beside a real provider. */
export async function besideProvider(settings: Readonly<Record<string, string>> = {}): Promise<SignOnWorld> {
  const url = 'http://status.example'
  const openid = await openId(`${url}/admin/single-sign-on/return`)
  const it = await world({
    CANDOR_OIDC_ISSUER: openid.issuer,
    CANDOR_OIDC_CLIENT_ID: 'candor',
    CANDOR_OIDC_CLIENT_SECRET: 'a secret of candor',
    CANDOR_OIDC_LABEL: 'Northwind ID',
    CANDOR_EGRESS_ALLOW: '127.0.0.1',
    ...settings,
  })
  await it.change({ kind: 'setup' }, (change) => setUpSite(change, { name: 'Northwind', zone: 'UTC', locale: 'en' }))
  const provider = createProvider({ ...it, egress: egressOf(it.config) })
  const { app } = await buildApp(it, { provider })
  onTestFinished(() => app.close())
  await app.ready()

  const goes = async (who: Person, next = '/admin', more = ''): Promise<string> => {
    const away = await who.opens(`/admin/single-sign-on?next=${encodeURIComponent(next)}${more}`)
    return followed(away.headers['location'] ?? '', url)
  }
  return {
    it,
    openid,
    browser: (name = 'Cy') => browser(supertest.agent(app.server), { id: '', name }),
    goes,
    async comes(who, as, next) {
      openid.sits(as)
      return who.opens((await goes(who, next)).slice(url.length))
    },
  }
}

/** As a browser follows redirects, with the provider's cookies, until one leads home. */
async function followed(from: string, home: string): Promise<string> {
  const jar = new Map<string, string>()
  for (let at = from, hops = 0; hops < 10; hops += 1) {
    if (at.startsWith(home)) return at
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const each of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? []
      jar.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`${at} answers ${answer.status}: ${await answer.text()}`)
    at = new URL(location, at).href
  }
  throw new Error('The provider sends one in a circle.')
}
