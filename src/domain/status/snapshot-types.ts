import type { Instant } from '../../lib/clock.ts'
import type { Component, ComponentStatus, Group } from '../components/component.ts'
import type { Incident } from '../incidents/incident.ts'
import type { Maintenance } from '../maintenances/maintenance.ts'
import type { Metric } from '../metrics/metric.ts'
import type { Notice } from '../notices/notice.ts'
import type { Disagreement } from '../probes/engine/disagreement.ts'
import type { RecordLine } from '../record/record.ts'
import type { Site } from '../site/site.ts'

/** Seconds of one day, in the site's zone, that a component spent in each state; the rest was operational. */
export interface Day {
  /** `2026-11-21` */
  readonly day: string
  /** Seconds that this day has had so far and that count: less than 86 400 today, on its first day, or when clocks change. */
  readonly seconds: number
  readonly major: number
  readonly partial: number
  readonly degraded: number
  readonly maintenance: number
  readonly unknown: number
}

/** Of those that are in the snapshot; others have none. */
export interface BarsByComponent {
  get(componentId: string): Bars | undefined
}

/** What probes found on a component last. */
export interface Measured {
  readonly at: Instant
  readonly ms: number | null
}

/** A component as readers see it. */
export interface PublicComponent extends Component {
  readonly status: ComponentStatus
  /** Since when it has this status; null: ever since it was created. */
  readonly statusSince: Instant | null
}

/** What is true of a component whatever state it is in: pages of the past show no more. */
export type ListedComponent = Pick<
  Component,
  'id' | 'slug' | 'groupId' | 'name' | 'translations' | 'createdAt' | 'startDate'
>

/** How a component did. */
export interface Bars {
  /** 90 days, oldest first, the last one today. Null for days before it began. */
  readonly days: readonly (Day | null)[]
  /** Share of the observed time of those days that it worked, 0 to 1; null where nothing was observed. */
  readonly uptime: number | null
}

/**
 * All that may be read in public, read once, held by version. What did not change since the snapshot before is the same
 * object in both, so that documents know whether they are touched.
 */
export interface Snapshot {
  /** The number of the last event in it. */
  readonly version: number
  /** When it was true. */
  readonly asOf: Instant
  /** The whole minute of `asOf`: for what is only told to the minute, and then not written anew for every event. */
  readonly minute: Instant
  /** The whole hour of `asOf`: for what is counted to the hour. */
  readonly hour: Instant
  /** Until when it is, if nothing happens. */
  readonly nextMoment: Instant
  /** Today in the site's zone. */
  readonly today: string
  readonly site: Site
  /** By position. */
  readonly groups: readonly Group[]
  /** By position, groups' children and others mixed. */
  readonly components: readonly PublicComponent[]
  /** The same without their state: what shows these is not touched by an outage. */
  readonly listed: readonly ListedComponent[]
  /** By component. They grow with the clock: who does not show them is not touched by it. */
  readonly bars: BarsByComponent
  /** By component; those that nobody measures are not in it. */
  readonly measured: ReadonlyMap<string, Measured>
  /** Where probes have found something else than is said for longer than their patience, in the order of components. */
  readonly disagreements: readonly Disagreement[]
  /** Published and not over, newest beginning first. */
  readonly openIncidents: readonly Incident[]
  /** The 50 with the latest word, open ones among them, newest word first. */
  readonly recentIncidents: readonly Incident[]
  /** Begun or over within the last 15 days of the site's zone, newest beginning first; at most 100. */
  readonly pastDays: readonly Incident[]
  /** In progress or verifying, then scheduled, each by its planned beginning. */
  readonly openMaintenances: readonly Maintenance[]
  /** The 50 with the latest word, newest word first. */
  readonly recentMaintenances: readonly Maintenance[]
  /** Shown now: pinned ones first, then newest first. */
  readonly notices: readonly Notice[]
  /** The last 50 that readers were shown, over or not, newest first. */
  readonly recentNotices: readonly Notice[]
  readonly record: RecordLine
  /** Figures that others send in and readers see, by name: what they are, and not their values. */
  readonly metrics: readonly Metric[]
  /** Under which name our bot hears people who write to it in Telegram; null: none does. */
  readonly telegramBot: string | null
  /** By open incident, how many readers at least said that it affects them; empty where the site does not show it. */
  readonly reports: ReadonlyMap<string, number>
}
