import type { Socket } from 'node:net'

/**
 * Before a connection is given to another process: what is read of it from here on would be lost. There is no other way
 * to stop at once, a paused socket reads on for a while.
 */
export function stopReading(socket: Socket): void {
  ;(socket as Handled)._handle?.readStop()
}

/** It was not given away after all. */
export function readAgain(socket: Socket): void {
  ;(socket as Handled)._handle?.readStart()
}

type Handled = Socket & { readonly _handle: { readStop(): void; readStart(): void } | null }
