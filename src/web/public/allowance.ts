/** So many a second, all askers together; what was not used is saved up for one second. */
export interface Allowance {
  /** False: not now. */
  take(): boolean
}

export function createAllowance(perSecond: number, now = () => performance.now()): Allowance {
  let left = perSecond
  let at = now()
  return {
    take() {
      const passed = now() - at
      at += passed
      left = Math.min(perSecond, left + (passed / 1000) * perSecond)
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
