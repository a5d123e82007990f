import type { Instant } from '../../lib/clock.ts'
import type { DeclaredStatus } from '../components/component.ts'
import type { Affected, Severity } from '../incidents/incident.ts'

/** What another status page said, in our words. Ids are theirs and become ours; texts are as they were written. */
export interface Recording {
  readonly page: RecordedPage
  readonly groups: readonly RecordedGroup[]
  readonly components: readonly RecordedComponent[]
  readonly incidents: readonly RecordedIncident[]
  readonly maintenances: readonly RecordedMaintenance[]
  /** Names in it that stand for no component, with how often: known to the reader, lost to us. */
  readonly unknownNames: ReadonlyMap<string, number>
}

/** Null: the recording does not say. */
export interface RecordedPage {
  readonly id: string | null
  readonly name: string | null
  readonly zone: string | null
  readonly updatedAt: Instant | null
}

interface RecordedThing {
  readonly id: string
  readonly name: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export interface RecordedGroup extends RecordedThing {
  readonly description: string | null
  readonly position: number
}

export interface RecordedComponent extends RecordedGroup {
  readonly groupId: string | null
  readonly status: DeclaredStatus
  readonly bars: 'shown' | 'hidden'
  readonly shown: 'always' | 'degraded'
  readonly startDate: string | null
  /** `gone`: incidents name it, the page does not list it any more. */
  readonly listed: 'listed' | 'gone'
}

export interface RecordedUpdate {
  readonly id: string
  readonly stage: string
  readonly body: string
  readonly displayedAt: Instant
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly affected: readonly Affected[] | null
  readonly delivered: 'yes' | 'no'
}

/** A component that an incident names; the status is null where nothing says how it was. */
export interface RecordedHarm {
  readonly componentId: string
  readonly status: DeclaredStatus | null
}

export interface RecordedIncident extends RecordedThing {
  readonly stage: string
  readonly severity: Severity
  readonly beganAt: Instant
  readonly monitoringAt: Instant | null
  /** Null: it is not over. */
  readonly overAt: Instant | null
  readonly shortlink: string | null
  readonly components: readonly RecordedHarm[]
  /** Oldest first; never empty. */
  readonly updates: readonly RecordedUpdate[]
}

export interface RecordedMaintenance extends Omit<RecordedIncident, 'beganAt' | 'monitoringAt' | 'overAt'> {
  readonly announcedAt: Instant
  readonly plannedFrom: Instant
  readonly plannedUntil: Instant
  readonly beganAt: Instant | null
  readonly verifyingAt: Instant | null
  readonly endedAt: Instant | null
}
