import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { LiveWorld } from './live.ts'

/** A server of this world on a real port; answers the port. */
export async function listening(it: Pick<LiveWorld, 'app'>): Promise<number> {
  const { app } = await it.app()
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

export interface Wire {
  readonly url: string
  /** Nothing passes any more, in either direction: connections hang, as when a cable is pulled. */
  cut(): void
  mend(): void
  leadsTo(port: number): void
}

/** What lies between a place and its server. */
export async function wireTo(port: number, heard: (bytes: Buffer) => void = () => undefined): Promise<Wire> {
  const pairs = new Set<Socket>()
  let target = port
  let isCut = false
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      pairs.add(from)
      from.on('data', (bytes: Buffer) => {
        if (from === near) heard(bytes)
        if (!isCut) to.write(bytes)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        pairs.delete(from)
        if (!isCut) to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endAll = (): void => {
    for (const socket of pairs) socket.destroy()
  }
  onTestFinished(() => {
    endAll()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => void (isCut = true),
    mend() {
      isCut = false
      endAll()
    },
    leadsTo(next) {
      target = next
      endAll()
    },
  }
}

export interface AgentProcess {
  readonly child: ChildProcess
  /** Everything it said and logged so far. */
  said(): string
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** `candor probe-agent` as a process of its own, which may reach this machine. */
export function startAgentProcess(
  server: string,
  token: string,
  env: Readonly<Record<string, string>> = {},
): AgentProcess {
  const folder = mkdtempSync(join(tmpdir(), 'candor-agent-'))
  const file = join(folder, 'token')
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  const child = spawn(process.execPath, ['bin/candor.js', 'probe-agent', '--server', server, '--token-file', file], {
    cwd: process.cwd(),
    env: { PATH: process.env['PATH'], CANDOR_EGRESS_ALLOW: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  return { child, said: () => said, ended }
}
