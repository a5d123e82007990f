/** What a part says of itself: null when it is well, else what is wrong, in words. */
export type Ask = () => string | null | Promise<string | null>

/** Whether this process does what it is there for. Each part watches itself. */
export interface Health {
  watch(part: string, ask: Ask): void
  /** Of what somebody has to see to, while the page does its work all the same. */
  mention(part: string, ask: Ask): void
  /** Every part with what is wrong with it, or null. */
  parts(): Promise<Record<string, string | null>>
  /** What is mentioned, in the same way. */
  remarks(): Promise<Record<string, string | null>>
}

/** A part that does not answer by then is not well, whatever it would have said. */
const patience = 2000

export function createHealth(): Health {
  const watched = new Map<string, Ask>()
  const mentioned = new Map<string, Ask>()
  return {
    watch: (part, ask) => void watched.set(part, ask),
    mention: (part, ask) => void mentioned.set(part, ask),
    parts: () => answersOf(watched),
    remarks: () => answersOf(mentioned),
  }
}

async function answersOf(asks: ReadonlyMap<string, Ask>): Promise<Record<string, string | null>> {
  const entries = [...asks].map(async ([part, ask]) => [part, await answerOf(ask)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

async function answerOf(ask: Ask): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(resolve, patience, `no answer within ${patience / 1000} seconds`)
  try {
    return await Promise.race([Promise.try(ask), late])
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    clearTimeout(timer)
  }
}
