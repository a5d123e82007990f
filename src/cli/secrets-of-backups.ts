import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import type { Openers, Readers } from '../outbound/backup/encryption.ts'
import { readersOf } from '../outbound/backup/scheduled.ts'
import { NotFound } from '../lib/errors.ts'
import { type Arguments, UsageError } from './command.ts'

/** Never as an argument: those of a process are there for everybody on the machine to read. */
export const passphraseOption = { 'passphrase-file': { type: 'string' } } as const

/** For whom a backup is encrypted: as it was said here, else as the settings say. Null: for everybody to read. */
export function readersGiven({ values }: Arguments, config: Config): Readers | null {
  const { recipient, 'passphrase-file': file } = values
  if (recipient !== undefined && file !== undefined) {
    throw new UsageError('age encrypts with a passphrase or for recipients, not both.')
  }
  if (typeof recipient === 'string') return { recipients: recipient.split(',').map((one) => one.trim()) }
  if (typeof file === 'string') return { passphrase: firstLineOf(file) }
  return readersOf(config)
}

/** What an archive may be opened with. */
export function openersGiven({ values }: Arguments, config: Config): Openers {
  const { 'passphrase-file': file, 'identity-file': identity } = values
  return {
    passphrase: typeof file === 'string' ? firstLineOf(file) : config.backupPassphrase,
    identities: typeof identity === 'string' ? keysIn(identity) : [],
  }
}

/** Lines that are no remarks, as age-keygen writes them. */
function keysIn(path: string): string[] {
  const lines = textOf(path).split(/\r?\n/)
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}

function firstLineOf(path: string): string {
  const line = textOf(path).split(/\r?\n/)[0] ?? ''
  if (line === '') throw new UsageError(`${path} begins with an empty line: the passphrase is the first one.`)
  return line
}

/** `-` is standard input. */
function textOf(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (cause) {
    throw new NotFound(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
