import { Invalid } from '../../lib/errors.ts'
import { type Part, readArchive } from '../../database/archive/read.ts'
import { type Openers, ageHead, decrypted } from './encryption.ts'
import { unpackedLines } from './packing.ts'

const zstdHead = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** What is in the file of an archive, encrypted or not, part by part. */
export async function* openArchive(pieces: AsyncIterable<Uint8Array>, openers: Openers): AsyncGenerator<Part> {
  const { head, all } = await peeked(pieces)
  if (head.length === 0) throw new Invalid('This file is empty.')
  const isEncrypted = head.subarray(0, ageHead.length).equals(ageHead)
  if (!isEncrypted && !head.subarray(0, zstdHead.length).equals(zstdHead)) {
    throw new Invalid('This is no backup of Candor, or its beginning is damaged. Nothing was changed.')
  }
  yield* readArchive(unpackedLines(isEncrypted ? decrypted(all, openers) : all))
}

/** The beginning of something, and all of it again. */
async function peeked(pieces: AsyncIterable<Uint8Array>): Promise<{ head: Buffer; all: AsyncGenerator<Uint8Array> }> {
  const iterator: AsyncIterator<Uint8Array, unknown> = pieces[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < ageHead.length) {
    const next = await iterator.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head
      for (;;) {
        const next = await iterator.next()
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await iterator.return?.()
    }
  }
  return { head, all: all() }
}
