import { createHash } from 'node:crypto'

export interface Retry {
  /** How often it was tried. */
  readonly attempts: number
  /** Spreads those that failed together: whoever is tried again, by name. */
  readonly whom: string
  /** As the other side asked. */
  readonly asked?: number | undefined
  /** Before the second attempt. */
  readonly firstSeconds: number
}

const longestSeconds = 3600

/**
 * Seconds until it is tried again: a minute, two, four, to an hour; a fifth more or less, so that what failed together does not
 * come back together. Whoever asks for patience gets it, up to an hour.
 */
export function retrySeconds({ attempts, whom, asked, firstSeconds }: Retry): number {
  const doubled = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(20, Math.max(0, attempts - 1)))
  // Not by chance: the same delivery waits as long wherever it is asked.
  const share = createHash('sha256').update(`${whom}.${attempts}`).digest().readUInt16BE() / 0xffff
  const spread = doubled * (0.8 + 0.4 * share)
  return Math.max(spread, Math.min(longestSeconds, asked ?? 0) * (1 + 0.2 * share))
}
