import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { Expected, WebsocketSpec } from '../../../domain/probes/kinds/websocket.ts'
import { NetworkError, abortFault, faultOf } from '../../../lib/connection.ts'
import { hostOf, portOf } from '../../../lib/guard.ts'
import { readPattern } from '../../../lib/patterns.ts'
import { Misfit, attempt, wishesOf } from '../attempt.ts'
import type { ProbeKind } from '../kind.ts'
import { type Talked, onConnection } from '../on-connection.ts'

export const websocket: ProbeKind<WebsocketSpec> = {
  targetOf: ({ url }) => URL.parse(url)?.host ?? '',
  check: (spec, circumstances) =>
    attempt(circumstances, (signal) => {
      const url = new URL(spec.url.replace(/^ws/, 'http'))
      const target = { host: hostOf(url), port: portOf(url), family: spec.family }
      const secure = url.protocol === 'https:' ? { ...wishesOf(target.host, spec), alpn: ['http/1.1'] } : null
      return onConnection(circumstances, { target, secure, signal }, (socket) => talk(socket, spec, signal))
    }),
}

const mostBytes = 1024 * 1024
/** More than one a second of the longest check: whoever sends more wants the answers, and not to know that we are there. */
const mostPings = 200
const mostMessages = 1000
const mostHeaderBytes = 32 * 1024

/** Opens the WebSocket, says what is to be said, and waits for what must come back. */
function talk(socket: Socket, spec: WebsocketSpec, signal: AbortSignal): Promise<Talked> {
  const { url, subprotocol, headers, send, expects } = spec
  const holds = expects === null ? null : matcher(expects)
  return new Promise((resolve, reject) => {
    let firstByteAt = performance.now()
    let messages = 0
    let pings = 0
    let bytes = 0
    const ws = new WebSocket(url, subprotocol === null ? [] : [subprotocol], {
      // Nothing else is dialled, and no proxy is asked.
      createConnection: () => socket,
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: mostBytes,
      maxHeaderSize: mostHeaderBytes,
      headers: { 'user-agent': 'Candor (probe)', ...headers },
    })
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', abort)
      settle()
      ws.terminate()
    }
    const fail = (error: Error): void => end(() => reject(error))
    const broken = (cause: unknown, otherwise: 'protocol' | 'reset'): void => {
      const fault = signal.aborted ? abortFault(signal) : wordFor(cause, otherwise)
      // It spoke, but never said this: that is more than silence.
      const saidElse = messages > 0 && (fault === 'timeout' || fault === 'reset')
      fail(saidElse ? new Misfit('unexpected') : new NetworkError(fault, cause))
    }
    const abort = (): void => broken(signal.reason, 'reset')
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    ws.on('error', (error) => broken(error, 'protocol'))
    ws.on('close', () => broken(null, 'reset'))
    ws.on('unexpected-response', (_request, { statusCode = 0 }) =>
      end(() => resolve({ firstByteAt: performance.now(), code: statusCode, complaint: 'status' })),
    )
    ws.on('open', () => {
      firstByteAt = performance.now()
      if (send !== null) ws.send(send)
      if (holds === null) ws.ping()
    })
    ws.on('pong', () => holds === null && end(() => resolve({ firstByteAt })))
    // Each is answered, and a server that does not listen to that would have us keep the answers.
    ws.on('ping', () => {
      pings += 1
      if (pings > mostPings) fail(new Misfit('too_large'))
    })
    ws.on('message', (data) => {
      const message = bytesOf(data)
      messages += 1
      bytes += message.length
      if (holds?.(message) === true) return end(() => resolve({ firstByteAt, body: message }))
      if (messages > mostMessages || bytes > mostBytes) fail(new Misfit('too_large'))
    })
  })
}

function matcher(expects: Expected): (message: Buffer) => boolean {
  if ('text' in expects) return (message) => message.includes(expects.text)
  const pattern = readPattern(expects.pattern, expects.flags)
  // A newer version may have kept one that this one cannot read.
  if ('fault' in pattern) throw new Misfit('prober')
  return (message) => pattern.findIn(message.toString()) === 'yes'
}

function wordFor(cause: unknown, otherwise: 'protocol' | 'reset'): NetworkError['fault'] {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? ''
  return code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'too_large' : faultOf(cause, otherwise)
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}
