import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import type { NamePart, Reader, TimePart, Words } from '../../domain/site/reader.ts'
import { stageWord } from '../shared/marks.ts'
import { type AffectedLine, affectedByWork } from './affected.ts'
import { type Parted, parted, saidOf } from './said.ts'

/** Planned work, as pages show it. */
export interface MaintenanceLine extends Parted {
  readonly href: string
  readonly name: NamePart
  readonly stage: string
  readonly window: Words
  /** Whether it is still to come, or under way. */
  readonly open: boolean
  /** Its planned window and its actual one are different facts. */
  readonly facts: readonly Words[]
  readonly overdue: Overdue | null
  /** Those of its series that come after it. */
  readonly again: readonly { readonly href: string; readonly window: TimePart }[]
  readonly affected: readonly AffectedLine[]
}

/** A moment that the plan names and that the work may miss: once it has passed, the page says so by itself. */
export interface Overdue {
  readonly by: Instant
  readonly words: Words
  readonly hasPassed: boolean
}

export function maintenanceLine(maintenance: Maintenance, snapshot: Snapshot, reader: Reader): MaintenanceLine {
  const said = parted(saidOf(maintenance, reader))
  return {
    href: reader.href(`/maintenances/${maintenance.id}`),
    name: reader.name(maintenance, 'name', maintenance.locale),
    stage: stageWord(maintenance.stage, reader.say),
    window: reader.phrase('maintenance.window', {
      window: [reader.window(maintenance.plannedFrom, maintenance.plannedUntil)],
    }),
    open: maintenance.stage !== 'completed' && maintenance.stage !== 'cancelled',
    facts: factsOfWork(maintenance, reader),
    overdue: overdueOf(maintenance, snapshot, reader),
    again: againOf(maintenance, snapshot, reader),
    affected: affectedByWork(maintenance, snapshot, reader),
    ...said,
  }
}

/** What is left of a series; only of what is still to come or under way, so that the past stays as it was. */
function againOf(
  { seriesId, plannedFrom, stage }: Maintenance,
  snapshot: Snapshot,
  reader: Reader,
): MaintenanceLine['again'] {
  if (seriesId === null || stage === 'completed' || stage === 'cancelled') return []
  return snapshot.openMaintenances
    .filter((other) => other.seriesId === seriesId && other.plannedFrom > plannedFrom)
    .map((other) => ({
      href: reader.href(`/maintenances/${other.id}`),
      window: reader.window(other.plannedFrom, other.plannedUntil),
    }))
}

/** Where each series has but its next one: a page that shows what comes first is not filled by what comes every day. */
export function withoutRepetitions(maintenances: readonly Maintenance[]): Maintenance[] {
  const seen = new Set<string>()
  return maintenances.filter(({ seriesId, stage }) => {
    if (seriesId === null || stage !== 'scheduled') return true
    if (seen.has(seriesId)) return false
    seen.add(seriesId)
    return true
  })
}

/** Work that is under way and should end, or that a hand should begin; what the clock begins is never late. */
export function overdueOf(maintenance: Maintenance, now: Pick<Snapshot, 'asOf'>, reader: Reader): Overdue | null {
  const { stage, runsBy, plannedFrom, plannedUntil } = maintenance
  const isRunning = stage === 'in_progress' || stage === 'verifying'
  if (!isRunning && (stage !== 'scheduled' || runsBy === 'clock')) return null
  const by = isRunning ? plannedUntil : plannedFrom
  const words = reader.phrase(isRunning ? 'maintenance.late' : 'maintenance.notBegun', { when: [reader.clock(by)] })
  // Who reads the time is rendered every minute: not long before it matters.
  return { by, words, hasPassed: now.asOf >= by }
}

/** `bare`: without what figures beside it say. */
export function factsOfWork(maintenance: Maintenance, reader: Reader, extent: 'full' | 'bare' = 'full'): Words[] {
  const isFull = extent === 'full'
  const { plannedFrom, beganAt, endedAt, announcedAt } = maintenance
  const { duration } = reader.dates
  const facts: Words[] = []
  if (beganAt) facts.push(reader.phrase('maintenance.began', { when: [reader.time(beganAt)] }))
  if (endedAt) facts.push(reader.phrase('maintenance.ended', { when: [reader.time(endedAt)] }))
  const { planned, used, extended, after } = spentOn(maintenance)
  if (isFull && used !== null) {
    facts.push(reader.phrase('maintenance.took', { planned: duration(planned), used: duration(used) }))
  }
  if (isFull && extended > 0) facts.push(reader.phrase('maintenance.extended', { delay: duration(extended) }))
  if (after !== null && Math.abs(after) >= 60) {
    facts.push(reader.phrase(`maintenance.${after < 0 ? 'early' : 'overrun'}`, { delay: duration(Math.abs(after)) }))
  }
  const ahead = announcedAt ? secondsBetween(announcedAt, plannedFrom) : 0
  if (isFull && ahead > 0) facts.push(reader.phrase('maintenance.notice', { delay: duration(ahead) }))
  return facts
}

/** Seconds planned against seconds used. The plan is the one with which the work began: an extension does not change it. */
export function spentOn({ plannedFrom, plannedUntil, originalUntil, beganAt, endedAt, stage }: Maintenance) {
  const first = originalUntil ?? plannedUntil
  return {
    planned: secondsBetween(plannedFrom, first),
    extended: secondsBetween(first, plannedUntil),
    used: beganAt && endedAt ? secondsBetween(beganAt, endedAt) : null,
    /** From the end that was first planned to the one that was; null: it was not brought to its end. */
    after: endedAt && stage === 'completed' ? secondsBetween(first, endedAt) : null,
  }
}
