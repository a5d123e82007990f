import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'

/** As `nice` counts: a tenth of what others get where there is too little for all, and everything where there is enough. */
const niceness = 10

/**
 * From here on the thread that calls this lets the others go first, so that work which can wait takes no time from readers.
 * On Linux a thread has a priority of its own; elsewhere, and where it is forbidden, nothing changes.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), niceness)
  } catch {
    // Without /proc or the leave to do so it works as well, only less politely.
  }
}
