import type { Finding } from '../../domain/probes/finding.ts'
import type { Egress } from '../../lib/egress.ts'

/**
 * A way to check something: a file in `kinds/` and a line in `kinds/index.ts`. What it asks its operator stands in the file
 * of the same name in `domain/probes/kinds/`.
 */
export interface ProbeKind<Spec> {
  /** Where it connects to; at most two checks run against the same one at a time. */
  targetOf(spec: Spec): string
  /** Runs once. Never throws for what the world does: that is what it found. */
  check(spec: Spec, circumstances: Circumstances): Promise<Finding>
}

export interface Circumstances {
  readonly egress: Egress
  readonly timeoutMs: number
  /** A check that confirms asks DNS again. */
  readonly lookUp: 'fresh' | 'cached'
  /** The program that visits pages; null or left out: there is none here. */
  readonly chromium?: string | null
  readonly signal: AbortSignal
}
