import type { Buffer } from 'node:buffer'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { beginSession, noteTaken } from '../../domain/places/hearing.ts'
import { type Correspondent, correspondent } from '../../domain/places/queries.ts'
import { millisecondsOf } from '../../lib/clock.ts'
import { Refusal, Unavailable } from '../../lib/errors.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { isSame } from '../../lib/secrets.ts'
import { type RefusalCode, headers, nowHeader, signatureOf, windowMs } from '../../outbound/probing/place-wire.ts'
import { isHopeless } from '../../outbound/probing/take-results.ts'
import { OverLimit } from '../shared/limits.ts'
import { holders } from '../shared/access.ts'
import { sendProblem } from '../shared/problem.ts'
import { tellLimit } from '../shared/rate-limit-headers.ts'
import { assignments } from './assignments.ts'
import { readReport } from './report.ts'
import { takeReport } from './taking.ts'

export type PlacesOptions = Pick<Deps, 'db' | 'vault' | 'change' | 'clock' | 'meters' | 'reserve' | 'latestVersion'>

const bodyLimit = 256 * 1024

/** Places ask here what to check, and say what they found. Every request is signed; nothing is answered unsigned. */
export const placesFace: FastifyPluginAsync<PlacesOptions> = async (face, parts) => {
  const { db, clock } = parts
  const assigned = assignments(parts)
  const speaks = new WeakMap<FastifyRequest, Correspondent>()
  const requests = rateLimit({ name: 'place', most: 120, seconds: 10 }, millisecondsBy(clock))
  const unsigned = rateLimit({ name: 'unsigned', most: 20, seconds: 60 }, millisecondsBy(clock))
  /** One report of a place after the other: the same one could be here twice. */
  const turns = new Map<number, Promise<unknown>>()
  /** How often in a row the report of a place could not be stored. */
  const failed = new Map<number, number>()

  // As it came: the signature is about these bytes.
  face.removeAllContentTypeParsers()
  face.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))

  face.addHook('onRequest', async (request, reply) => {
    void reply.header('cache-control', 'no-store').header(nowHeader, String(millisecondsOf(clock.now())))
    if (!isPrivateWay(request)) return refuse(request, reply, 403, 'other', onlySecure)
    const standing = unsigned.look(networkBlock(request.ip))
    if (!standing.isOver) return undefined
    tellLimit(reply, standing)
    return refuse(request, reply, 429, 'other', 'Too many requests that nobody signed.')
  })

  face.addHook('preHandler', async (request, reply) => {
    const given = headerOf(request, headers.place)
    const number = /^\d{1,6}$/.test(given) ? Number(given) : null
    const time = headerOf(request, headers.time)
    const place = number === null ? null : await correspondent(db, parts.vault, number)
    const path = request.url.split('?')[0] ?? ''
    const body = (request.body as Buffer | undefined) ?? ''
    const signed = place ? signatureOf(place.key, { method: request.method, path, time, body }) : ''
    if (!place || !isSame(signed, headerOf(request, headers.signature))) {
      unsigned.take(networkBlock(request.ip))
      return refuse(
        request,
        reply,
        401,
        'stranger',
        'This place is not known here: its token is wrong, or was revoked.',
      )
    }
    if (!(Math.abs(millisecondsOf(clock.now()) - Number(time)) <= windowMs))
      return refuse(request, reply, 401, 'time', 'This was signed at another time than now.')
    if (tellLimit(reply, requests.take(String(place.number))).isOver)
      return refuse(request, reply, 429, 'other', 'This place asks too often.')
    speaks.set(request, place)
  })

  face.setErrorHandler((error, request, reply) => {
    if (error instanceof Refusal && !(error instanceof Unavailable))
      return refuse(request, reply, 422, 'other', error.message)
    const { statusCode } = error as { readonly statusCode?: number }
    if (error instanceof OverLimit) return refuse(request, reply, error.statusCode, 'other', error.message)
    if (statusCode === 413) return refuse(request, reply, 413, 'other', 'This is too much at once.')
    if (statusCode !== undefined && statusCode < 500)
      return refuse(request, reply, statusCode, 'other', 'This cannot be read.')
    request.log.error(error)
    return refuse(request, reply, 500, 'other', 'This could not be stored. Send it again.')
  })
  face.setNotFoundHandler((request, reply) => refuse(request, reply, 404, 'other', 'There is nothing here.'))

  const placeOf = (request: FastifyRequest): Correspondent => {
    const place = speaks.get(request)
    if (!place) throw new Error('A place was not asked for its signature.')
    return place
  }

  face.post('/sessions', { config: { access: holders('place') } }, async (request, reply) => {
    const { number, name } = placeOf(request)
    return reply.send({ session: await beginSession(db, number), name })
  })

  face.get('/probes', { config: { access: holders('place') } }, async (request, reply) => {
    const { etag, body } = await assigned(placeOf(request).number)
    void reply.header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(body)
  })

  face.post('/reports', { config: { access: holders('place') } }, async (request, reply) => {
    const { number } = placeOf(request)
    const report = readReport(parsed(request.body as Buffer))
    const before = turns.get(number) ?? Promise.resolve()
    const turn = before.then(async () => {
      const place = await correspondent(db, parts.vault, number)
      if (!place) return refuse(request, reply, 401, 'stranger', 'This place was revoked.')
      if (place.session !== report.session)
        return refuse(request, reply, 409, 'session', 'Another process speaks for this place by now.')
      const { revisions } = await assigned(number)
      const taken = await takeReport(parts, place, report, revisions).catch(async (error: unknown) => {
        const attempt = (failed.get(number) ?? 0) + 1
        failed.set(number, attempt)
        if (!isHopeless(error, attempt)) throw error
        request.log.error(error, 'A report of a place is given up.')
        await noteTaken(db, number, report.session, report.batch)
        return { hangs: {} }
      })
      failed.delete(number)
      return reply.send(taken)
    })
    turns.set(
      number,
      turn.catch(() => undefined),
    )
    return turn
  })
}

const onlySecure =
  'Places are answered over HTTPS only, because probes can hold secrets. If a proxy in front of Candor ends TLS, name it in CANDOR_TRUST_PROXY.'

/**
 * Over TLS, as far as the proxies say that are trusted; or without leaving this machine. What a proxy brings from
 * elsewhere comes from this machine as well, where the proxy stands on it and nobody said that it is trusted.
 */
function isPrivateWay({ protocol, ip, headers: said }: FastifyRequest): boolean {
  if (protocol === 'https') return true
  const isBrought = ['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'via'].some((name) => name in said)
  return !isBrought && /^(127\.|::1$|::ffff:127\.)/.test(ip)
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    // Told as what it is not.
    return null
  }
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: RefusalCode,
  detail: string,
): FastifyReply {
  return sendProblem(request, reply, { status, detail, code })
}
