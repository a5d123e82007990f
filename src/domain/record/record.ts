import { type Instant, secondsBetween } from '../../lib/clock.ts'
import type { Severity } from '../incidents/incident.ts'
import type { PromiseKind } from '../promises/promise.ts'
import type { Locale, Translations } from '../site/site.ts'

/** What the figures of a time are computed from, no more than its own rows. */
export interface RecordFacts extends CountedFacts {
  readonly promises: readonly DecidedPromise[]
}

/** As much of it as figures need. */
export interface CountedFacts {
  /** Begun within it, oldest first. */
  readonly incidents: readonly ToldIncident[]
  /** Decided within it, oldest first. */
  readonly promises: readonly Decided[]
  /** Planned to begin within it, and begun, oldest first. */
  readonly maintenances: readonly DoneMaintenance[]
  /** What probes found within it that turned out to be nothing: kept, never deleted. Oldest first. */
  readonly falseAlarms: readonly FalseAlarm[]
}

interface Named {
  readonly id: string
  readonly name: string
  readonly locale: Locale
  readonly translations: Translations<'name'>
}

export interface ToldIncident extends Named {
  readonly severity: Severity
  readonly source: 'person' | 'probe' | 'readers' | 'import'
  readonly beganAt: Instant
  readonly noticedAt: Instant | null
  readonly toldAt: Instant
}

interface Decided {
  readonly kind: PromiseKind
  readonly outcome: 'kept' | 'missed'
  readonly decidedAt: Instant
}

export interface DecidedPromise extends Decided {
  readonly id: string
  readonly incident: Named
  readonly dueAt: Instant
  /** When what was promised came, in time or late; null: not yet. */
  readonly cameAt: Instant | null
}

export interface DoneMaintenance extends Named {
  readonly source: 'person' | 'import'
  readonly plannedFrom: Instant
  /** What was planned when it began: an extension does not undo an overrun. */
  readonly plannedUntil: Instant
  /** When readers were told of this window. */
  readonly saidAt: Instant
  readonly beganAt: Instant
  /** Null: it goes on. */
  readonly endedAt: Instant | null
}

export interface FalseAlarm {
  readonly id: string
  readonly beganAt: Instant
  readonly dismissedAt: Instant
  /** Whether readers had been told, before it was annulled. */
  readonly told: 'yes' | 'no'
  readonly componentIds: readonly string[]
}

/** What a time amounts to. */
export interface Figures {
  readonly incidents: Readonly<Record<CountedSeverity, number>> & { readonly total: number; readonly imported: number }
  readonly told: Delays & { readonly unknown: number; readonly imported: number }
  readonly promises: Kept
  readonly reviews: Kept
  readonly maintenances: {
    readonly held: number
    readonly imported: number
    readonly notice: Spread & { readonly shortest: number | null }
    readonly overrun: { readonly count: number; readonly worst: number }
  }
  readonly falseAlarms: number
}

export const countedSeverities = ['critical', 'major', 'minor', 'none'] as const
export type CountedSeverity = (typeof countedSeverities)[number]

/** The record in a line, for the front page. */
export interface RecordLine {
  /** Seconds from noticing to telling, in the middle; null where it is not known of any incident. */
  readonly told: number | null
  readonly promises: Kept
}

export interface Kept {
  /** Decided ones: what is open is neither kept nor missed. */
  readonly made: number
  readonly kept: number
}

/** In seconds; null where nothing was counted. */
interface Spread {
  readonly counted: number
  readonly median: number | null
}

export interface Delays extends Spread {
  readonly worst: number | null
}

/**
 * Seconds from noticing to the first public word: none where readers were told before. Null where it is not known: of an
 * imported incident we know what was said, not when it was noticed.
 */
export function toldDelay({
  source,
  noticedAt,
  toldAt,
}: Pick<ToldIncident, 'source' | 'noticedAt' | 'toldAt'>): number | null {
  if (source === 'import' || noticedAt === null) return null
  return Math.max(0, secondsBetween(noticedAt, toldAt))
}

/** Seconds between the word that planned it and its beginning; null where another page said it. */
export function noticeGiven({ source, saidAt, plannedFrom }: DoneMaintenance): number | null {
  return source === 'import' ? null : Math.max(0, secondsBetween(saidAt, plannedFrom))
}

/** Seconds that it went on, or goes on, beyond its plan. */
export function overrun({ plannedUntil, endedAt }: DoneMaintenance, now: Instant): number {
  return Math.max(0, secondsBetween(plannedUntil, endedAt ?? now))
}

export function figuresOf({ incidents, promises, maintenances, falseAlarms }: CountedFacts, now: Instant): Figures {
  const imported = incidents.filter(({ source }) => source === 'import').length
  const delays = incidents.flatMap((incident) => toldDelay(incident) ?? [])
  const notices = maintenances.flatMap((maintenance) => noticeGiven(maintenance) ?? [])
  const overruns = maintenances.map((maintenance) => overrun(maintenance, now)).filter((seconds) => seconds > 0)
  const counts = Object.fromEntries(
    countedSeverities.map((severity) => [severity, incidents.filter((one) => counted(one) === severity).length]),
  ) as Record<CountedSeverity, number>
  return {
    incidents: { total: incidents.length, ...counts, imported },
    told: {
      counted: delays.length,
      median: medianOf(delays),
      worst: largest(delays),
      unknown: incidents.length - imported - delays.length,
      imported,
    },
    promises: keptOf(promises.filter(({ kind }) => kind === 'update')),
    reviews: keptOf(promises.filter(({ kind }) => kind !== 'update')),
    maintenances: {
      held: maintenances.length,
      imported: maintenances.length - notices.length,
      notice: { counted: notices.length, median: medianOf(notices), shortest: notices.toSorted(byNumber)[0] ?? null },
      overrun: { count: overruns.length, worst: largest(overruns) ?? 0 },
    },
    falseAlarms: falseAlarms.length,
  }
}

/** What is called `maintenance` stands only on imported incidents. */
function counted({ severity }: ToldIncident): CountedSeverity {
  return severity === 'maintenance' ? 'none' : severity
}

function keptOf(promises: readonly Decided[]): Kept {
  return { made: promises.length, kept: promises.filter(({ outcome }) => outcome === 'kept').length }
}

/** The middle one; of an even number the later of the two, so that it is a delay that there was. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted(byNumber)[Math.floor(values.length / 2)] ?? null
}

function largest(values: readonly number[]): number | null {
  return values.toSorted(byNumber).at(-1) ?? null
}

function byNumber(a: number, b: number): number {
  return a - b
}
