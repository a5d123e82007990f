import type { Instant } from '../../lib/clock.ts'
import type { Severity, Update } from '../incidents/incident.ts'
import type { Revision, Withdrawn } from '../revisions/revision.ts'
import type { Locale, Translations } from '../site/site.ts'

export const maintenanceStages = ['scheduled', 'in_progress', 'verifying', 'completed', 'cancelled'] as const
export type MaintenanceStage = (typeof maintenanceStages)[number]

/** Planned work. The planned window and the actual one are different facts. */
export interface Maintenance {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly locale: Locale
  readonly translations: Translations<'name'>
  readonly stage: MaintenanceStage
  readonly severity: Severity
  readonly plannedFrom: Instant
  readonly plannedUntil: Instant
  readonly beganAt: Instant | null
  readonly endedAt: Instant | null
  readonly verifyingAt: Instant | null
  /** The planned end as it stood when the work began; null before. What came later was an extension. */
  readonly originalUntil: Instant | null
  readonly announcedAt: Instant | null
  readonly cancelledAt: Instant | null
  readonly runsBy: 'clock' | 'hand'
  readonly source: 'person' | 'import'
  /** The series that it is one of. */
  readonly seriesId: string | null
  readonly latestUpdateAt: Instant | null
  readonly shortlink: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly componentIds: readonly string[]
  /** Newest first. */
  readonly updates: readonly Update[]
  /** Words that were taken back, newest first. */
  readonly withdrawn: readonly Withdrawn[]
  /** How its words and facts were corrected, oldest first. */
  readonly revisions: readonly Revision[]
}
