import { existsSync } from 'node:fs'
import { open, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Room on the disk that nobody uses until there is none left: then it is given up, so that people can still come in and
 * say what is wrong. What can be done without keeps off the disk meanwhile.
 */
export interface Reserve {
  /** Gives it up, or lays it by again, as the disk has it. */
  look(): Promise<void>
  /** Whether it was given up and not laid by again. */
  isSpent(): boolean
}

const usual = { bytes: 16 * 1024 ** 2, spendBelow: 4 * 1024 ** 2, enough: 16 * 1024 ** 2, layBy: 128 * 1024 ** 2 }

/** Without a folder, where the data lie on another machine, there is none. A small disk that never had the room has none either. */
export function reserve(folder: string | null, tell: (event: 'spent' | 'room') => void, sizes = usual): Reserve {
  const path = folder === null ? null : join(folder, 'reserve')
  let isSpent = false

  function spend(): void {
    if (!isSpent) tell('spent')
    isSpent = true
  }

  return {
    async look() {
      if (folder === null || path === null) return
      const { bavail, bsize } = await statfs(folder)
      const free = bavail * bsize
      if (existsSync(path)) {
        if (free >= sizes.spendBelow) return
        await rm(path, { force: true })
        spend()
      } else if (free < sizes.spendBelow) {
        // A start on a disk that is full already.
        spend()
      } else if (free >= sizes.enough) {
        if (free >= sizes.layBy) await layBy(path, sizes.bytes)
        if (isSpent) tell('room')
        isSpent = false
      }
    },
    isSpent: () => isSpent,
  }
}

/** Written out: a file with holes would take no room. */
async function layBy(path: string, bytes: number): Promise<void> {
  const draft = `${path}.part`
  const file = await open(draft, 'w', 0o600)
  try {
    const block = Buffer.alloc(1024 ** 2, 'room ')
    for (let written = 0; written < bytes; written += block.length) await file.write(block)
    await file.sync()
    // Half of it would be taken for all of it.
    await rename(draft, path)
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
}
