import { Buffer } from 'node:buffer'
import { type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'
import type { Socket } from 'node:net'
import { type Body, boundedBody, noBody } from './bounded-body.ts'
import { NetworkError, abortFault, faultOf } from './connection.ts'

/** One request, as it is said on a connection that is there. */
export interface Message {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  readonly signal: AbortSignal
  /** Bytes of the answer that are read; left out: a mebibyte. */
  readonly most?: number
}

export interface Reply extends Body {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** On the clock of `performance.now()`. */
  readonly firstByteAt: number
}

export const mostHeaderBytes = 32 * 1024
/** Interim answers (1xx) before the answer itself. */
export const mostInterim = 10

/** One HTTP/1.1 request on an open connection and its answer, bounded in headers, bytes after unpacking, and time. */
export async function exchange(socket: Socket, message: Message): Promise<Reply> {
  const { method } = message
  const response = await responseTo(socket, message)
  const firstByteAt = performance.now()
  const { statusCode: status = 0, headers } = response
  const read = isBare(method, status) ? noBody : await boundedBody(response, headers['content-encoding'], message)
  return { status, headers, ...read, firstByteAt }
}

function responseTo(socket: Socket, { url, method, headers, body, signal }: Message): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      socket.destroy()
      reject(new NetworkError(signal.aborted ? abortFault(signal) : faultOf(cause), cause))
    }
    try {
      const request = send({
        // With a connection given, no agent is used: nothing is kept alive, and no proxy is asked.
        createConnection: () => socket,
        method,
        path: url.pathname + url.search,
        setHost: false,
        maxHeaderSize: mostHeaderBytes,
        headers: { ...saidHeaders(headers, body), host: url.host, connection: 'close' },
        signal,
      })
      let interim = 0
      request.on('information', () => {
        interim += 1
        if (interim > mostInterim) fail(new NetworkError('protocol', new Error('Too many interim answers.')))
      })
      request.on('error', fail)
      request.on('upgrade', () => fail(new NetworkError('protocol', new Error('An upgrade nobody asked for.'))))
      request.on('response', resolve)
      request.end(body ?? undefined)
    } catch (error) {
      fail(error)
    }
  })
}

/** Whether no body follows such an answer. */
export function isBare(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304
}

/** What is said of ourselves, unless somebody says it otherwise. */
export function saidHeaders(
  headers: Readonly<Record<string, string>>,
  body: Message['body'],
): Record<string, string | number> {
  return {
    'user-agent': 'Candor (probe)',
    accept: '*/*',
    'accept-encoding': 'gzip, br',
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
  }
}
