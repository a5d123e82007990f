import type { Instant } from '../../lib/clock.ts'
import type { Translations } from '../site/site.ts'

/** From best to worst, as groups and sentences weigh them; `unknown` stands outside of the order. */
export const componentStatuses = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const
export type DeclaredStatus = (typeof componentStatuses)[number]
/** `unknown`: what we could not measure. */
export type ComponentStatus = DeclaredStatus | 'unknown'

/** The worse of two: anything said outweighs `unknown`, `unknown` outweighs `operational`. */
export function worse(a: ComponentStatus, b: ComponentStatus): ComponentStatus {
  return rank(a) >= rank(b) ? a : b
}

function rank(status: ComponentStatus): number {
  return status === 'unknown' ? 0.5 : componentStatuses.indexOf(status)
}

/** A thing customers depend on. */
export interface Component {
  readonly id: string
  /** Its part of addresses: `/components/<slug>`. Fixed for ever. */
  readonly slug: string
  readonly groupId: string | null
  readonly name: string
  readonly description: string | null
  readonly translations: Translations<'name' | 'description'>
  /** From 1, within its group, or among what stands at top level. */
  readonly position: number
  readonly barsHiddenAt: Instant | null
  readonly shown: 'always' | 'degraded'
  /** The first day that counts, `2026-11-21`; null: the day it was created. */
  readonly startDate: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** Something to know of an instance, in public: its stack, its release, its maintenance window. */
export interface Tag {
  readonly type: string
  readonly value: string
}

/** Components shown together; with an instance key, a copy of the whole service somewhere. */
export interface Group {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly translations: Translations<'name' | 'description'>
  readonly position: number
  readonly instanceKey: string | null
  readonly location: string | null
  readonly environment: string | null
  /** A customer's own domain or account id, by which they find their instance. Never shown: it says who they are. */
  readonly aliases: readonly string[]
  readonly tags: readonly Tag[]
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** What a component suffered from when to when. */
export interface Impact {
  readonly id: string
  readonly componentId: string
  /** `operational`: named by the incident, came to no harm. */
  readonly status: ComponentStatus
  readonly beganAt: Instant
  readonly endedAt: Instant | null
  /** When it became public; null while its incident is a draft. */
  readonly saidAt: Instant | null
  readonly incidentId: string | null
  readonly maintenanceId: string | null
  readonly probeId: string | null
}
