/** Runs `work` once at a time; whoever calls while it runs waits for one further run, which sees what they wrote. */
export function oneAtATime(work: () => Promise<void>): { refresh(): Promise<void>; idle(): Promise<void> } {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const start = (): Promise<void> => {
    running = work().finally(() => (running = null))
    return running
  }
  return {
    refresh() {
      // Asked for first: the one that ran may be over, and the next one not begun.
      if (next) return next
      if (!running) return start()
      next = running
        .catch(() => undefined)
        .then(() => {
          next = null
          return start()
        })
      return next
    },
    /** Resolves when none is under way or waits, also where it fails: whoever began it is told. */
    async idle() {
      while (next ?? running) await (next ?? running)?.catch(() => undefined)
    },
  }
}
