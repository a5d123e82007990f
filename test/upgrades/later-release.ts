import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { ownFolder } from '../own-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The whole product as a later release: with one step more, that goes in portions. Answers its program. */
export function laterRelease(): string {
  const folder = ownFolder()
  // Links are followed to what they lead to: what imports must be there itself.
  for (const name of ['src', 'migrations', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  for (const name of ['views', 'locales', 'node_modules']) symlinkSync(join(root, name), join(folder, name))
  renameSync(join(folder, 'migrations/index.ts'), join(folder, 'migrations/released.ts'))
  cpSync(new URL('./carries.ts', import.meta.url), join(folder, 'migrations/carries.ts'))
  cpSync(new URL('./held.ts', import.meta.url), join(folder, 'migrations/held.ts'))
  writeFileSync(
    join(folder, 'migrations/index.ts'),
    `import { held } from './held.ts'
     import { migrations as released } from './released.ts'
     export const migrations = [...released, held]`,
  )
  return join(folder, 'src/run.ts')
}

export interface Running {
  readonly child: ChildProcess
  logged(): string
  ask(path: string, form?: Readonly<Record<string, string>>): Promise<Response>
  /** What `/readyz` says, whatever it is. */
  parts(): Promise<Readonly<Record<string, string>>>
  kill(): Promise<void>
}

/** Starts a program on what another one left; does not wait for it. */
export function running(program: string, env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [program, 'serve'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let logged = ''
  child.stderr.on('data', (bytes: Buffer) => (logged += bytes.toString()))
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  const ask: Running['ask'] = (path, form) =>
    fetch(`http://127.0.0.1:${env['CANDOR_PORT']}${path}`, {
      headers: { connection: 'close' },
      redirect: 'manual',
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
  return {
    child,
    logged: () => logged,
    ask,
    async parts() {
      const answer = await ask('/readyz').catch(() => null)
      return answer ? ((await answer.json()) as { parts: Record<string, string> }).parts : {}
    },
    kill,
  }
}

export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}
