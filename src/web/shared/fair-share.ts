import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** So many requests of one connection are answered in a turn of the event loop. Browsers ask for one at a time. */
export const mostInTurn = 16
/** Of so many connections that asked for more, in each turn. */
const atOnce = 4

/**
 * Answers in turn. One piece of 64 kB holds more than a thousand requests, and Node reads and answers thirty such pieces
 * before anybody else is heard: whoever fills a connection with requests would have everybody wait for seconds. What is
 * more than a share waits for later turns, and what comes behind it is not read until then.
 */
export function inFairShares(handle: RequestListener): RequestListener {
  const given = new Map<Socket, number>()
  const waiting = new Map<Socket, [IncomingMessage, ServerResponse][]>()

  function isInShare(socket: Socket): boolean {
    if (given.size === 0) setImmediate(() => given.clear())
    const before = given.get(socket) ?? 0
    given.set(socket, before + 1)
    return before < mostInTurn
  }

  function goOn(): void {
    for (const [socket, all] of [...waiting].slice(0, atOnce)) {
      waiting.delete(socket)
      if (socket.destroyed) continue
      for (const [request, response] of all.splice(0, mostInTurn)) handle(request, response)
      // Behind those who waited as long.
      if (all.length > 0) waiting.set(socket, all)
      else socket.resume()
    }
    if (waiting.size > 0) setImmediate(goOn)
  }

  return (request, response) => {
    const { socket } = request
    const before = waiting.get(socket)
    if (!before && isInShare(socket)) return handle(request, response)
    if (before) before.push([request, response])
    else {
      if (waiting.size === 0) setImmediate(goOn)
      waiting.set(socket, [[request, response]])
    }
    // Each time, because Node reads on by itself when what was answered is written. And not yet: with the end of each
    // message it reads on, until the piece is done.
    process.nextTick(() => {
      if (waiting.has(socket)) socket.pause()
    })
  }
}
