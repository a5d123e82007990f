import type { Socket } from 'node:net'

/**
 * Before a connection is given to another process: what is read of it from here on would be lost. There is no other way
 * to stop at once, a paused socket reads on for a while.
 */
export function stopReading(socket: Socket): void {
  ;(socket as unknown as { _handle: { readStop(): void } | null })._handle?.readStop()
}
