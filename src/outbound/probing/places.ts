/** Waits without holding a place. */
export type Aside = <T>(wait: Promise<T>) => Promise<T>

/** How many checks are at work, of so many that may be at once. */
export interface Places {
  readonly taken: number
  readonly areLeft: boolean
  take(): void
  leave(): void
  /** What only waits costs nothing, so meanwhile another check may begin; who comes back is let in. */
  readonly aside: Aside
}

export function places(most: number, onOneLeft: () => void): Places {
  let taken = 0
  return {
    get taken() {
      return taken
    },
    get areLeft() {
      return taken < most
    },
    take: () => void (taken += 1),
    leave: () => void (taken -= 1),
    async aside(wait) {
      taken -= 1
      onOneLeft()
      try {
        return await wait
      } finally {
        taken += 1
      }
    },
  }
}
