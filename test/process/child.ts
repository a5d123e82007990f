import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface Running {
  readonly child: ChildProcess
  readonly url: string
  /** Everything it said on standard output so far. */
  said(): string
  /** Everything it logged so far. */
  logged(): string
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** Starts the product as a process of its own, on a data folder and a port of its own, and waits until it is ready. */
export async function startCandor(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'candor-test-'))
  const [program, ...args] = command
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], CANDOR_PORT: '0', CANDOR_DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let logged = ''
  const ready = Promise.withResolvers<string>()
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString()
    const heard = /\(listening on (\S+)\)/.exec(said)?.[1]
    if (heard !== undefined && said.includes('setup?secret=')) ready.resolve(`http://${heard}`)
  })
  child.stderr.on('data', (bytes: Buffer) => (logged += bytes.toString()))
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  void ended.then(() => ready.reject(new Error(`It ended before it was ready.\n${said}\n${logged}`)))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  return { child, url: await ready.promise, said: () => said, logged: () => logged, ended }
}
