import { Buffer } from 'node:buffer'

/**
 * The two messages of grpc.health.v1.Health/Check, and the frame around each. Written by hand, because the library for it
 * dials by itself and so past our guard: see docs/decisions/033. The frame is of "gRPC over HTTP/2" (PROTOCOL-HTTP2.md in
 * grpc/grpc), the messages are of grpc/health/v1/health.proto, their bytes of the Protocol Buffers encoding.
 */
export const healthPath = '/grpc.health.v1.Health/Check'

/** `HealthCheckResponse.ServingStatus`, by its numbers. */
export const servingStatuses = ['unknown', 'serving', 'not serving', 'service unknown'] as const
export type ServingStatus = (typeof servingStatuses)[number]

const frameBytes = 5

/** `HealthCheckRequest { string service = 1 }`, framed: not compressed, its length, itself. */
export function healthRequest(service: string): Buffer {
  const text = Buffer.from(service, 'utf8')
  const message = text.length === 0 ? text : Buffer.concat([Buffer.from([0x0a, ...varint(text.length)]), text])
  const frame = Buffer.alloc(frameBytes)
  frame.writeUInt32BE(message.length, 1)
  return Buffer.concat([frame, message])
}

/** Reads one framed `HealthCheckResponse { ServingStatus status = 1 }`; null where the bytes are anything else. */
export function readHealthResponse(bytes: Buffer): ServingStatus | null {
  if (bytes.length < frameBytes || bytes[0] !== 0 || bytes.readUInt32BE(1) !== bytes.length - frameBytes) return null
  const message = bytes.subarray(frameBytes)
  // What is left out is the first of the enumeration.
  let status = 0
  for (let at = 0; at < message.length;) {
    const key = readVarint(message, at)
    if (!key) return null
    const field = readField(message, key.end, key.value & 7)
    if (!field) return null
    if (key.value === 0x08) status = field.value
    at = field.end
  }
  return servingStatuses[status] ?? null
}

interface Read {
  readonly value: number
  readonly end: number
}

/** Any field, since a newer server may send more than we know: only a number has a value here. */
function readField(message: Buffer, at: number, wireType: number): Read | null {
  const ending = (end: number): Read | null => (end > message.length ? null : { value: 0, end })
  switch (wireType) {
    case 0:
      return readVarint(message, at)
    case 1:
      return ending(at + 8)
    case 2: {
      const length = readVarint(message, at)
      return length && ending(length.end + length.value)
    }
    case 5:
      return ending(at + 4)
    default:
      return null
  }
}

/** Seven bits a byte, the lowest first; at most four of them, which is more than anything here needs. */
function readVarint(message: Buffer, at: number): Read | null {
  let value = 0
  for (let count = 0; count < 4; count += 1) {
    const byte = message[at + count]
    if (byte === undefined) return null
    value |= (byte & 0x7f) << (7 * count)
    if (byte < 0x80) return { value, end: at + count + 1 }
  }
  return null
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}
