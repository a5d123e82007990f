import type { Result } from './wire.ts'
import { Queue } from './queue.ts'

/** A result with the steady time of its check, and whether a verdict may rest on it. */
export interface Waiting extends Omit<Result, 'ageMs'> {
  readonly at: number
  readonly counts: boolean
}

/** What was found and not yet handed over. What decides nothing is dropped first, the oldest of it; the rest never. */
export interface Findings {
  put(one: Waiting): void
  /** Everything, in the order in which it was found. */
  takeAll(): readonly Waiting[]
  readonly size: number
  /** How many were dropped since the start. */
  readonly dropped: number
}

const mostWaiting = 10_000

export function findings(): Findings {
  const decisive = new Queue<Numbered>()
  const others = new Queue<Numbered>()
  let next = 0
  let dropped = 0
  return {
    put(one) {
      ;(one.counts ? decisive : others).put({ number: next++, one })
      if (decisive.size + others.size <= mostWaiting) return
      if (others.take()) dropped += 1
    },
    takeAll() {
      const all = [...decisive.takeAll(), ...others.takeAll()]
      return all.sort((a, b) => a.number - b.number).map(({ one }) => one)
    },
    get size() {
      return decisive.size + others.size
    },
    get dropped() {
      return dropped
    },
  }
}

interface Numbered {
  readonly number: number
  readonly one: Waiting
}
