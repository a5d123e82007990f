import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import type { Document } from './document.ts'
import type { Publication } from './publication.ts'

/** What is ready, by path. */
export type Ready = ReadonlyMap<string, Document>

interface Kept {
  readonly format: typeof format
  readonly documents: Ready
}

/** Another one is as good as none. */
const format = 1
const name = 'published'
/** Enough for the pages that are read most; the rest is rendered when the database is back. */
const most = 16 * 1024 * 1024
const restMs = 1000

/**
 * Keeps what is published on disk, so that the next start, a migration or a broken database finds it: written after
 * a change, at most once a second, the old file replaced by the whole new one. Returns what writes the rest and stops it.
 */
export function keepOnDisk(
  publication: Pick<Publication, 'follow'>,
  folder: string,
  log: { error(error: unknown, message: string): void },
): () => Promise<void> {
  const documents = new Map<string, Document>()
  let size = 0
  let isDue = false
  let writing: Promise<void> | null = null
  let isBroken = false
  const stopping = new AbortController()

  async function write(): Promise<void> {
    while (isDue) {
      isDue = false
      try {
        await replaceFile(folder, { format, documents })
        isBroken = false
      } catch (error) {
        // Nothing rests on it while all is well; it is told once.
        if (!isBroken) log.error(error, 'What is published could not be kept on disk.')
        isBroken = true
      }
      // Every page that somebody reads for the first time is a step: a second later is soon enough for all of them.
      await pause(restMs, null, { signal: stopping.signal, ref: false }).catch(() => null)
    }
    writing = null
  }

  publication.follow(({ changed, gone }) => {
    for (const path of gone) remove(path)
    for (const [path, document] of changed) {
      // The front page grows on the very day when it is needed: what has a place keeps it.
      const isKept = documents.has(path)
      remove(path)
      if (!isKept && size + document.size > most) continue
      documents.set(path, document)
      size += document.size
    }
    isDue = true
    writing ??= write()
  })
  function remove(path: string): void {
    size -= documents.get(path)?.size ?? 0
    documents.delete(path)
  }
  return async () => {
    stopping.abort()
    await writing
  }
}

async function replaceFile(folder: string, kept: Kept): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // During a restart two processes keep what they publish in one folder.
  const draft = join(folder, `${name}.${process.pid}.new`)
  // Not synced: what a power cut takes away is rendered again.
  await writeFile(draft, serialize(kept), { mode: 0o600 })
  await rename(draft, join(folder, name))
}

/** What was published last, however this installation stopped; nothing where that is unknown or cannot be read. */
export async function readKept(folder: string): Promise<Ready> {
  try {
    const kept = deserialize(await readFile(join(folder, name))) as Kept
    return kept.format === format ? kept.documents : new Map()
  } catch {
    return new Map()
  }
}
