import type { Instant } from '../../lib/clock.ts'
import type { DeclaredStatus, Tag } from '../components/component.ts'
import type { Affected, Severity } from '../incidents/incident.ts'

/** What another status page said, in our words. Ids are theirs and become ours; texts are as they were written. */
export interface Recording {
  readonly page: RecordedPage
  readonly groups: readonly RecordedGroup[]
  readonly components: readonly RecordedComponent[]
  readonly incidents: readonly RecordedIncident[]
  readonly maintenances: readonly RecordedMaintenance[]
  /**
   * Whether groups and components say since when they are and when they changed. Where they do not, they carry the
   * recording's own time: it tells newer from older, and nothing else is to be made of it.
   */
  readonly partsAreDated: 'each' | 'together'
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

interface RecordedPart extends RecordedThing {
  readonly description: string | null
  readonly position: number
}

export interface RecordedGroup extends RecordedPart {
  /** Null: it is no instance, as far as the recording knows. */
  readonly instance: RecordedInstance | null
}

/** Null: the recording does not say, and what is known here stays. */
export interface RecordedInstance {
  readonly key: string
  readonly location: string | null
  readonly environment: string | null
  readonly tags: readonly Tag[] | null
}

export interface RecordedComponent extends RecordedPart {
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

/** What a component suffered from when to when, where the recording knows it to the second. */
export interface RecordedImpact {
  readonly componentId: string
  readonly status: DeclaredStatus
  readonly beganAt: Instant
  readonly endedAt: Instant | null
  readonly saidAt: Instant
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
  /** Null: they follow from the components and what the updates say of them. */
  readonly impacts: readonly RecordedImpact[] | null
  /** Oldest first. */
  readonly updates: readonly RecordedUpdate[]
}

export interface RecordedMaintenance extends Omit<RecordedIncident, 'impacts' | 'beganAt' | 'monitoringAt' | 'overAt'> {
  readonly announcedAt: Instant
  readonly plannedFrom: Instant
  readonly plannedUntil: Instant
  readonly beganAt: Instant | null
  readonly verifyingAt: Instant | null
  readonly endedAt: Instant | null
  readonly cancelledAt: Instant | null
}
