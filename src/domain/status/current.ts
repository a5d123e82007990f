import type { Instant } from '../../lib/clock.ts'
import { type ComponentStatus, type Impact, worse } from '../components/component.ts'

export interface Current {
  readonly status: ComponentStatus
  /** Null where nothing ever happened to it. */
  readonly since: Instant | null
}

/** What a component's open public impacts amount to: the worst of them, since the earliest that says so. */
export function currentStatus(impacts: readonly Pick<Impact, 'status' | 'beganAt'>[]): Current {
  const status = impacts.map((impact) => impact.status).reduce(worse, 'operational')
  const beginnings = impacts.filter((impact) => impact.status === status).map((impact) => impact.beganAt)
  return { status, since: status === 'operational' ? null : (beginnings.toSorted()[0] ?? null) }
}
