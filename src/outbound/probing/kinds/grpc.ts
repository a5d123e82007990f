import { Buffer } from 'node:buffer'
import { type IncomingHttpHeaders, type IncomingHttpStatusHeader, connect as connectHttp2 } from 'node:http2'
import type { Socket } from 'node:net'
import type { Reason } from '../../../domain/probes/finding.ts'
import type { GrpcSpec } from '../../../domain/probes/kinds/grpc.ts'
import { type Certificate, NetworkError, abortFault, faultOf, startTls } from '../../../lib/connection.ts'
import { stopwatch } from '../../../lib/egress.ts'
import { isAddress } from '../../../lib/guard.ts'
import { Misfit, attempt, reach, wishesOf } from '../attempt.ts'
import { healthPath, healthRequest, readHealthResponse } from '../grpc-health.ts'
import type { ProbeKind } from '../kind.ts'

export const grpc: ProbeKind<GrpcSpec> = {
  targetOf: ({ host, port }) => `${host}:${port}`,
  check: (spec, circumstances) =>
    attempt(circumstances, async (signal) => {
      const { socket: opened, dns, connect } = await reach(circumstances, spec, signal)
      let socket: Socket = opened
      let certificate: Certificate | null = null
      const lap = stopwatch()
      try {
        let tls: number | null = null
        if (spec.tls === 'yes') {
          const secured = await startTls(socket, { ...wishesOf(spec.calledName, spec), alpn: ['h2'], signal })
          socket = secured.socket
          certificate = secured.certificate
          if (secured.socket.alpnProtocol !== 'h2') throw new Misfit('protocol', certificate)
          tls = lap()
        }
        const reply = await call(socket, spec, { timeoutMs: circumstances.timeoutMs, signal })
        const phases = { dns, connect, tls, firstByte: lap(reply.firstByteAt), body: lap() }
        return { ...meaning(reply), phases, certificate }
      } catch (error) {
        // What was shown before it went wrong is kept.
        if (error instanceof NetworkError)
          throw new NetworkError(error.fault, error.cause, error.certificate ?? certificate)
        throw error instanceof Misfit ? new Misfit(error.reason, certificate) : error
      } finally {
        socket.destroy()
      }
    }),
}

interface Reply {
  readonly httpStatus: number
  /** Of the headers where there is nothing else, of the trailers as a rule; null: the server did not say. */
  readonly grpcStatus: number | null
  readonly contentType: string
  readonly message: Buffer
  readonly firstByteAt: number
}

/** More than a health check can have to say. */
const mostBytes = 16 * 1024
const mostInterim = 10

/** One unary call on an open connection, bounded in headers, bytes and time. */
function call(
  socket: Socket,
  { calledName, port, tls, service, metadata }: GrpcSpec,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Reply> {
  const scheme = tls === 'yes' ? 'https' : 'http'
  const authority = `${isAddress(calledName) && calledName.includes(':') ? `[${calledName}]` : calledName}:${port}`
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`${scheme}://${authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, maxHeaderListSize: 32 * 1024, maxConcurrentStreams: 1 },
      maxSessionMemory: 1,
      maxReservedRemoteStreams: 0,
    })
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', abort)
      settle()
      session.destroy()
    }
    const fail = (cause: unknown): void =>
      end(() => reject(cause instanceof Misfit ? cause : new NetworkError(faultIn(cause, signal), cause)))
    const abort = (): void => fail(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    session.on('error', fail)
    session.on('close', () => fail(new Error('The session was closed without an answer.')))
    const request = session.request({
      ...metadata,
      ':method': 'POST',
      ':scheme': scheme,
      ':authority': authority,
      ':path': healthPath,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${timeoutMs}m`,
      'user-agent': 'Candor (probe)',
    })
    // It closes, and our question is among those that it will not answer.
    session.on('goaway', (_code, lastAnswered) => {
      if ((request.id ?? 1) > lastAnswered) fail(new Error('The server went away.'))
    })
    const chunks: Buffer[] = []
    let size = 0
    let interim = 0
    let headers: IncomingHttpHeaders & IncomingHttpStatusHeader = {}
    let trailers: IncomingHttpHeaders = {}
    let firstByteAt = performance.now()
    request.on('error', fail)
    request.on('headers', () => {
      interim += 1
      if (interim > mostInterim) fail(new Misfit('protocol'))
    })
    request.on('response', (received) => {
      headers = received
      firstByteAt = performance.now()
    })
    request.on('trailers', (received) => void (trailers = received))
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > mostBytes) return fail(new Misfit('too_large'))
      chunks.push(chunk)
    })
    request.on('end', () => {
      const status = trailers['grpc-status'] ?? headers['grpc-status']
      const reply: Reply = {
        httpStatus: Number(headers[':status'] ?? 0),
        grpcStatus: typeof status === 'string' && /^\d{1,3}$/.test(status) ? Number(status) : null,
        contentType: headers['content-type'] ?? '',
        message: Buffer.concat(chunks),
        firstByteAt,
      }
      end(() => (reply.httpStatus === 0 ? reject(new NetworkError('reset', null)) : resolve(reply)))
    })
    request.end(healthRequest(service))
  })
}

function faultIn(cause: unknown, signal: AbortSignal): NetworkError['fault'] {
  if (signal.aborted) return abortFault(signal)
  // What nghttp2 says of bytes that are not HTTP/2.
  return (cause as NodeJS.ErrnoException | null)?.code === 'ERR_HTTP2_ERROR' ? 'protocol' : faultOf(cause)
}

/** The statuses of gRPC that mean something of their own here. */
const deadlineExceeded = 4
const notFound = 5
const unimplemented = 12

function meaning({ httpStatus, grpcStatus, contentType, message }: Reply): { code: number; complaint: Reason | null } {
  // A proxy in between speaks HTTP, and says so.
  if (httpStatus !== 200) return { code: httpStatus, complaint: 'status' }
  if (grpcStatus === null || !contentType.startsWith('application/grpc')) throw new Misfit('protocol')
  return { code: grpcStatus, complaint: complaintOf(grpcStatus, message) }
}

function complaintOf(grpcStatus: number, message: Buffer): Reason | null {
  if (grpcStatus === deadlineExceeded) return 'timeout'
  if (grpcStatus === notFound || grpcStatus === unimplemented) return 'unknown_service'
  if (grpcStatus !== 0) return 'status'
  switch (readHealthResponse(message)) {
    case 'serving':
      return null
    case 'unknown':
    case 'not serving':
      return 'not_serving'
    case 'service unknown':
      return 'unknown_service'
    case null:
      return 'protocol'
  }
}
