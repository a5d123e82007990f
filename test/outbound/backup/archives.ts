import type { Readers } from '../../../src/outbound/backup/encryption.ts'
import { backUp } from '../../../src/outbound/backup/backup.ts'
import type { Db } from '../../../src/database/database.ts'
import { type Openers } from '../../../src/outbound/backup/encryption.ts'
import { openArchive } from '../../../src/outbound/backup/open.ts'
import { wallClock } from '../../../src/lib/clock.ts'

/** The bytes of an archive of a database. */
export async function archiveOf(db: Db, readers: Readers | null): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  const draft = {
    write: async (piece: Uint8Array) => void pieces.push(Uint8Array.from(piece)),
    end: async () => undefined,
    abandon: async () => undefined,
  }
  const secrets = [{ file: 'key', text: 'k'.repeat(43) }]
  await backUp(db, draft, { now: wallClock.now(), product: '0.1.0', secrets, readers, report: () => undefined })
  return Buffer.concat(pieces)
}

/** Reads it from its first byte to its last, in pieces of odd sizes; answers how many parts it has. */
export async function readThrough(archive: Buffer, openers: Partial<Openers> = {}): Promise<number> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < archive.length; at += 4099) yield archive.subarray(at, at + 4099)
  }
  let parts = 0
  for await (const part of openArchive(pieces(), { passphrase: null, identities: [], ...openers })) {
    if (part) parts += 1
  }
  return parts
}
