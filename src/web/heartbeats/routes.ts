import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import type { Deps } from '../../deps.ts'
import { longestLog, readSignal } from '../../domain/probes/heartbeats/heartbeat.ts'
import { hear } from '../../domain/probes/heartbeats/hear.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { TooMany } from '../../lib/errors.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import { OverLimit } from '../shared/limits.ts'
import { holders } from '../shared/access.ts'
import { inTheLog } from '../shared/problem.ts'
import { tellLimit } from '../shared/rate-limit-headers.ts'
import { wrongSecrets } from '../shared/wrong-secrets.ts'

export type HeartbeatParts = Pick<Deps, 'db' | 'clock'>

/** A text that is longer is kept to its beginning; whoever sends more than this is cut off. */
const longestBody = 1024 * 1024
/** A job that says when it starts and ends needs two a minute. */
const callsPerMinute = 60
/** So many calls of one network go to no address: a few jobs whose heartbeat was removed may go on calling. */
const strayPerMinute = 120

/**
 * `/hb/<token>`: where jobs and machines say that they live. Whoever knows the address may call it, in the way that is
 * easiest to write; a few plain words are the answer, because nobody reads it. What it means is judged elsewhere.
 */
export const heartbeatsFace: FastifyPluginAsync<HeartbeatParts> = async (face, parts) => {
  const calls = rateLimit({ name: 'address', most: callsPerMinute, seconds: 60 }, millisecondsBy(parts.clock))
  const stray = wrongSecrets(parts.clock, 'addresses', strayPerMinute)
  face.removeAllContentTypeParsers()
  // A log is text, whatever its sender calls it. One that is too long must not cost its job the sign of life.
  face.addContentTypeParser('*', (_request: FastifyRequest, payload: Readable) => beginningOf(payload))

  face.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof TooMany) {
      void reply.header('retry-after', String(error.retryAfterSeconds))
      return say(reply, 429, error.message)
    }
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'A sign of life could not be taken.')
    if (error instanceof OverLimit) return say(reply, status, error.message)
    return say(
      reply,
      status,
      status >= 500 ? `This could not be taken: try again.\n${inTheLog(request)}` : 'This cannot be read.',
    )
  })

  const called = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { token = '', '*': word = '' } = request.params as { token?: string; '*'?: string }
    const signal = readSignal(word)
    if (!signal) return say(reply, 404, 'There is no such signal: start, fail, log, or an exit code from 0 to 255.')
    const hash = hashOfSecret(token)
    const network = networkBlock(request.ip)
    if (tellLimit(reply, calls.take(hash)).isOver) return say(reply, 429, 'Called too often: once a minute is enough.')
    stray.admit(network, hash)
    const text = typeof request.body === 'string' ? request.body : ''
    const answer = await hear(parts, { token, signal, text })
    if (answer === 'heard') {
      stray.right(hash)
      return say(reply, 202, 'Heard.')
    }
    stray.wrong(network, hash)
    return say(reply, 404, 'Nobody has this address.')
  }
  for (const url of ['/hb/:token', '/hb/:token/*']) {
    face.route({
      method: ['GET', 'POST'],
      url,
      bodyLimit: longestBody,
      config: { access: holders('heartbeat') },
      handler: called,
    })
  }
}

function say(reply: FastifyReply, status: number, words: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex', 'x-content-type-options': 'nosniff' })
    .type('text/plain; charset=utf-8')
    .send(`${words}\n`)
}

/** As much of what is sent as is kept; the rest is read, so that the sender comes to its end. */
async function beginningOf(payload: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let [kept, length] = [0, 0]
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > longestBody) throw Object.assign(new Error('The text is too long.'), { statusCode: 413 })
    if (kept < longestLog) chunks.push(chunk.subarray(0, longestLog - kept))
    kept = Math.min(longestLog, kept + chunk.length)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\ufffd$/, '')
}
