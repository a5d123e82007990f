import type { Server } from 'node:http'
import { type Socket, Server as NetServer } from 'node:net'

export interface DrainTimes {
  /** How long to go on listening, so that whoever sends us requests can notice that we are leaving. */
  readonly keepListening: number
  /** How long connections without a request may stay. */
  readonly idle: number
  /** How long a request under way may take. */
  readonly underWay: number
}

/**
 * Prepares a server for an end without a dropped request, and answers how to bring it about. `server.close()` of Node
 * cuts idle connections at once, also those on which a request is just arriving: here they are asked to go with their
 * next answer (`Connection: close`), and cut only when they stay silent. `others` are processes that may hand
 * connections over until they are gone: it waits for both.
 */
export function drainable(server: Server): (times: DrainTimes, others?: Promise<unknown>) => Promise<void> {
  const open = new Set<Socket>()
  let emptied = (): void => undefined
  server.prependListener('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      if (open.size === 0) emptied()
    })
  })
  return async (times, others) => {
    server.prependListener('request', (_request, response) => {
      response.shouldKeepAlive = false
    })
    if (open.size > 0) await pause(times.keepListening)
    // Node's own word that all are closed never comes where processes that were given connections ended first.
    NetServer.prototype.close.call(server)
    const idle = setTimeout(() => server.closeIdleConnections(), times.idle)
    const underWay = setTimeout(() => open.forEach((socket) => socket.destroy()), times.underWay)
    await others
    if (open.size > 0) await new Promise<void>((resolve) => (emptied = resolve))
    clearTimeout(idle)
    clearTimeout(underWay)
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
