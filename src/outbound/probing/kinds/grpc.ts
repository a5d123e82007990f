import type { Socket } from 'node:net'
import type { Reason } from '../../../domain/probes/finding.ts'
import type { GrpcSpec } from '../../../domain/probes/kinds/grpc.ts'
import { type Certificate, NetworkError, startTls } from '../../../lib/connection.ts'
import { stopwatch } from '../../../lib/egress.ts'
import { type UnaryReply, unaryCall } from '../../../lib/unary-call.ts'
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
          if (secured.socket.alpnProtocol !== 'h2') throw new Misfit('protocol')
          tls = lap()
        }
        const reply = await ask(socket, spec, circumstances.timeoutMs, signal)
        const phases = { dns, connect, tls, firstByte: lap(reply.firstByteAt), body: lap() }
        return { ...meaning(reply), phases, certificate }
      } catch (error) {
        // What it showed before it went wrong is kept.
        if (error instanceof Misfit) throw new Misfit(error.reason, certificate)
        if (error instanceof NetworkError && error.certificate === null) {
          throw new NetworkError(error.fault, error.cause, certificate)
        }
        throw error
      } finally {
        socket.destroy()
      }
    }),
}

/** More than a health check can have to say. */
const mostBytes = 16 * 1024

function ask(socket: Socket, spec: GrpcSpec, timeoutMs: number, signal: AbortSignal): Promise<UnaryReply> {
  const { calledName, port, tls, service, metadata } = spec
  const headers = {
    ...metadata,
    ':method': 'POST',
    ':scheme': tls === 'yes' ? 'https' : 'http',
    ':authority': `${calledName.includes(':') ? `[${calledName}]` : calledName}:${port}`,
    ':path': healthPath,
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': `${timeoutMs}m`,
    'user-agent': 'Candor (probe)',
  } as const
  return unaryCall(socket, { headers, body: healthRequest(service), mostBytes, signal })
}

function meaning({ headers, trailers, body }: UnaryReply): { code: number; complaint: Reason | null } {
  const httpStatus = headers[':status'] ?? 0
  // A proxy in between speaks HTTP, and says so.
  if (httpStatus !== 200) return { code: httpStatus, complaint: 'status' }
  // A server that has nothing else to say says it in its headers.
  const text = trailers['grpc-status'] ?? headers['grpc-status']
  const isGrpc = headers['content-type']?.startsWith('application/grpc') ?? false
  if (!isGrpc || typeof text !== 'string' || !/^\d{1,3}$/.test(text)) throw new Misfit('protocol')
  return { code: Number(text), complaint: complaintOf(Number(text), body) }
}

/** The statuses of gRPC that mean something of their own here. */
const deadlineExceeded = 4
const notFound = 5
const unimplemented = 12

function complaintOf(grpcStatus: number, body: UnaryReply['body']): Reason | null {
  if (grpcStatus === deadlineExceeded) return 'timeout'
  if (grpcStatus === notFound || grpcStatus === unimplemented) return 'unknown_service'
  if (grpcStatus !== 0) return 'status'
  switch (readHealthResponse(body)) {
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
