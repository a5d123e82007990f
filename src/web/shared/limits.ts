import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { eachTurn } from '../../lib/each-turn.ts'

/** A request that is larger than anything it could be for. The sentence names the limit. */
export class OverLimit extends Error {
  readonly statusCode: 413 | 414 | 431

  constructor(statusCode: OverLimit['statusCode'], sentence: string) {
    super(sentence)
    this.name = 'OverLimit'
    this.statusCode = statusCode
  }
}

/** The address of a page has a few hundred characters; of a search with everything chosen, two thousand. */
const longestAddress = 8192
const mostParameters = 200
const mostHeaders = 100
/** As `node:http` says it. */
const tookTooLong = 'ERR_HTTP_REQUEST_TIMEOUT'

/** Of all headers together; `node:http` counts them. */
export const mostHeaderBytes = 16_384

/** What they still send comes too late, and they know it. */
const late = new WeakSet<Socket>()

/**
 * Whatever a request is for, it is looked at before anybody asks who sends it, and before any of it is read: what is too
 * large costs nothing, and is told so. How much a body may hold is said by its route.
 */
export function holdToLimits(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const fault = faultOf(request)
    // What else it sends is not waited for.
    if (fault?.statusCode === 413) void reply.header('connection', 'close')
    done(fault ?? undefined)
  })
  // Who does not say how long it is, is counted.
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (request.headers['transfer-encoding'] === undefined) return done(null, payload)
    void reply.header('connection', 'close')
    return done(
      null,
      Readable.from(counted(payload as Readable, request.routeOptions.bodyLimit), { objectMode: false }),
    )
  })
  // By now it is here as a whole: whoever was told that it took too long sends it again, so it must not be done twice.
  app.addHook('preValidation', (request, reply, done) => {
    if (!late.has(request.raw.socket)) return done()
    reply.hijack()
    request.raw.socket.destroySoon()
  })
}

function faultOf(request: FastifyRequest): OverLimit | null {
  const { url = '', rawHeaders } = request.raw
  if (url.length > longestAddress) {
    return new OverLimit(414, `The address of this request is longer than ${grouped(longestAddress)} characters.`)
  }
  if (parametersIn(url) > mostParameters) {
    return new OverLimit(414, `The address of this request has more than ${mostParameters} parameters.`)
  }
  if (rawHeaders.length > 2 * mostHeaders) {
    return new OverLimit(431, `This request has more than ${mostHeaders} header lines.`)
  }
  const { bodyLimit } = request.routeOptions
  return Number(request.headers['content-length'] ?? 0) > bodyLimit ? tooMuch(bodyLimit) : null
}

function tooMuch(limit: number): OverLimit {
  const size = limit < 2048 ? `${grouped(limit)} bytes` : `${grouped(Math.floor(limit / 1024))} kB`
  return new OverLimit(413, `What was sent is larger than ${size}, the most that is taken here. Nothing was changed.`)
}

async function* counted(payload: Readable, limit: number): AsyncGenerator<Buffer> {
  let length = 0
  for await (const piece of payload as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > limit) throw tooMuch(limit)
    yield piece
  }
}

function parametersIn(url: string): number {
  const from = url.indexOf('?')
  if (from === -1) return 0
  let count = 1
  for (let at = url.indexOf('&', from); at !== -1; at = url.indexOf('&', at + 1)) count += 1
  return count
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/**
 * What never became a request is told why, too, and its connection ends. Of those who took too long, which may be
 * thousands at once, one is told in each turn of the loop: readers pass between.
 */
export function tellUnread(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== tookTooLong) return tellNow(error.code, socket)
  late.add(socket)
  socket.pause()
  void turn().then(() => {
    socket.resume()
    tellNow(error.code, socket)
  })
}

const turn = eachTurn()

function tellNow(code: string | undefined, socket: Socket): void {
  if (!socket.writable || code === 'ECONNRESET') return void socket.destroy()
  const [status, sentence] = whyUnread(code)
  const body = `${sentence}\n`
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

function whyUnread(code: string | undefined): [status: number, sentence: string] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, `The headers of a request may have ${mostHeaderBytes / 1024} kB.`]
  if (code === tookTooLong) return [408, 'A request has to arrive whole within 15 seconds.']
  return [400, 'This is no HTTP request that can be read.']
}
