// Finds the Node that everything runs on, and hands over to it. Plain JavaScript that Node 20 understands.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** The Node that the development dependency `node` brings, so that everybody works on the same. */
export const pinned = join(root, 'node_modules/node/bin/node')

export function isNewEnough(version) {
  return Number.parseInt(version, 10) >= 24
}

export function pinnedNode() {
  if (existsSync(pinned)) return pinned
  throw new Error('There is no Node of the right version here. Run npm start or npm test, which install it.')
}

/** Runs a program in the place of this one: it has the terminal and gets every signal, and its end is ours. */
export async function runNode(node, args, env = process.env) {
  const PATH = [join(root, 'node_modules/.bin'), env.PATH].join(delimiter)
  const { code, signal } = await run(node, args, { env: { ...env, PATH } })
  if (signal) process.kill(process.pid, signal)
  else process.exitCode = code
}

/** Runs a program to its end. A signal to us is meant for it. */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const stops = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'].map((signal) => {
      const forward = () => child.kill(signal)
      process.on(signal, forward)
      return () => process.off(signal, forward)
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const stop of stops) stop()
      resolve({ code, signal })
    })
  })
}
