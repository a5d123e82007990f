// Where the bundle of these very sources lies; makes it if it is not there. Plain JavaScript that Node 20 understands.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, run } from './runtime.js'

/**
 * Code lies beside the packages, not in a folder where anybody may write; and not among them, because whoever installs
 * them anew removes them all, while a server runs.
 */
export const bundles = join(root, '.cache/candor')

/** A server in another container may run from the same files, and nobody here can see whether it does. */
const believedForMs = 90 * 86_400_000

/**
 * The program to run, and where its compiled code is kept. What is bundled starts in half the time and needs less memory;
 * the sources do the same wherever there is no bundle and none can be made. See docs/decisions/011-bundle.md.
 */
export async function program() {
  const folder = bundleFolder()
  // In a process of its own, so that no program of the bundler's stays with the one that takes our place.
  if (!isThere(folder)) await make()
  if (!isThere(folder)) return { file: join(root, 'src/run.ts'), compiled: join(bundles, 'sources') }
  markInUse(folder)
  return { file: join(folder, 'run.mjs'), compiled: join(folder, 'compiled') }
}

/** A process may load a part of its bundle long after its start: as long as it runs, no other one takes it away. */
function markInUse(folder) {
  try {
    mkdirSync(join(folder, 'users'), { recursive: true })
    for (const user of usersOf(folder)) if (!isThereStill(user)) rmSync(user, { force: true })
    writeFileSync(join(folder, 'users', `${hostname()} ${process.pid}`), '')
  } catch {
    // Where we may not write, nothing that we start takes it away.
  }
}

export function isInUse(folder) {
  return usersOf(folder).some(isThereStill)
}

function usersOf(folder) {
  const users = join(folder, 'users')
  return existsSync(users) ? readdirSync(users).map((name) => join(users, name)) : []
}

/** Whether who left this mark runs, or may run. */
function isThereStill(user) {
  const [machine, pid] = basename(user).split(' ')
  if (machine !== hostname())
    return Date.now() - (statSync(user, { throwIfNoEntry: false })?.mtimeMs ?? 0) < believedForMs
  try {
    return process.kill(Number(pid), 0)
  } catch (error) {
    // Somebody else's.
    return error.code === 'EPERM'
  }
}

async function make() {
  const { signal } = await run(process.execPath, [fileURLToPath(new URL('make-bundle.js', import.meta.url))], {})
  // Whoever asks it to end means all of us; one that crashes is only a bundle that is not there.
  if (['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'].includes(signal)) {
    process.kill(process.pid, signal)
    // The first process of a container does not hear of it.
    process.exit(1)
  }
}

export function isThere(folder) {
  return existsSync(join(folder, 'run.mjs'))
}

/** Named by all that it is made of: a bundle of other sources is never found. */
export function bundleFolder() {
  const hash = createHash('sha256').update(root)
  for (const name of ['package.json', 'package-lock.json', 'scripts/make-bundle.js']) hash.update(contentOf(name))
  for (const folder of ['src', 'migrations', 'views/assets/public']) {
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (/\.(ts|css)$/.test(name)) hash.update(name).update(contentOf(join(folder, name)))
    }
  }
  return join(bundles, hash.digest('hex').slice(0, 16))
}

function contentOf(name) {
  return readFileSync(join(root, name))
}
