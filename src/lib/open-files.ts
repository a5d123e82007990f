import { readFileSync } from 'node:fs'
import { type Caps, usualCaps } from './connection-caps.ts'

/** The database, its log, our own files, checks and mail: as much again is open when nobody is connected. */
const ownFiles = 48

/**
 * The usual caps, or fewer where this process may not open as many files (`ulimit -n`): each connection is one, and
 * whoever takes the last one of them takes the database with it.
 */
export function capsWithin(limit: number | null): Caps {
  if (limit === null) return usualCaps
  const all = Math.max(8, limit - Math.max(ownFiles, Math.ceil(limit / 10)))
  return { ...usualCaps, all: Math.min(usualCaps.all, all) }
}

/** How many files this process may have open; null: it is not told, or there is no limit. Node has raised it by itself. */
export function openFilesLimit(): number | null {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return limit === undefined ? null : Number(limit)
  } catch {
    // Only Linux says so.
    return null
  }
}
