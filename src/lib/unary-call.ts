import { Buffer } from 'node:buffer'
import {
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
  connect,
} from 'node:http2'
import type { Socket } from 'node:net'
import { NetworkError, abortFault, faultOf } from './connection.ts'

export interface UnaryCall {
  /** Ours to write: names in lower case, those of the protocol included. */
  readonly headers: OutgoingHttpHeaders & { readonly ':scheme': 'http' | 'https'; readonly ':authority': string }
  readonly body: Buffer
  readonly mostBytes: number
  readonly signal: AbortSignal
}

export interface UnaryReply {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader
  readonly trailers: IncomingHttpHeaders
  readonly body: Buffer
  /** On the clock of `performance.now()`. */
  readonly firstByteAt: number
}

/** Interim answers (1xx) before the answer itself. */
const mostInterim = 10

/**
 * One question over HTTP/2 on an open connection and its answer with what trails it, bounded in headers, bytes and time.
 * Throws a `NetworkError` for whatever comes in between.
 */
export function unaryCall(socket: Socket, { headers, body, mostBytes, signal }: UnaryCall): Promise<UnaryReply> {
  return new Promise((resolve, reject) => {
    const session = connect(`${headers[':scheme']}://${headers[':authority']}`, {
      createConnection: () => socket,
      settings: { enablePush: false, maxHeaderListSize: 32 * 1024 },
      maxSessionMemory: 1,
      maxReservedRemoteStreams: 0,
    })
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', abort)
      settle()
      session.destroy()
    }
    const fail = (cause: unknown): void => end(() => reject(new NetworkError(faultIn(cause, signal), cause)))
    const abort = (): void => fail(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    session.on('error', fail)
    session.on('close', () => fail(new Error('The session was closed without an answer.')))
    const request = session.request(headers)
    // It closes, and our question is among those that it will not answer.
    session.on('goaway', (_code, lastAnswered) => {
      if ((request.id ?? 1) > lastAnswered) fail(new Error('The server went away.'))
    })
    gather(request, mostBytes, fail, (reply) => end(() => resolve(reply)))
    request.end(body)
  })
}

/** Listens until the answer is whole. */
function gather(
  request: ClientHttp2Stream,
  mostBytes: number,
  fail: (cause: unknown) => void,
  done: (reply: UnaryReply) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  let interim = 0
  let headers: UnaryReply['headers'] | null = null
  let trailers: IncomingHttpHeaders = {}
  let firstByteAt = 0
  request.on('error', fail)
  request.on('headers', () => {
    interim += 1
    if (interim > mostInterim) fail(new NetworkError('protocol', new Error('Too many interim answers.')))
  })
  request.on('response', (received) => {
    headers = received
    firstByteAt = performance.now()
  })
  request.on('trailers', (received) => void (trailers = received))
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > mostBytes) return fail(new NetworkError('too_large', new Error(`More than ${mostBytes} bytes.`)))
    chunks.push(chunk)
  })
  request.on('end', () => {
    if (headers === null) return fail(new Error('The stream ended without an answer.'))
    done({ headers, trailers, body: Buffer.concat(chunks), firstByteAt })
  })
}

function faultIn(cause: unknown, signal: AbortSignal): NetworkError['fault'] {
  if (signal.aborted) return abortFault(signal)
  // What nghttp2 says of bytes that are not HTTP/2.
  return (cause as NodeJS.ErrnoException | null)?.code === 'ERR_HTTP2_ERROR' ? 'protocol' : faultOf(cause)
}
