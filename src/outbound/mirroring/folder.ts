import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Place } from './place.ts'

/** A folder that a web server serves. Files in it that are not ours are left alone. */
export function folderPlace(folder: string): Place {
  const made = new Set<string>()

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
        const handle = await open(draft, 'w', 0o644)
        try {
          await handle.chmod(0o644)
          await handle.writeFile(body)
        } finally {
          await handle.close()
        }
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
