import { rename as renameFile, writeFile as writeWhole } from 'node:fs'
import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Place } from './place.ts'

// For seven thousand files at once: those of `fs/promises` take twice the time of the loop, for handles of their own.
const [writeFile, rename] = [promisify(writeWhole), promisify(renameFile)]

/** A folder that a web server serves. Files in it that are not ours are left alone. */
export function folderPlace(folder: string): Place {
  const made = new Set<string>()
  let isMasked: boolean | null = null

  async function makeFolder(path: string): Promise<void> {
    if (made.has(path)) return
    // Ours are for the web server's user to read, whatever mask the process has.
    const first = await mkdir(path, { recursive: true, mode: 0o755 })
    if (first !== undefined) for (let at = path; at.length >= first.length; at = dirname(at)) await chmod(at, 0o755)
    made.add(path)
  }

  return {
    name: folder,
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
        await writeFile(draft, body, { mode: 0o644 })
        isMasked ??= ((await stat(draft)).mode & 0o777) !== 0o644
        if (isMasked) await chmod(draft, 0o644)
        await rename(draft, path)
      } catch (error) {
        made.clear()
        await rm(draft, { force: true })
        throw error
      }
    },
    async remove(file) {
      await rm(join(folder, file), { force: true })
    },
  }
}
