import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { SecretFile } from '../../database/archive/format.ts'
import type { Clock } from '../../lib/clock.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import { syncFolder } from '../../lib/secret-file.ts'
import { isSecret } from './backup.ts'

/** The secrets of the data folder after a restore: those of the archive, others that were there, or none. */
export type KeysThere = 'restored' | 'there already' | 'replaced' | 'others there' | 'none'

interface Beside {
  readonly existing: 'keep' | 'replace'
  readonly clock: Clock
  readonly ids: Ids
}

/**
 * What is to become of the secrets that an archive brings. Another key than the one in the folder would make the restored
 * page unable to open what it sealed, so it takes its place, or the restore is refused before anything is done.
 */
export function keysBeside(folder: string, secrets: readonly SecretFile[], { existing, clock, ids }: Beside) {
  if (!secrets.every(({ file, text }) => isSecret(file) && /^[\w-]{32,}$/.test(text))) {
    throw new Invalid('This archive brings files that are no secrets of Candor. Nothing was changed.')
  }
  const others = secrets.filter(({ file, text }) => (read(join(folder, file)) ?? text) !== text)
  const missing = secrets.filter(({ file }) => read(join(folder, file)) === null)
  if (others.length > 0 && existing === 'keep') {
    throw new Conflict(
      `${join(folder, others[0]?.file ?? '')} is another key than the one of this backup. --replace puts that of the backup there, and keeps the other under another name.`,
    )
  }
  return {
    /** What is sealed or marked in the database of before opens with these keys no more. */
    areOthers: others.length > 0,
    write(): KeysThere {
      if (secrets.length === 0) return existsSync(join(folder, 'key')) ? 'others there' : 'none'
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const stamp = clock.now().slice(0, 19).replaceAll(':', '-')
      for (const { file } of others) renameSync(join(folder, file), join(folder, `${file}.before-${stamp}`))
      for (const { file, text } of [...others, ...missing]) writeSecret(folder, file, { text, draft: ids.next() })
      syncFolder(folder)
      if (others.length > 0) return 'replaced'
      return missing.length > 0 ? 'restored' : 'there already'
    },
  }
}

function read(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null
}

function writeSecret(folder: string, file: string, { text, draft }: { text: string; draft: string }): void {
  const path = join(folder, `${file}.${draft}`)
  const handle = openSync(path, 'wx', 0o600)
  try {
    writeSync(handle, `${text}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(path, join(folder, file))
}
