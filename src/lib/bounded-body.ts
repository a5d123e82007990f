import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { NetworkError, abortFault, faultOf } from './connection.ts'

export interface Body {
  /** At most a mebibyte, or what was said, unpacked. */
  readonly body: Buffer
  /** Whether there was more. */
  readonly cut: 'yes' | 'no'
}

const mostBytes = 1024 * 1024

/** Nothing follows some answers; waiting for it would be waiting for nothing. */
export const noBody: Body = { body: Buffer.alloc(0), cut: 'no' }

/** Reads what an answer consists of, bounded after it is unpacked: a bomb is small until then. */
export function boundedBody(
  answer: Readable,
  packing: string | undefined,
  { signal, most = mostBytes }: { readonly signal: AbortSignal; readonly most?: number | undefined },
): Promise<Body> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let ended = false
    const unpacked = unpack(answer, packing)
    const finish = (cut: 'yes' | 'no'): void => {
      ended = true
      answer.destroy()
      unpacked.destroy()
      resolve({ body: Buffer.concat(chunks), cut })
    }
    const fail = (cause: unknown): void => {
      if (ended) return
      ended = true
      answer.destroy()
      unpacked.destroy()
      const fault = signal.aborted ? abortFault(signal) : isPackingError(cause) ? 'protocol' : faultOf(cause)
      reject(new NetworkError(fault, new Error('while reading a body', { cause })))
    }
    answer.on('error', fail)
    // HTTP/2 ends a stream that was cancelled as if it were complete.
    answer.on('aborted', () => fail(new Error('The answer broke off.')))
    answer.on('close', () => !answer.readableEnded && fail(new Error('The answer broke off.')))
    unpacked.on('error', fail)
    unpacked.on('data', (chunk: Buffer) => {
      if (ended) return
      chunks.push(chunk.subarray(0, most - size))
      size += chunk.length
      if (size > most) finish('yes')
    })
    unpacked.on('end', () => !ended && finish('no'))
  })
}

/** The body as it was before it was packed. One packing at most: two in a row are a bomb's way. */
function unpack(answer: Readable, packing: string | undefined): Readable {
  switch (packing?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return answer.pipe(createGunzip())
    case 'deflate':
      return answer.pipe(createInflate())
    case 'br':
      return answer.pipe(createBrotliDecompress())
    case undefined:
    default:
      return answer
  }
}

function isPackingError(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? ''
  return code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR_FORMAT')
}
