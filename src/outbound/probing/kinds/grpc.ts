import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Reason } from '../../../domain/probes/finding.ts'
import type { GrpcSpec } from '../../../domain/probes/kinds/grpc.ts'
import { type UnaryReply, unaryCall } from '../../../lib/unary-call.ts'
import { Misfit, attempt, wishesOf } from '../attempt.ts'
import { healthPath, healthRequest, readHealthResponse } from '../grpc-health.ts'
import type { ProbeKind } from '../kind.ts'
import { onConnection } from '../on-connection.ts'

export const grpc: ProbeKind<GrpcSpec> = {
  targetOf: ({ host, port }) => `${host}:${port}`,
  check: (spec, circumstances) =>
    attempt(circumstances, (signal) => {
      const secure = spec.tls === 'yes' ? { ...wishesOf(spec.calledName, spec), alpn: ['h2'] } : null
      return onConnection(circumstances, { target: spec, secure, signal }, async (socket) => {
        if (secure && (socket as TLSSocket).alpnProtocol !== 'h2') throw new Misfit('protocol')
        const reply = await ask(socket, spec, circumstances.timeoutMs, signal)
        return { ...meaning(reply), firstByteAt: reply.firstByteAt }
      })
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
