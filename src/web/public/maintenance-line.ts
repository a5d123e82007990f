import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { secondsBetween } from '../../lib/clock.ts'
import type { NamePart, Reader, Words } from '../shared/i18n.ts'
import { stageWord } from '../shared/marks.ts'
import { type AffectedLine, affectedByWork } from './affected.ts'
import { type Said, saidOf } from './said.ts'

/** Planned work, as pages show it. */
export interface MaintenanceLine {
  readonly href: string
  readonly name: NamePart
  readonly stage: string
  readonly window: Words
  /** Whether it is still to come, or under way. */
  readonly open: boolean
  /** Its planned window and its actual one are different facts. */
  readonly facts: readonly Words[]
  readonly affected: readonly AffectedLine[]
  readonly latest: Said | null
  readonly earlier: readonly Said[]
}

export function maintenanceLine(maintenance: Maintenance, snapshot: Snapshot, reader: Reader): MaintenanceLine {
  const [latest = null, ...earlier] = saidOf(maintenance, reader)
  return {
    href: reader.href(`/maintenances/${maintenance.id}`),
    name: reader.name(maintenance, 'name', maintenance.locale),
    stage: stageWord(maintenance.stage, reader.say),
    window: reader.phrase('maintenance.window', {
      window: [reader.window(maintenance.plannedFrom, maintenance.plannedUntil)],
    }),
    open: maintenance.stage !== 'completed' && maintenance.stage !== 'cancelled',
    facts: factsOfWork(maintenance, snapshot, reader),
    affected: affectedByWork(maintenance, snapshot, reader),
    latest,
    earlier,
  }
}

/** `bare`: without what figures beside it say. */
export function factsOfWork(
  maintenance: Maintenance,
  snapshot: Snapshot,
  reader: Reader,
  extent: 'full' | 'bare' = 'full',
): Words[] {
  const isFull = extent === 'full'
  const { plannedFrom, plannedUntil, beganAt, endedAt, announcedAt, stage } = maintenance
  const facts: Words[] = []
  if (beganAt) facts.push(reader.phrase('maintenance.began', { when: [reader.time(beganAt)] }))
  if (endedAt) facts.push(reader.phrase('maintenance.ended', { when: [reader.time(endedAt)] }))
  if (isFull && beganAt && endedAt) {
    const planned = reader.dates.duration(secondsBetween(plannedFrom, plannedUntil))
    const used = reader.dates.duration(secondsBetween(beganAt, endedAt))
    facts.push(reader.phrase('maintenance.took', { planned, used }))
  }
  const ahead = announcedAt ? secondsBetween(announcedAt, plannedFrom) : 0
  if (isFull && ahead > 0) facts.push(reader.phrase('maintenance.notice', { delay: reader.dates.duration(ahead) }))
  const isRunning = stage === 'in_progress' || stage === 'verifying'
  // Asked for last: whoever reads it is rendered every minute.
  if (isRunning && snapshot.asOf >= plannedUntil) {
    facts.push(reader.phrase('maintenance.late', { when: [reader.time(plannedUntil)] }))
  }
  return facts
}
