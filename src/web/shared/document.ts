import { createHash, subtle } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { headersOf } from './page-headers.ts'

/** What a face makes of the snapshot. */
export interface Rendered {
  readonly contentType: string
  readonly body: string | Buffer
  readonly status?: number
  /** Beside and over the standard ones. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Bytes, ready in each encoding. Never changed: a better compressed one is another document. */
export interface Document {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly encodings: Readonly<Record<Encoding, { readonly body: Buffer; readonly etag: string }>>
  /** What it costs to keep. */
  readonly size: number
}

export type Encoding = 'br' | 'gzip' | 'identity'

const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

/** For keeping: Node cuts what is small from blocks of 64 kB, and one piece that is kept keeps all of its block. */
function byItself(bytes: Buffer): Buffer {
  if (bytes.length === bytes.buffer.byteLength) return bytes
  const own = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(own)
  return own
}

/** Caches may answer for five seconds by themselves, and for a day if we are gone. */
const cacheControl = 'public, max-age=5, stale-while-revalidate=30, stale-if-error=86400'

/** Packed already: compressing it again costs time and bytes. */
const packed = /^image\/(png|jpeg|webp)|^font\/woff/

/** Above this many bytes the best brotli would keep the thread pool busy for seconds. */
const large = 256 * 1024

interface Effort {
  readonly br: number
  readonly gzip: number
}

/** Quick, because readers of a change wait for it. */
function quick(bytes: number): Effort {
  return bytes > large ? { br: 1, gzip: 1 } : { br: 3, gzip: 3 }
}

/** Slow, and up to a fifth smaller. */
function best(bytes: number): Effort {
  return bytes > large ? { br: 5, gzip: 6 } : { br: 11, gzip: 6 }
}

/**
 * Compresses once, in the thread pool, and names the bytes by their hash. Where they are what they were, it is the
 * document of before, which may have been compressed better since.
 */
export async function toDocument(path: string, rendered: Rendered, before?: Document | null): Promise<Document> {
  const body = byItself(Buffer.isBuffer(rendered.body) ? rendered.body : Buffer.from(rendered.body))
  const etag = body.length > large ? await etagOfLarge(body) : etagOf(body)
  const status = rendered.status ?? 200
  const headers = {
    'content-type': rendered.contentType,
    'cache-control': status === 200 ? cacheControl : 'no-store',
    vary: 'Accept-Encoding',
    ...headersOf(rendered.contentType),
    ...rendered.headers,
  }
  const identity = { body, etag }
  if (before && before.encodings.identity.etag === etag && isSame(before, status, headers)) return before
  const size = path.length * 2 + 500
  if (packed.test(rendered.contentType)) {
    return { status, headers, encodings: { br: identity, gzip: identity, identity }, size: size + body.length }
  }
  const effort = quick(body.length)
  const [br, gz] = await Promise.all([brotli(body, effort.br), gzipped(body, effort.gzip)])
  return {
    status,
    headers,
    encodings: {
      br: { body: br, etag: compressedTag(etag, `b${effort.br}`) },
      gzip: { body: gz, etag: compressedTag(etag, `g${effort.gzip}`) },
      identity,
    },
    size: size + body.length + br.length + gz.length,
  }
}

/** Of the words: the same whoever renders them. */
export function etagOf(body: string | Buffer): string {
  return tagOf(createHash('sha256').update(body).digest())
}

/** In the thread pool: a hash of a megabyte takes some milliseconds. */
async function etagOfLarge(body: Buffer): Promise<string> {
  return tagOf(Buffer.from(await subtle.digest('SHA-256', new Uint8Array(body))))
}

function tagOf(hash: Buffer): string {
  return `"${hash.toString('base64url').slice(0, 22)}"`
}

function compressedTag(etag: string, how: string): string {
  return etag.replace(/"$/, `-${how}"`)
}

/** The same document in its smallest form: about a tenth of a second for a page, in the thread pool. */
export async function atItsBest(document: Document): Promise<Document> {
  const { br, gzip: gz, identity } = document.encodings
  if (br.etag === identity.etag) return document
  const { body } = identity
  const effort = best(body.length)
  const tags = {
    br: compressedTag(identity.etag, `b${effort.br}`),
    gzip: compressedTag(identity.etag, `g${effort.gzip}`),
  }
  if (br.etag === tags.br && gz.etag === tags.gzip) return document
  const smaller = {
    br: br.etag === tags.br ? br : { body: await brotli(body, effort.br), etag: tags.br },
    gzip: gz.etag === tags.gzip ? gz : { body: await gzipped(body, effort.gzip), etag: tags.gzip },
  }
  return {
    ...document,
    encodings: { ...smaller, identity },
    size: document.size - br.body.length - gz.body.length + smaller.br.body.length + smaller.gzip.body.length,
  }
}

async function gzipped(body: Buffer, level: number): Promise<Buffer> {
  return byItself(await compressGzip(body, { level }))
}

async function brotli(body: Buffer, quality: number): Promise<Buffer> {
  const bytes = await compressBrotli(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      // Room for the whole text and no more; of itself it would take eight megabytes for any.
      [constants.BROTLI_PARAM_LGWIN]: Math.min(22, Math.max(10, 32 - Math.clz32(body.length + 16))),
    },
  })
  return byItself(bytes)
}

function isSame(before: Document, status: number, headers: Document['headers']): boolean {
  const [old, now] = [Object.entries(before.headers), Object.entries(headers)]
  return (
    before.status === status &&
    old.length === now.length &&
    now.every(([name, value]) => before.headers[name] === value)
  )
}

/** All that a document needs to know of a request. */
export interface Asked {
  readonly acceptEncoding: string | undefined
  readonly ifNoneMatch: string | undefined
}

/** What is written for a reader: nothing is computed because somebody asked. */
export interface Reply {
  /** 304: the reader has the body already. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** One answer for all doors: through Fastify and in front of it a reader gets the same. */
export function replyTo(document: Document, { acceptEncoding, ifNoneMatch }: Asked): Reply {
  const encoding = negotiate(acceptEncoding)
  const { body, etag } = document.encodings[encoding]
  const headers = { ...document.headers, etag }
  if (document.status === 200 && knows(ifNoneMatch, document)) return { status: 304, headers, body }
  const encoded = etag === document.encodings.identity.etag ? headers : { ...headers, 'content-encoding': encoding }
  return { status: document.status, headers: encoded, body }
}

export function answer(request: FastifyRequest, reply: FastifyReply, document: Document): FastifyReply {
  const { status, headers, body } = replyTo(document, {
    acceptEncoding: request.headers['accept-encoding'],
    ifNoneMatch: request.headers['if-none-match'],
  })
  // For HEAD only its length is sent, as by the front door; given nothing, Fastify would say none.
  const isNothing = status === 304 && request.method !== 'HEAD'
  return reply
    .code(status)
    .headers(headers)
    .send(isNothing ? undefined : body)
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

/** Whether the reader has these words already, in whatever encoding, compressed however well. */
export function knows(ifNoneMatch: string | undefined, { encodings }: Document): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const words = encodings.identity.etag.slice(0, -1)
  return ifNoneMatch.split(',').some((tag) => {
    const known = tag.trim().replace(/^W\//, '')
    return known.startsWith(words) && /^(-[a-z0-9]+)?"$/.test(known.slice(words.length))
  })
}
