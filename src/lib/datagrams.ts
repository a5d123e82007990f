import { createSocket } from 'node:dgram'
import type { Buffer } from 'node:buffer'
import { NetworkError, abortFault, faultOf } from './connection.ts'

/** Packets to one judged address, and from it alone. */
export interface Datagrams {
  send(bytes: Uint8Array): void
  /** Waits for a packet of which `take` makes something; null: it was not the one. */
  hear<T>(take: (packet: Buffer) => T | null): Promise<T>
  /** Waits so long for nothing; throws if a refusal comes. What else is heard does not matter. */
  quiet(ms: number): Promise<void>
  close(): void
}

/** Opens a socket that is connected, so that the system drops what others send, and tells us of refusals. */
export function openDatagrams(address: string, port: number, signal: AbortSignal): Promise<Datagrams> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    const waiting: Buffer[] = []
    let over: NetworkError | null = null
    let look = (): void => undefined
    let isConnected = false

    const finish = (error: NetworkError): void => {
      over ??= error
      reject(over)
      // Nobody holds it who could close it.
      if (!isConnected) close()
      look()
    }
    const close = (): void => {
      signal.removeEventListener('abort', abort)
      socket.close()
    }
    const abort = (): void => finish(new NetworkError(abortFault(signal), signal.reason))
    socket.on('error', (cause) => finish(new NetworkError(faultOf(cause), cause)))
    socket.on('message', (packet) => {
      // Nobody needs more than a few; a flood is not kept.
      if (waiting.length < 16) waiting.push(packet)
      look()
    })
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    // Not a callback: it would be called as well where no way leads, and then nothing is connected.
    socket.once('connect', () => {
      isConnected = true
      resolve({
        send: (bytes) => socket.send(bytes),
        hear: (take) =>
          new Promise((found, failed) => {
            look = () => {
              try {
                for (let packet = waiting.shift(); packet; packet = waiting.shift()) {
                  const taken = take(packet)
                  if (taken !== null) return found(taken)
                }
                if (over) failed(over)
              } catch (error) {
                failed(error)
              }
            }
            look()
          }),
        quiet: (ms) =>
          new Promise((passed, failed) => {
            const timer = setTimeout(passed, ms)
            look = () => {
              if (!over) return
              clearTimeout(timer)
              failed(over)
            }
            look()
          }),
        close,
      })
    })
    socket.connect(port, address)
  })
}
