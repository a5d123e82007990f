import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { type Certificate, NetworkError, type TlsWishes, abortFault, faultOf, startTls } from './connection.ts'

/** Both sides of a connection, in turns, bounded in bytes and in time. Closes with its socket. */
export interface Dialogue {
  /** What was heard since something was last said. */
  readonly heard: Buffer
  /** Waits until what was heard is enough: `enough` then answers something other than null. */
  hear<T>(enough: (heard: Buffer) => T | null): Promise<T>
  /** Says something, and forgets what was heard before. */
  say(bytes: string | Uint8Array): void
  /** Encrypts from here on; what was said in the open before is not believed. */
  encrypt(wishes: Omit<TlsWishes, 'signal'>): Promise<Certificate>
  /** Lets go of the connection, for somebody who speaks its protocol better. */
  release(): void
  end(): void
}

const mostBytes = 64 * 1024

export function dialogue(opened: Socket, signal: AbortSignal): Dialogue {
  let socket = opened
  let heard = Buffer.alloc(0)
  let size = 0
  let over: NetworkError | null = null
  let look = (): void => undefined

  const finish = (error: NetworkError): void => {
    over ??= error
    look()
  }
  const onData = (chunk: Buffer): void => {
    size += chunk.length
    heard = Buffer.concat([heard, chunk])
    if (size > mostBytes) finish(new NetworkError('too_large', new Error('It says more than anybody asked for.')))
    look()
  }
  const onError = (cause: unknown): void => finish(new NetworkError(faultOf(cause), cause))
  const onEnd = (): void => finish(new NetworkError('reset', new Error('It broke off the dialogue.')))
  const abort = (): void => finish(new NetworkError(abortFault(signal), signal.reason))

  function listen(to: Socket): void {
    socket = to
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd)
  }

  function letGo(): void {
    socket.off('data', onData).off('end', onEnd).off('close', onEnd)
  }

  listen(opened)
  signal.addEventListener('abort', abort, { once: true })
  return {
    get heard() {
      return heard
    },
    hear: (enough) =>
      new Promise((resolve, reject) => {
        look = () => {
          try {
            const found = enough(heard)
            if (found === null && over === null) return
            look = () => undefined
            if (found === null) reject(over as NetworkError)
            else resolve(found)
          } catch (error) {
            look = () => undefined
            reject(error)
          }
        }
        look()
      }),
    say(bytes) {
      heard = Buffer.alloc(0)
      socket.write(bytes)
    },
    async encrypt(wishes) {
      letGo()
      heard = Buffer.alloc(0)
      const secured = await startTls(socket, { ...wishes, signal })
      listen(secured.socket)
      return secured.certificate
    },
    release() {
      letGo()
      signal.removeEventListener('abort', abort)
    },
    end() {
      signal.removeEventListener('abort', abort)
      socket.destroy()
    },
  }
}
