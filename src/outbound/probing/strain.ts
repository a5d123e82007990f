import { monitorEventLoopDelay } from 'node:perf_hooks'

/** From here on what a thread times is its own slowness. */
const strainedMs = 200
/** It is believed again after so long without. */
const reliefMs = 2000

/** How busy the thread is that calls it. */
export interface Strain {
  isStrained(): boolean
  /** Once a second. */
  read(): { readonly cpuSeconds: number; readonly loopDelayMs: number }
}

export function strainOfThread(): Strain {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let strainedAt = -Infinity
  return {
    isStrained() {
      return delay.percentile(99) / 1e6 > strainedMs || performance.now() - strainedAt < reliefMs
    },
    read() {
      const loopDelayMs = delay.percentile(99) / 1e6
      if (loopDelayMs > strainedMs) strainedAt = performance.now()
      delay.reset()
      const { user, system } = process.threadCpuUsage()
      return { cpuSeconds: (user + system) / 1e6, loopDelayMs }
    },
  }
}
