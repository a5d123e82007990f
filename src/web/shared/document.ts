import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What a face makes of the snapshot. */
export interface Rendered {
  readonly contentType: string
  readonly body: string | Buffer
  readonly status?: number
  /** Beside and over the standard ones. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Bytes, ready in each encoding. */
export interface Document {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly encodings: Readonly<Record<Encoding, { readonly body: Buffer; readonly etag: string }>>
  /** What it costs to keep. */
  readonly size: number
}

type Encoding = 'br' | 'gzip' | 'identity'

const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

/** Caches may answer for five seconds by themselves, and for a day if we are gone. */
const cacheControl = 'public, max-age=5, stale-while-revalidate=30, stale-if-error=86400'

/** Compresses once, in the thread pool, and names the bytes by their hash. */
export async function toDocument(key: string, rendered: Rendered): Promise<Document> {
  const body = Buffer.isBuffer(rendered.body) ? rendered.body : Buffer.from(rendered.body)
  const [br, gz] = await Promise.all([
    compressBrotli(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    }),
    compressGzip(body, { level: 6 }),
  ])
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  const status = rendered.status ?? 200
  return {
    status,
    headers: {
      'content-type': rendered.contentType,
      'cache-control': status === 200 ? cacheControl : 'no-store',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
      ...rendered.headers,
    },
    encodings: {
      br: { body: br, etag: `"${hash}-br"` },
      gzip: { body: gz, etag: `"${hash}-gz"` },
      identity: { body, etag: `"${hash}"` },
    },
    size: body.length + br.length + gz.length + key.length * 2 + 500,
  }
}

/** One buffer written, or 304: nothing is computed because somebody asked. */
export function answer(request: FastifyRequest, reply: FastifyReply, document: Document): FastifyReply {
  const encoding = negotiate(request.headers['accept-encoding'])
  const { body, etag } = document.encodings[encoding]
  void reply.headers({ ...document.headers, etag })
  if (document.status === 200 && knows(request.headers['if-none-match'], document)) return reply.code(304).send()
  if (encoding !== 'identity') void reply.header('content-encoding', encoding)
  return reply.code(document.status).send(body)
}

/** The smallest encoding that the reader takes (RFC 9110 §12.5.3; a weight of zero refuses). */
export function negotiate(accepted: string | undefined): Encoding {
  if (accepted === undefined) return 'identity'
  const weights = new Map<string, number>()
  for (const part of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)))
  }
  const takes = (encoding: string): boolean => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity'
}

function knows(ifNoneMatch: string | undefined, document: Document): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return Object.values(document.encodings).some(({ etag }) => tags.includes(etag))
}
