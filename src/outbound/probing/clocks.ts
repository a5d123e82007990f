import { hasJumped } from './slots.ts'

/** A loop that stood still for longer has measured itself, not the others. */
const standstillMs = 300
/** One that stood still for so long was put to sleep. */
const sleepMs = 5000

/** Watches the two clocks: after a sleep or a jump connections are cut, and time limits have passed that nobody waited for. */
export interface Clocks {
  /** Once a tick: the time, and whether slots must be reckoned anew. */
  look(): { readonly now: number; readonly isAnew: boolean }
  /** Whether nothing of that happened since. */
  ranSince(steady: number): boolean
}

export function clocks({ wall, steady }: { wall(): number; steady(): number }): Clocks {
  let last = { wall: wall(), steady: steady() }
  let standstillAt = -Infinity

  function passed(): { now: number; isAnew: boolean } {
    const [wallPassed, steadyPassed] = [wall() - last.wall, steady() - last.steady]
    const jumped = hasJumped(wallPassed, steadyPassed)
    if (jumped || steadyPassed > standstillMs) standstillAt = last.steady + steadyPassed
    return { now: last.wall + wallPassed, isAnew: jumped || steadyPassed > sleepMs }
  }

  return {
    look() {
      const found = passed()
      last = { wall: found.now, steady: steady() }
      return found
    },
    ranSince(begun) {
      // What came too late may come before the tick that would notice.
      passed()
      return standstillAt < begun
    },
  }
}
