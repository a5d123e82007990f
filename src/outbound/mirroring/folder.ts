import { readFileSync, rename as renameFile, writeFile as writeWhole } from 'node:fs'
import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Place } from './place.ts'

// For seven thousand files at once: those of `fs/promises` take twice the time of the loop, for handles of their own.
const [writeFile, rename] = [promisify(writeWhole), promisify(renameFile)]

/** A folder that a web server serves. Files in it that are not ours are left alone. */
export function folderPlace(folder: string): Place {
  const made = new Set<string>()
  /** By folder: beside the mask of the process, each may have rules of its own for what is made in it. */
  const masked = new Map<string, boolean>()

  async function makeFolder(path: string): Promise<void> {
    if (made.has(path)) return
    // Ours are for the web server's user to read, whatever mask the process has.
    const first = await mkdir(path, { recursive: true, mode: 0o755 })
    if (first !== undefined) for (let at = path; at.length >= first.length; at = dirname(at)) await chmod(at, 0o755)
    made.add(path)
  }

  return {
    name: folder,
    era: era(),
    async read(file) {
      return readFile(join(folder, file)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      })
    },
    async write(file, { body }) {
      const path = join(folder, file)
      await makeFolder(dirname(path))
      const draft = join(dirname(path), `.${basename(path)}.new`)
      try {
        await writeAnew(draft, body)
        const isMasked = masked.get(dirname(path)) ?? ((await stat(draft)).mode & 0o777) !== 0o644
        masked.set(dirname(path), isMasked)
        if (isMasked) await chmod(draft, 0o644)
        await rename(draft, path)
      } catch (error) {
        made.clear()
        masked.clear()
        await rm(draft, { force: true })
        throw error
      }
    },
    async remove(file) {
      await rm(join(folder, file), { force: true })
    },
  }
}

/** One that was left by a process that died would keep the rights that it had. */
async function writeAnew(draft: string, body: Buffer): Promise<void> {
  const anew = () => writeFile(draft, body, { mode: 0o644, flag: 'wx' })
  await anew().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    await rm(draft, { force: true })
    await anew()
  })
}

/**
 * Which start of the machine this is. Nothing waits for the disk here, and after a power cut files may be empty: to write all
 * of it once more is cheaper than to wait twenty thousand times. Where nobody says which start it is, each of ours is one.
 */
function era(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return `${process.pid} since ${performance.timeOrigin}`
  }
}
