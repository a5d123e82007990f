import { createHash } from 'node:crypto'
import { type Transform } from 'node:stream'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { damaged } from '../../database/archive/read.ts'

/** Where pieces go; whoever gives one waits until it is taken. */
export interface Sink {
  write(piece: Uint8Array): Promise<void>
  end(): Promise<void>
}

/**
 * The end of a packed archive: a frame of Zstandard that its readers skip, with the SHA-256 of every byte before it. What
 * unpacks to the same words and is not the same file is refused too.
 */
const sealHead = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0])
const sealSize = sealHead.length + 32

/** Packs what it is given, and seals it at the end. */
export function packedInto(sink: Sink): Sink {
  const hash = createHash('sha256')
  const zstd = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  const give = async (piece: Uint8Array): Promise<void> => {
    hash.update(piece)
    await sink.write(piece)
  }
  const through = pumped(zstd, give)
  return {
    write: (piece) => through.write(piece),
    async end() {
      await through.end()
      await sink.write(Buffer.concat([sealHead, hash.digest()]))
      await sink.end()
    },
  }
}

/** The lines of a packed archive. Bytes that are not what they were end it. */
export async function* unpackedLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const zstd = createZstdDecompress()
  const failed = fed(zstd, pieces)
  let rest: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of zstd as AsyncIterable<Buffer>) {
      let start = 0
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString()
        rest = []
        size = 0
        start = end + 1
      }
      if (start < chunk.length) rest.push(Buffer.from(chunk.subarray(start)))
      size += chunk.length - start
      if (size > longestLine) throw damaged('a line has no end')
    }
  } catch (error) {
    throw (await failed) ?? (isOfZstd(error) ? damaged('it cannot be unpacked') : error)
  } finally {
    zstd.destroy()
  }
  const error = await failed
  if (error) throw error
  if (rest.length > 0) throw damaged('it ends in the middle of a line')
}

const longestLine = 256 * 1024 ** 2

/** Gives everything but the seal to be unpacked, and then holds the seal against it; answers what was wrong. */
async function fed(zstd: Transform, pieces: AsyncIterable<Uint8Array>): Promise<Error | null> {
  const hash = createHash('sha256')
  let held = Buffer.alloc(0)
  try {
    for await (const piece of pieces) {
      const all = Buffer.concat([held, piece])
      const known = all.subarray(0, Math.max(0, all.length - sealSize))
      held = Buffer.from(all.subarray(known.length))
      if (known.length === 0) continue
      hash.update(known)
      if (zstd.destroyed) return null
      await written(zstd, known)
    }
    if (held.length < sealSize || !held.equals(Buffer.concat([sealHead, hash.digest()]))) {
      throw damaged('its end does not fit what comes before')
    }
    zstd.end()
    return null
  } catch (error) {
    const why = error instanceof Error ? error : new Error(String(error))
    zstd.destroy(why)
    return why
  }
}

function written(stream: Transform, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error?: Error | null): void => reject(error ?? damaged('it cannot be unpacked'))
    stream.once('close', fail)
    stream.write(piece, (error) => {
      stream.off('close', fail)
      if (error) fail(error)
      else resolve()
    })
  })
}

/** A stream whose output goes to `give`, piece by piece, before more is put in. */
function pumped(stream: Transform, give: (piece: Uint8Array) => Promise<void>): Sink {
  const done = (async () => {
    for await (const piece of stream as AsyncIterable<Buffer>) await give(piece)
  })()
  // Told where it is awaited; until then it must not end the process.
  done.catch(() => undefined)
  return {
    async write(piece) {
      if (!stream.write(piece)) await Promise.race([new Promise((go) => stream.once('drain', go)), done])
    },
    async end() {
      stream.end()
      await done
    },
  }
}

function isOfZstd(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('ZSTD_')
}
