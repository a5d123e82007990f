export interface Turns {
  /** Resolves when there is room and the work has begun. Throws what failed before, when nothing is under way any more. */
  next(work: () => Promise<void>): Promise<void>
  /** Resolves when all is done, or throws the first failure. */
  done(): Promise<void>
}

/** At most `most` pieces of work under way at a time; whoever adds one waits for room. */
export function inTurns(most: number): Turns {
  const underWay = new Set<Promise<void>>()
  let failed: { readonly error: unknown } | null = null
  const room = async (limit: number): Promise<void> => {
    while (underWay.size > (failed ? 0 : limit)) await Promise.race(underWay)
    if (failed) throw failed.error
  }
  return {
    async next(work) {
      await room(most - 1)
      const one = work()
        .catch((error: unknown) => void (failed ??= { error }))
        .finally(() => underWay.delete(one))
      underWay.add(one)
    },
    done: () => room(0),
  }
}
