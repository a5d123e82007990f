import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { type InboundKind, isInboundSecret } from '../../domain/subscribers/inbound/addresses.ts'
import { hearMail, leaveBy } from '../../domain/subscribers/inbound/mail.ts'
import { hearReports } from '../../domain/subscribers/inbound/reports.ts'
import { Invalid, NotFound, TooMany } from '../../lib/errors.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import { type Held, holders } from '../shared/access.ts'
import { takeFiles } from '../shared/multipart.ts'
import { inTheLog } from '../shared/problem.ts'
import { holdTo } from '../shared/rate-limit-headers.ts'
import { wrongSecrets } from '../shared/wrong-secrets.ts'
import { readBounces } from './bounces.ts'

export type InboundParts = Pick<Deps, 'db' | 'clock' | 'vault'>

/** A thousand reports, or a letter that came back with all that it held. */
const mostBytes = 2 * 1024 * 1024
const mostPerMinute = 1200

/**
 * Where mail providers say what became of mail, and where mail is handed in by which people leave. Who holds the address is
 * believed: it is made of the key of this installation, and stands in no page.
 */
export const inboundFace: FastifyPluginAsync<InboundParts> = async (face, parts) => {
  const limit = rateLimit({ name: 'inbound', most: mostPerMinute, seconds: 60 }, millisecondsBy(parts.clock))
  const wrong = wrongSecrets(parts.clock, 'addresses')
  face.removeContentTypeParser(['application/json', 'text/plain'])
  takeFiles(face)
  face.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  face.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof TooMany) void reply.header('retry-after', String(error.retryAfterSeconds))
    const status = statusOf(error)
    if (status >= 500) request.log.error({ err: error }, 'What came in could not be taken.')
    const field = error instanceof Invalid && error.field !== null ? `${error.field} ` : ''
    return say(reply, status, status >= 500 ? `Try again.\n${inTheLog(request)}` : `${field}${error.message}`)
  })

  const route = (kind: InboundKind, of: Held, take: (request: FastifyRequest) => Promise<string>): void => {
    face.route({
      method: 'POST',
      url: `/inbound/${kind}/:secret`,
      bodyLimit: mostBytes,
      config: { access: holders(of) },
      // Before the body is read: strangers have nothing to send.
      onRequest: async (request, reply) => {
        const { secret } = request.params as { readonly secret: string }
        const [network, hash] = [networkBlock(request.ip), hashOfSecret(secret)]
        wrong.admit(network, hash)
        if (!isInboundSecret(parts.vault, kind, secret)) {
          wrong.wrong(network, hash)
          throw new NotFound('Nobody has this address.')
        }
        wrong.right(hash)
        holdTo(reply, limit.take(kind), 'That is more than is taken in a minute.')
      },
      handler: async (request, reply) => say(reply, 200, await take(request)),
    })
  }

  route('bounces', 'bounce address', async (request) => {
    const { reports, confirmAt } = readBounces(jsonIn(request.body))
    if (confirmAt !== null) {
      request.log.warn(
        { address: confirmAt },
        'Amazon SNS asks whether it shall report bounces: open this address once.',
      )
    }
    await hearReports(parts, reports)
    return 'Heard.'
  })

  // Whoever hands it over is a mail server: what it was good for is told to the log of that, and is never an error there.
  route('mail', 'mail address', async ({ body }) => {
    if (Buffer.isBuffer(body) && !isJson(body)) return hearMail(parts, body.toString('latin1'))
    const fields = (Buffer.isBuffer(body) ? jsonIn(body) : (body ?? {})) as Readonly<Record<string, unknown>>
    const named = (names: readonly string[]): string[] =>
      names.map((name) => fields[name]).filter((value) => typeof value === 'string')
    const [message] = named(messageFields)
    return message === undefined ? leaveBy(parts, named(partFields)) : hearMail(parts, message)
  })
}

/** A whole mail: ours, Mailgun, SendGrid, Postmark. */
const messageFields = ['message', 'body-mime', 'email', 'RawEmail']
/** Of those who hand over only parts of it. */
const partFields = ['subject', 'Subject', 'recipient', 'to', 'To', 'OriginalRecipient']

function isJson(body: Buffer): boolean {
  return body.subarray(0, 20).toString('latin1').trimStart().startsWith('{')
}

function jsonIn(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '')
  } catch (error) {
    throw new Invalid('The body is not JSON.', null, { cause: error })
  }
}

function statusOf(error: FastifyError): number {
  if (error instanceof NotFound) return 404
  if (error instanceof TooMany) return 429
  if (error instanceof Invalid) return 422
  return error.statusCode ?? 500
}

function say(reply: FastifyReply, status: number, words: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })
    .type('text/plain; charset=utf-8')
    .send(`${words}\n`)
}
