import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Ids } from './ids.ts'

/**
 * A secret of this installation, which only its own user may read. Made at the first call and the same ever after,
 * whatever crashes meanwhile and however many processes begin at once.
 */
export function secretFile(folder: string, name: string, ids: Ids): string {
  const path = join(folder, name)
  const there = read(path)
  if (there !== null) return there
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.${ids.next()}`
  writeToDisk(draft, ids.secret())
  try {
    // A link, not a rename: who comes second must not replace what the first one already uses.
    linkSync(draft, path)
    syncFolder(folder)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  const made = read(path)
  if (made === null) throw new Error(`The secret ${path} is gone right after it was made.`)
  return made
}

function read(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim()
    if (text.length < 32)
      throw new Error(`The secret in ${path} is damaged. Restore it from a backup, or remove the file.`)
    return text
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function writeToDisk(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${text}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Without it a power cut may forget the name of a file whose bytes are safe. */
export function syncFolder(folder: string): void {
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code
}
