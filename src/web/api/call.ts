import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { Scope, Token } from '../../domain/accounts/account.ts'
import type { Change } from '../../domain/changes/change.ts'
import { readSite } from '../../domain/site/queries.ts'
import type { Site } from '../../domain/site/site.ts'
import { type Once, once } from '../../domain/requests/once.ts'
import type { ChannelKind } from '../../domain/subscribers/channel.ts'
import type { Json } from '../../lib/canonical-json.ts'
import { check } from '../../lib/check.ts'
import { Invalid, NotFound } from '../../lib/errors.ts'
import { type Schema, amongOthers, id } from '../../lib/fields.ts'
import type { RateLimit } from '../../lib/rate-limit.ts'
import { tokens } from '../shared/access.ts'
import { holdTo } from '../shared/rate-limit-headers.ts'
import { aliasesOf } from './addresses.ts'
import { tokenOf } from './token.ts'

/** What the face for programs needs of the product. */
export type ApiParts = Pick<Deps, 'db' | 'change' | 'clock' | 'ids' | 'vault'> & {
  /** The address of the site, without a slash at its end. */
  readonly url: string
  /** The channels that work here. */
  readonly offered: readonly ChannelKind[]
  /** Resolves when what was changed can be read by everybody. */
  settled(): Promise<void>
}

/** The names in a path: `'/pages/:page/incidents/:id'` has `page` and `id`. */
type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** A request that was let in and checked. */
export interface Given<Path extends string = string, Query = unknown, Body = unknown> {
  readonly site: Site
  readonly token: Token
  readonly params: Readonly<Record<Names<Path>, string>>
  readonly query: Query
  readonly body: Body
  readonly url: string
  readonly offered: readonly ChannelKind[]
  /** Null where the program did not say so. */
  readonly once: Once | null
  /** The address that it came from: for the audit log alone. */
  readonly from: string
}

interface Declared<Path extends string, Query, Body, Answer> {
  /** Under which the description lists it: `Incidents`. */
  readonly noun: string
  readonly path: Path
  readonly scopes: readonly Scope[]
  readonly summary: string
  readonly detail?: string
  /** What else stands in the query is not read. */
  readonly query?: Schema<Query>
  readonly body?: Schema<Body>
  /** 200 unless it is said. */
  readonly status?: 200 | 201 | 202 | 204
  /** Its answer holds addresses of people, so it is not kept for a repeat: `Idempotency-Key` is not heard. */
  readonly isPersonal?: true
  /** Null: no body at all. */
  readonly answer: Schema<Answer> | null
}

/** One call of the API: who may, what it takes, what it answers. The route and its description both come from here. */
export interface Call extends Declared<string, unknown, unknown, unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Carries it out, once everything was checked. */
  run(parts: ApiParts, given: Given<string, never, never>): Promise<Ran>
}

interface Ran {
  readonly answer: unknown
  /** It was carried out before, and this is what was answered then. */
  readonly isAgain: boolean
}

/** A call that changes nothing. */
export function reads<const Path extends string, Query, Answer>(
  call: Declared<Path, Query, undefined, Answer> & {
    read(parts: ApiParts, given: Given<Path, Query, undefined>): Promise<NoInfer<Answer>>
  },
): Call {
  const { read, ...declared } = call
  return {
    ...(declared as Declared<string, unknown, unknown, unknown>),
    method: 'GET',
    run: async (parts, given) => ({ answer: await read(parts, given), isAgain: false }),
  }
}

/** A call that changes something, all of it or nothing, in the name of its token. */
export function writes<const Path extends string, Query, Body, Answer>(
  call: Declared<Path, Query, Body, Answer> & {
    readonly method: Exclude<Call['method'], 'GET'>
    write(change: Change, given: Given<Path, Query, Body>): Promise<NoInfer<Answer>>
  },
): Call {
  const { write, ...declared } = call
  return {
    ...(declared as Declared<string, unknown, unknown, unknown> & Pick<Call, 'method'>),
    async run({ change }, given) {
      const { id: tokenId, name } = given.token
      return change({ kind: 'token', id: tokenId, name, from: given.from }, async (it) =>
        given.once ? once(it, given.once, () => write(it, given)) : { answer: await write(it, given), isAgain: false },
      )
    },
  }
}

/** The largest body: a text of 25 000 characters, each of them twelve bytes in a form. */
const bodyLimit = 384 * 1024

/** A route for each of these calls. The face has the prefix, the bodies and the errors. */
export function serveCalls(face: FastifyInstance, parts: ApiParts, calls: readonly Call[], limit: RateLimit): void {
  const entered = new WeakMap<FastifyRequest, Token>()
  for (const call of calls) {
    face.route({
      method: call.method satisfies HTTPMethods,
      url: call.path,
      bodyLimit,
      config: { access: tokens(...call.scopes), aliases: aliasesOf(call.path) },
      // Before the body is read: strangers have nothing to send.
      onRequest: async (request, reply) => {
        const token = await tokenOf(request, parts)
        holdTo(reply, limit.take(token.id), 'Rate limit exceeded: a minute has room for 60 requests of each token.')
        entered.set(request, token)
      },
      handler: async (request, reply) => {
        const token = entered.get(request)
        if (!token) throw new Error('A call was not asked for its token.')
        const { answer, isAgain } = await call.run(parts, await given(call, parts, { request, token }))
        if (call.method !== 'GET') await parts.settled()
        if (isAgain) void reply.header('idempotency-replayed', 'true')
        void reply.code(call.status ?? 200)
        return call.answer ? reply.send(answer) : reply.send()
      },
    })
  }
}

async function given(
  call: Call,
  parts: ApiParts,
  { request, token }: { request: FastifyRequest; token: Token },
): Promise<Given<string, never, never>> {
  const site = await readSite(parts.db)
  const params = request.params as Readonly<Record<string, string>>
  if ('page' in params && params['page'] !== site.id) throw new NotFound('There is no such page.')
  for (const value of Object.values(params)) if (id.fault?.(value)) throw new NotFound('There is no such thing.')
  const query = call.query ? check(amongOthers(call.query), { ...(request.query as object) }) : undefined
  const body = call.body ? check(call.body, request.body) : undefined
  return {
    site,
    token,
    params,
    url: parts.url,
    offered: parts.offered,
    query: query as never,
    body: body as never,
    once: onceOf(call, { request, token }),
    from: request.ip,
  }
}

/** `Idempotency-Key: 8e03…`, with or without quotes: what stands there is one request, however often it is sent. */
function onceOf(call: Call, { request, token }: { request: FastifyRequest; token: Token }): Once | null {
  const given = request.headers['idempotency-key']
  if (call.method === 'GET' || call.isPersonal || given === undefined) return null
  const key = /^"?([!#-~]{1,255}?)"?$/.exec(String(given).trim())?.[1]
  if (key === undefined) {
    throw new Invalid('The Idempotency-Key must be one word of at most 255 characters without spaces.')
  }
  const { params, body = null } = request
  return { tokenId: token.id, key, request: [call.method, call.path, params as Json, body as Json] }
}
