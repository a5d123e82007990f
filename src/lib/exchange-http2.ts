import { validateHeaderValue } from 'node:http'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  connect,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { boundedBody, noBody } from './bounded-body.ts'
import { NetworkError, type NetworkFault, abortFault, faultOf } from './connection.ts'
import { type Message, type Reply, isBare, mostHeaderBytes, mostInterim, saidHeaders } from './exchange.ts'

/** One request over HTTP/2 on a connection that has agreed to speak it, held to the same bounds as HTTP/1.1. */
export async function exchangeHttp2(socket: TLSSocket, message: Message): Promise<Reply> {
  const { url, method, signal } = message
  const session = connect(url.origin, {
    createConnection: () => socket,
    settings: { enablePush: false, maxHeaderListSize: mostHeaderBytes },
    maxHeaderListPairs: 256,
    // Pings and settings without end would be answered without end.
    maxOutstandingPings: 1,
    maxSettings: 32,
  })
  try {
    const { stream, headers } = await answerOf(session, message)
    const firstByteAt = performance.now()
    const { ':status': status = 0, ...named } = headers
    const read = isBare(method, status) ? noBody : await boundedBody(stream, headers['content-encoding'], message)
    if (read.cut === 'no') mustBeComplete(stream, signal)
    return { status, headers: named, ...read, firstByteAt }
  } finally {
    session.destroy()
  }
}

/** A stream that was cancelled, or whose connection is gone, ends for its reader as if it were complete. */
function mustBeComplete(stream: ClientHttp2Stream, signal: AbortSignal): void {
  if (signal.aborted) throw new NetworkError(abortFault(signal), signal.reason)
  if (stream.rstCode) throw new NetworkError('reset', new Error('The answer broke off.'))
}

interface Begun {
  readonly stream: ClientHttp2Stream
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader
}

function answerOf(session: ClientHttp2Session, message: Message): Promise<Begun> {
  const { url, method, headers, body, signal } = message
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      reject(new NetworkError(signal.aborted ? abortFault(signal) : http2FaultOf(cause), cause))
      session.destroy()
    }
    // Also after the answer has begun: then the body breaks off, and its reader says so.
    session.on('error', fail)
    try {
      for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value)
      const stream = session.request({
        ':method': method,
        ':path': url.pathname + url.search,
        ':authority': url.host,
        ':scheme': 'https',
        ...saidHeaders(headers, body),
      })
      const abort = (): void => {
        fail(signal.reason)
        stream.destroy()
      }
      signal.addEventListener('abort', abort, { once: true })
      stream.on('close', () => {
        signal.removeEventListener('abort', abort)
        fail(new Error('The stream was closed without an answer.'))
      })
      // Streams above the last one are never answered.
      session.on('goaway', (_code, last) => {
        if ((stream.id ?? 0) > last) fail(new Error('It went away before it answered.'))
      })
      let interim = 0
      stream.on('headers', () => {
        interim += 1
        if (interim > mostInterim) fail(new NetworkError('protocol', new Error('Too many interim answers.')))
      })
      stream.on('error', fail)
      stream.on('response', (answered) => {
        const bytes = Object.entries(answered).flat().join('').length
        if (bytes > mostHeaderBytes) fail(new NetworkError('too_large', new Error('Too many bytes of headers.')))
        else resolve({ stream, headers: answered })
      })
      stream.end(body ?? undefined)
    } catch (error) {
      fail(error)
    }
  })
}

/** What is not HTTP/2, and what breaks it off. */
function http2FaultOf(cause: unknown): NetworkFault {
  const { code, message } = (cause ?? {}) as Partial<NodeJS.ErrnoException>
  // That is what our own bounds say to the other side.
  if (code === 'ERR_HTTP2_STREAM_ERROR' && message?.includes('ENHANCE_YOUR_CALM')) return 'too_large'
  if (code === 'ERR_HTTP2_ERROR' || code === 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES') return 'protocol'
  if (code?.startsWith('ERR_HTTP2_') && /INVALID|PROTOCOL|HEADER/.test(code)) return 'protocol'
  return faultOf(cause)
}
