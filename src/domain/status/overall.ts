import type { ComponentStatus } from '../components/component.ts'

/** How the whole site is: what page, badge, feeds, JSON and favicon say, so that they cannot disagree. */
export interface Overall {
  /** `unknown`: nothing is said to be wrong, and something was not measured. Foreign formats say `none` for it. */
  readonly state: 'none' | 'unknown' | 'maintenance' | 'minor' | 'major' | 'critical'
  /** The official English sentence of the Statuspage API v2, for formats that ask for it. */
  readonly description: string
}

const operational: Overall = { state: 'none', description: 'All Systems Operational' }
const maintenance: Overall = { state: 'maintenance', description: 'Service Under Maintenance' }

/**
 * Many states into one, exactly as the Statuspage API v2 rolls up its leaves (contract §1.3): the result is not the
 * worst component, and not the impact of an incident. Groups do not count, their children do.
 */
export function overall(leaves: readonly ComponentStatus[]): Overall {
  const count = (status: ComponentStatus): number => leaves.filter((leaf) => leaf === status).length
  const [only] = leaves
  if (leaves.length === 1 && only) return single(only)
  // Of nothing, nothing was measured.
  if (leaves.length === 0) return { ...operational, state: 'unknown' }
  const major = count('major_outage')
  if (major > 0 && major === leaves.length) return { state: 'critical', description: 'Major System Outage' }
  if (major > 0) return { state: 'major', description: 'Partial System Outage' }
  if (count('partial_outage') > 0) return { state: 'minor', description: 'Minor Service Outage' }
  const degraded = count('degraded_performance')
  if (degraded > 0 && degraded === leaves.length) return { state: 'minor', description: 'Degraded System Service' }
  if (degraded > 0) return { state: 'minor', description: 'Partially Degraded Service' }
  if (count('under_maintenance') > 0) return maintenance
  return count('unknown') > 0 ? { ...operational, state: 'unknown' } : operational
}

function single(leaf: ComponentStatus): Overall {
  switch (leaf) {
    case 'major_outage':
      return { state: 'critical', description: 'Major System Outage' }
    case 'partial_outage':
      return { state: 'major', description: 'Partial System Outage' }
    case 'degraded_performance':
      return { state: 'minor', description: 'Degraded System Service' }
    case 'under_maintenance':
      return maintenance
    case 'unknown':
      return { ...operational, state: 'unknown' }
    case 'operational':
      return operational
  }
}
