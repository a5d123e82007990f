import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'

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
 * next answer (`Connection: close`), and cut only when they stay silent.
 */
export function drainable(server: Server): (times: DrainTimes) => Promise<void> {
  let leaving = false
  server.prependListener('request', (_request, response) => {
    if (leaving) response.shouldKeepAlive = false
  })
  return async (times) => {
    leaving = true
    if ((await connectionsOf(server)) > 0) await pause(times.keepListening)
    const gone = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
    const idle = setTimeout(() => server.closeIdleConnections(), times.idle)
    const underWay = setTimeout(() => server.closeAllConnections(), times.underWay)
    await gone
    clearTimeout(idle)
    clearTimeout(underWay)
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
