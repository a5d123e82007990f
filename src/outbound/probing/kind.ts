import type { CheckDetail, ProbeKindName } from '../../domain/probes/probe.ts'
import type { Egress } from '../../lib/safe-fetch.ts'

/** A way to check something: a file in `kinds/` and a line in `kinds/index.ts`. */
export interface ProbeKind<Spec> {
  readonly name: ProbeKindName
  /** For operators. */
  readonly label: string
  /** Where it connects to; at most two checks run against the same one at a time. */
  targetOf(spec: Spec): string
  /** Runs once. Never throws for what the world does: that is the outcome. */
  check(spec: Spec, circumstances: Circumstances): Promise<CheckDetail>
}

export interface Circumstances {
  readonly egress: Egress
  readonly timeoutMs: number
  /** A check that confirms asks DNS again. */
  readonly lookUp: 'fresh' | 'cached'
  readonly signal: AbortSignal
}
