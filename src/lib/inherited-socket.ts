import { type AddressInfo, Socket } from 'node:net'

/** Where systemd, and whoever does as it does, puts the first of what it hands on. */
const first = 3

/**
 * The listening socket that whoever started us made (`LISTEN_FDS`, sd_listen_fds(3)), as its file descriptor; null: there
 * is none. It outlives this process, so that who connects between two of them waits, and is not refused. What was meant
 * for another process, as for the one that started us, is not ours.
 */
export function inheritedSocket(env: Readonly<Record<string, string | undefined>>, pid: number): number | null {
  const count = Number(env['LISTEN_FDS'] ?? 0)
  if (env['LISTEN_PID'] !== String(pid) || count === 0) return null
  if (count === 1) return first
  throw new Error(`There are ${count} sockets to listen on (LISTEN_FDS). Candor listens on one: name one in its unit.`)
}

/** The port of such a socket, to be asked before this process listens on it; null: it has none, as one of a file system. */
export function portOfSocket(fd: number): number | null {
  // Only for its name: nothing is read from it, and it is never closed, because whoever listens has the same.
  const { port = null } = new Socket({ fd, readable: false, writable: false }).unref().address() as Partial<AddressInfo>
  return port
}
