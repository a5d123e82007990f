// Starts the product, on the Node that fits. Plain JavaScript that Node 20 understands.
import module from 'node:module'
import { pathToFileURL } from 'node:url'
import { program } from './bundle.js'
import { isNewEnough, pinnedNode, runNode } from './runtime.js'

/**
 * What it runs on is bytes that lie ready, so it needs little room for what is new: 1 MB instead of 16 for young objects,
 * and one heap for all threads instead of one each. They must be known when a process begins.
 */
const flags = ['--max-semi-space-size=1', '--memory-saver-mode']

/** What is large, as the work of a compressor, is given back as soon as it is done, and leaves no holes in the heap. */
const memory = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

/** Runs `candor …` in our place, so that there is one process; if our Node is too old, in the pinned one beside us. */
export async function runProduct(args) {
  const { file, compiled } = await program()
  const all = [...process.execArgv, ...flags, file, ...args]
  const env = { ...memory, NODE_COMPILE_CACHE: compiled, ...process.env }
  // A socket that was handed to us (systemd) is closed when another program takes our place: so this one becomes the product.
  if (process.env['LISTEN_PID'] === String(process.pid)) return become(file, { compiled, args })
  if (!isNewEnough(process.versions.node)) return runNode(pinnedNode(), all, env)
  // Windows replaces no process.
  if (process.platform === 'win32') return runNode(process.execPath, all, env)
  process.execve(process.execPath, [process.execPath, ...all], env)
}

/** Without the flags: they cost it some megabytes. */
async function become(file, { compiled, args }) {
  if (!isNewEnough(process.versions.node)) {
    throw new Error(`Node ${process.versions.node} is too old to take a socket over: let the unit start a newer one.`)
  }
  module.enableCompileCache(compiled)
  process.argv = [process.execPath, file, ...args]
  await import(pathToFileURL(file).href)
}
