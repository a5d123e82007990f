import { executionAsyncResource } from 'node:async_hooks'

const kept: object[] = []

/**
 * Keeps `process.nextTick` quick for as long as this process lives; a request takes some ten of them. V8 makes a tick in
 * one step while it knows their shape. A process that collects while none waits loses the shape, the next one is another,
 * and each tick is put together property by property from then on: 1.3 µs instead of 0.1 (Node 26). One tick that is kept
 * keeps the shape. To be called early.
 */
export function keepTicksQuick(): void {
  if (kept.length === 0) process.nextTick(() => kept.push(executionAsyncResource()))
}
