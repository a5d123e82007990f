import type { Instant } from '../../../lib/clock.ts'
import { type Evaluation, evaluate } from '../assertions/evaluate.ts'
import { printAssertion } from '../assertions/text.ts'
import type { Expectations } from '../expectations.ts'
import {
  type CheckDetail,
  type Finding,
  type Observation,
  type Outcome,
  type Reason,
  isMild,
  isOurs,
} from '../finding.ts'

/** What a finding amounts to, held against what its probe expects. */
export function judged(finding: Finding, expects: Expectations, now: Instant): CheckDetail {
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
  const { ms, code, phases, certificate, redirects } = finding
  const reason = finding.complaint ?? complaint(finding, expects, now)
  const outcome = outcomeOf(reason)
  return { outcome, reason: reason ?? finding.notice ?? null, ms, code, phases, certificate, redirects }
}

/** The same for somebody who tests: with what stood where something was asserted, which nobody keeps. */
export function judgedInFull(finding: Finding, expects: Expectations, now: Instant): CheckDetail {
  const detail = judged(finding, expects, now)
  if ('fault' in finding) return detail
  const observed = expects.assertions.map((assertion) => {
    const { result, observed } = evaluate(assertion, finding, now)
    return { text: printAssertion(assertion), result, observed }
  })
  return { ...detail, observed }
}

/** The first thing that is not as it should be; what is only slow comes last. */
function complaint(answer: Observation, { assertions, latencyLimitMs }: Expectations, now: Instant): Reason | null {
  const evaluations = assertions.map((assertion): Evaluation => evaluate(assertion, answer, now))
  const reasons = evaluations.map(({ reason }) => reason).filter((reason) => reason !== null)
  const isTooLong = latencyLimitMs !== null && answer.ms > latencyLimitMs
  return reasons.find((reason) => outcomeOf(reason) === 'fail') ?? reasons[0] ?? (isTooLong ? 'latency' : null)
}

function outcomeOf(reason: Reason | null): Outcome {
  return reason === null ? 'pass' : isMild(reason) ? 'slow' : 'fail'
}
