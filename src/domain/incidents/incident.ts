import type { Instant } from '../../lib/clock.ts'
import type { ComponentStatus, DeclaredStatus, Impact } from '../components/component.ts'
import type { MadePromise } from '../promises/promise.ts'
import type { Review } from '../reviews/review.ts'
import type { Annulment } from '../revisions/annulment.ts'
import type { Revision, Withdrawn } from '../revisions/revision.ts'
import type { Locale, Translations } from '../site/site.ts'

/** What an incident's update may say. `update` and `postmortem` come with imported records. */
export const incidentStages = ['investigating', 'identified', 'monitoring', 'resolved'] as const
export type IncidentStage = (typeof incidentStages)[number] | 'update' | 'postmortem'

export const severities = ['none', 'minor', 'major', 'critical'] as const
/** `maintenance` stands only on imported records. */
export type Severity = (typeof severities)[number] | 'maintenance'

/** From the worst status that its components reached: sticky, because a later better status does not lower it. */
export function severityOf(worst: DeclaredStatus | 'unknown'): Severity {
  switch (worst) {
    case 'major_outage':
      return 'critical'
    case 'partial_outage':
      return 'major'
    case 'degraded_performance':
      return 'minor'
    case 'operational':
    case 'under_maintenance':
    case 'unknown':
      return 'none'
  }
}

/** The status that a severity implies for components of which nothing else is said. */
export function impliedBy(severity: Severity): DeclaredStatus {
  switch (severity) {
    case 'critical':
      return 'major_outage'
    case 'major':
      return 'partial_outage'
    case 'minor':
      return 'degraded_performance'
    case 'maintenance':
      return 'under_maintenance'
    case 'none':
      return 'operational'
  }
}

/** How a component changed with an update; names as they were then. */
export interface Affected {
  readonly id: string
  readonly name: string
  readonly from: ComponentStatus
  readonly to: ComponentStatus
}

/** What of an update is words, and can be said in other languages. */
export type UpdateText = 'body' | 'noPromiseReason'

/** One published word, on an incident or a maintenance. */
export interface Update {
  readonly id: string
  readonly stage: string
  /** Markdown, as written. */
  readonly body: string
  readonly locale: Locale
  readonly translations: Translations<UpdateText>
  readonly author: string | null
  readonly source: 'person' | 'api' | 'probe' | 'clock' | 'import'
  readonly affected: readonly Affected[] | null
  readonly delivered: 'yes' | 'no'
  readonly nextUpdateBy: Instant | null
  readonly noPromiseReason: string | null
  /** Null: part of a draft. */
  readonly displayedAt: Instant | null
  /** How many times the original was corrected in more than its spelling. */
  readonly revision: number
  /** Which of these revisions each translation translates; left out: the first. */
  readonly translates: Partial<Record<Locale, number>>
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** Something went wrong. Its instants are facts with provenance: when it was so, and when we said so. */
export interface Incident {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly locale: Locale
  readonly translations: Translations<'name'>
  /** The last stage that says where we are: never `update`. */
  readonly stage: IncidentStage
  readonly severity: Severity
  /** What follows from the worst that its components reached. */
  readonly derivedSeverity: Severity
  /** What a person says instead; null: nothing else. */
  readonly severityOverride: Severity | null
  readonly source: 'person' | 'probe' | 'readers' | 'import'
  readonly heldBy: 'engine' | 'person'
  readonly probeId: string | null
  readonly beganAt: Instant
  readonly noticedAt: Instant | null
  /** First public word; null: a draft. */
  readonly toldAt: Instant | null
  readonly monitoringAt: Instant | null
  readonly mitigatedAt: Instant | null
  readonly overAt: Instant | null
  readonly toldOverAt: Instant | null
  readonly reviewDueAt: Instant | null
  readonly reviewedAt: Instant | null
  readonly nextUpdateBy: Instant | null
  readonly noPromiseReason: string | null
  readonly publishesAt: Instant | null
  readonly dismissedAt: Instant | null
  readonly recoveredAt: Instant | null
  readonly latestUpdateAt: Instant | null
  /** Since when it is said that it comes and goes. */
  readonly intermittentAt: Instant | null
  /** When the whole of it was found to be a false alarm. */
  readonly annulledAt: Instant | null
  readonly shortlink: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** Newest first. */
  readonly updates: readonly Update[]
  /** Words that were taken back, newest first. */
  readonly withdrawn: readonly Withdrawn[]
  /** How its words and facts were corrected, oldest first. */
  readonly revisions: readonly Revision[]
  /** What of it was found to be a false alarm, oldest first. */
  readonly annulments: readonly Annulment[]
  readonly impacts: readonly Impact[]
  /** By when they were due. */
  readonly promises: readonly MadePromise[]
  /** What was learned from it; null until that is published. */
  readonly review: Review | null
}
