import { Buffer } from 'node:buffer'
import { type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { NetworkError, abortFault, faultOf } from './connection.ts'

interface Message {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  readonly signal: AbortSignal
}

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly cut: 'yes' | 'no'
  /** On the clock of `performance.now()`. */
  readonly firstByteAt: number
}

const mostBytes = 1024 * 1024
const mostHeaderBytes = 32 * 1024
/** Interim answers (1xx) before the answer itself. */
const mostInterim = 10

/** One HTTP/1.1 request on an open connection and its answer, bounded in headers, bytes after unpacking, and time. */
export async function exchange(socket: Socket, message: Message): Promise<Reply> {
  const { url, method, signal } = message
  const response = await responseTo(socket, message)
  const firstByteAt = performance.now()
  const { statusCode: status = 0, headers } = response
  // No body follows these; waiting for one would be waiting for nothing.
  const bare = method === 'HEAD' || status === 204 || status === 304
  const read = bare ? { body: Buffer.alloc(0), cut: 'no' as const } : await bodyOf(response, signal, url)
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
        headers: {
          'user-agent': 'Candor (probe)',
          accept: '*/*',
          'accept-encoding': 'gzip, br',
          ...lowerCased(headers),
          ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
          host: url.host,
          connection: 'close',
        },
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

function bodyOf(response: IncomingMessage, signal: AbortSignal, url: URL): Promise<Pick<Reply, 'body' | 'cut'>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let ended = false
    const unpacked = unpack(response)
    const finish = (cut: 'yes' | 'no'): void => {
      ended = true
      response.destroy()
      unpacked.destroy()
      resolve({ body: Buffer.concat(chunks), cut })
    }
    const fail = (cause: unknown): void => {
      if (ended) return
      ended = true
      response.destroy()
      unpacked.destroy()
      const fault = signal.aborted ? abortFault(signal) : isPackingError(cause) ? 'protocol' : faultOf(cause)
      reject(new NetworkError(fault, new Error(`while reading from ${url.host}`, { cause })))
    }
    response.on('error', fail)
    unpacked.on('error', fail)
    unpacked.on('data', (chunk: Buffer) => {
      if (ended) return
      chunks.push(chunk.subarray(0, mostBytes - size))
      size += chunk.length
      if (size > mostBytes) finish('yes')
    })
    unpacked.on('end', () => !ended && finish('no'))
  })
}

/** The body as it was before it was packed. One packing at most: two in a row are a bomb's way. */
function unpack(response: IncomingMessage): Readable {
  switch (response.headers['content-encoding']?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return response.pipe(createGunzip())
    case 'deflate':
      return response.pipe(createInflate())
    case 'br':
      return response.pipe(createBrotliDecompress())
    case undefined:
    default:
      return response
  }
}

function isPackingError(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? ''
  return code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR_FORMAT')
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
