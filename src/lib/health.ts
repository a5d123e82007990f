import { Refusal } from './errors.ts'

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

/** Hears of a part that could not be asked. */
type Failed = (part: string, error: unknown) => void

/** A part that does not answer by then is not well, whatever it would have said. */
const patience = 2000

export function createHealth(failed: Failed = () => undefined): Health {
  const watched = new Map<string, Ask>()
  const mentioned = new Map<string, Ask>()
  return {
    watch: (part, ask) => void watched.set(part, ask),
    mention: (part, ask) => void mentioned.set(part, ask),
    parts: () => answersOf(watched, failed),
    remarks: () => answersOf(mentioned, failed),
  }
}

async function answersOf(asks: ReadonlyMap<string, Ask>, failed: Failed): Promise<Record<string, string | null>> {
  const entries = [...asks].map(
    async ([part, ask]) => [part, await answerOf(ask, (error) => failed(part, error))] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function answerOf(ask: Ask, failed: (error: unknown) => void): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(resolve, patience, `no answer within ${patience / 1000} seconds`)
  try {
    return await Promise.race([Promise.try(ask), late])
  } catch (error) {
    // Strangers read this: only what was written for people.
    if (error instanceof Refusal) return error.message
    failed(error)
    return 'it could not be looked at; the log says why'
  } finally {
    clearTimeout(timer)
  }
}
