import type { Reason } from '../../../domain/probes/finding.ts'
import type { DomainSpec } from '../../../domain/probes/kinds/domain.ts'
import { secondsBetween, wallClock } from '../../../lib/clock.ts'
import type { ProbeKind } from '../kind.ts'
import { type NoRegistration, type Registration, registrationOf } from '../registrations.ts'

export const domain: ProbeKind<DomainSpec> = {
  // One registry knows many names, and counts how often we ask.
  targetOf: (spec) => spec.domain.slice(spec.domain.indexOf('.') + 1),
  async check(spec, { egress, timeoutMs, lookUp, signal }) {
    const begun = performance.now()
    const passed = (): number => Math.round(performance.now() - begun)
    const way = { egress, lookUp, signal, left: () => timeoutMs - passed() }
    const told = await registrationOf(spec.domain, spec.directory, way)
    const fault = typeof told === 'string' ? faultOf(told) : told.until === null ? 'no_registry' : null
    if (typeof told === 'string' || fault !== null)
      return { fault: fault ?? 'registry', ms: passed(), certificate: null }
    const daysLeft = told.until === null ? Infinity : secondsBetween(wallClock.now(), told.until) / daySeconds
    const complaint = complaintOf(told, daysLeft, spec)
    // Nothing is wrong yet, so it is said beside a pass.
    const notice = daysLeft < spec.warnDays ? 'expiring' : null
    return { ms: passed(), code: null, phases: null, certificate: null, redirects: 0, complaint, notice }
  },
}

const daySeconds = 86_400
/** The name leads nowhere, or soon will, whatever the date says (RFC 8056). */
const outOfUse = ['redemption period', 'pending delete', 'client hold', 'server hold', 'inactive']
const locks = ['client transfer prohibited', 'server transfer prohibited', 'locked']

function complaintOf({ statuses }: Registration, daysLeft: number, { mustBeLocked }: DomainSpec): Reason | null {
  if (outOfUse.some((status) => statuses.includes(status))) return 'held'
  if (daysLeft < 0) return 'expired'
  return mustBeLocked === 'yes' && !locks.some((status) => statuses.includes(status)) ? 'unlocked' : null
}

/** That a registry is away says nothing of the name. */
function faultOf(why: NoRegistration): Reason {
  switch (why) {
    case 'absent':
      return 'unregistered'
    case 'no registry':
      return 'no_registry'
    case 'blocked':
    case 'resolver':
    case 'stopped':
    case 'prober':
    case 'proxy':
      return why
    case 'unreadable':
    case 'timeout':
    case 'refused':
    case 'reset':
    case 'unreachable':
    case 'tls':
    case 'protocol':
    case 'too_large':
    case 'dns':
    case 'redirects':
      return 'registry'
  }
}
