import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../../database/database.ts'
import type { SecretFile } from '../../database/archive/format.ts'
import { type ArchiveFacts, type Written, writeArchive } from '../../database/archive/write.ts'
import { type Readers, encryptedInto } from './encryption.ts'
import { packedInto } from './packing.ts'
import type { Draft } from './place.ts'

export interface Backup extends Written {
  readonly bytes: number
}

/** Writes an archive of the database, packed and, where it has readers, encrypted; it is there when it is whole. */
export async function backUp(db: Db, draft: Draft, facts: ArchiveFacts & { readers: Readers | null }): Promise<Backup> {
  let bytes = 0
  try {
    const counted = {
      async write(piece: Uint8Array) {
        bytes += piece.length
        await draft.write(piece)
      },
      end: () => draft.end(),
    }
    const sink = packedInto(facts.readers ? await encryptedInto(counted, facts.readers) : counted)
    const written = await writeArchive(db, facts, (piece) => sink.write(piece))
    await sink.end()
    return { ...written, bytes }
  } catch (error) {
    await draft.abandon()
    throw error
  }
}

/** The secrets of a data folder, without which a backup is less: see `docs/backup.md`. */
export function secretsOf(folder: string): SecretFile[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(isSecret)
    .toSorted()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8').trim() }))
}

/** Nothing else is ever written into a data folder. */
export function isSecret(file: string): boolean {
  return /^(key|ledger-key-[a-z0-9]+)$/.test(file)
}

/** Archives that nobody else can read end in `.age`, as those that the program `age` writes. */
export function archiveName(at: string, readers: Readers | null): string {
  return `candor-${at.slice(0, 19).replaceAll(':', '-')}Z.candor${readers ? '.age' : ''}`
}
