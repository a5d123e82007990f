// Starts the product, on the Node that fits. Plain JavaScript that Node 20 understands.
import { program } from './bundle.js'
import { isNewEnough, pinnedNode, runNode } from './runtime.js'

/**
 * What it runs on is bytes that lie ready, so it needs little room for what is new: 1 MB instead of 16 for young objects,
 * and one heap for all threads instead of one each. They must be known when a process begins.
 */
const flags = ['--max-semi-space-size=1', '--memory-saver-mode']

/** Runs `candor …` in our place, so that there is one process; if our Node is too old, in the pinned one beside us. */
export async function runProduct(args) {
  const { file, compiled } = await program()
  const all = [...process.execArgv, ...flags, file, ...args]
  const env = { MALLOC_ARENA_MAX: '1', NODE_COMPILE_CACHE: compiled, ...process.env }
  if (!isNewEnough(process.versions.node)) return runNode(pinnedNode(), all, env)
  // Windows replaces no process.
  if (process.platform === 'win32') return runNode(process.execPath, all, env)
  process.execve(process.execPath, [process.execPath, ...all], env)
}
