import type { Expectations } from './expectations.ts'
import { type CheckDetail, type Finding, type Outcome, type Reason, isMild, isOurs } from './finding.ts'

/** What a finding amounts to, held against what its probe expects. */
export function judged(finding: Finding, expects: Expectations): CheckDetail {
  if ('fault' in finding) {
    const { fault, ms, certificate } = finding
    const outcome = isOurs(fault) ? 'inconclusive' : 'fail'
    return {
      outcome,
      reason: fault,
      ms: outcome === 'fail' ? ms : null,
      code: null,
      phases: null,
      certificate,
      redirects: 0,
    }
  }
  const { ms, code, phases, certificate, redirects, complaint } = finding
  const reason: Reason | null =
    complaint ?? (expects.latencyLimitMs !== null && ms > expects.latencyLimitMs ? 'latency' : null)
  const outcome: Outcome = reason === null ? 'pass' : isMild(reason) ? 'slow' : 'fail'
  return { outcome, reason, ms, code, phases, certificate, redirects }
}
