import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

interface Bound {
  readonly fd: number
  readonly port: number
  close(): void
}

/** As much as a server of Node is, without taking connections: for that it has no public way. */
function boundSocket(): Bound {
  const { TCP, constants } = (process as unknown as { binding(name: string): TcpWrap }).binding('tcp_wrap')
  const handle = new TCP(constants.SERVER)
  if (handle.bind('127.0.0.1', 0) !== 0) throw new Error('There is no port.')
  const name = { port: 0 }
  handle.getsockname(name)
  return { fd: handle.fd, port: name.port, close: () => handle.close() }
}

interface TcpWrap {
  readonly constants: { readonly SERVER: number }
  readonly TCP: new (kind: number) => {
    readonly fd: number
    bind(host: string, port: number): number
    getsockname(name: object): void
    close(): void
  }
}

/** What systemd does with a socket unit: it listens, and whoever it starts gets the socket and never owns it. */
export interface OneSocket {
  readonly url: string
  /** Starts one process on the socket, and resolves when it answers. */
  start(env: Readonly<Record<string, string>>): Promise<Started>
  close(): void
}

export interface Started {
  readonly pid: number
  /** Resolves with how it ended. */
  stop(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
}

const launcher = fileURLToPath(new URL('../../bin/candor.js', import.meta.url))
/** The number of a process is known only to itself. */
const withItsNumber = 'LISTEN_PID=$$ exec "$0" "$@"'

export function oneSocket(): OneSocket {
  const socket = boundSocket()
  const children = new Set<ChildProcess>()
  return {
    url: `http://127.0.0.1:${socket.port}`,
    async start(env) {
      const child = spawn('sh', ['-c', withItsNumber, process.execPath, launcher, 'serve'], {
        env: { PATH: process.env['PATH'], LISTEN_FDS: '1', CANDOR_LOG_LEVEL: 'warn', ...env },
        stdio: ['ignore', 'pipe', 'inherit', socket.fd],
      })
      children.add(child)
      const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
      await Promise.race([
        once(lines, 'line'),
        ended.then(() => {
          throw new Error('It ended before it answered.')
        }),
      ])
      return {
        // The shell has become the product.
        pid: child.pid ?? 0,
        async stop(signal) {
          child.kill(signal)
          const [code, by] = await ended
          children.delete(child)
          return code ?? by
        },
      }
    },
    close() {
      for (const child of children) child.kill('SIGKILL')
      socket.close()
    },
  }
}
