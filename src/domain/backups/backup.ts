import { type Instant, secondsBetween } from '../../lib/clock.ts'
import type { Finding } from '../../lib/finding.ts'

/** One backup, or the attempt at one. */
export interface KnownBackup {
  readonly dueAt: Instant
  readonly beganAt: Instant
  /** Null: under way, or its process died. */
  readonly endedAt: Instant | null
  readonly place: string
  readonly bytes: number | null
  readonly problem: string | null
}

/** The last that is there, and the last try of all. */
export interface LastBackups {
  readonly good: KnownBackup | null
  readonly tried: KnownBackup | null
}

/** One that takes longer has died with its process. */
const longestSeconds = 2 * 3600

/** Whether this try is over without a backup. */
export function hasFailed({ beganAt, endedAt, problem }: KnownBackup, now: Instant): boolean {
  return endedAt === null ? secondsBetween(beganAt, now) > longestSeconds : problem !== null
}

/**
 * What is wrong with the backups that should be made by themselves, in words; null: nothing. Why is for those at the
 * desk: it names folders, machines and accounts of a store, which are no strangers' business.
 */
export function problemOf({ good, tried }: LastBackups, now: Instant, reader: 'desk' | 'anybody'): string | null {
  if (!tried || !hasFailed(tried, now)) return null
  const why =
    tried.problem === null
      ? `it began at ${minuteOf(tried.beganAt)} and never ended`
      : reader === 'desk'
        ? tried.problem.replace(/\.$/, '')
        : 'the desk and the log say why'
  return `the backup that was due at ${minuteOf(tried.dueAt)} failed: ${why}; ${lastGood(good)}`
}

/** Longer ago than anybody wants to go back to. */
const oldestDays = 8

/** What there is to say of backups and what to do, for the person who keeps this installation. */
export function findingOf(last: LastBackups, now: Instant, { isScheduled }: { isScheduled: boolean }): Finding {
  const about = 'backup'
  const problem = problemOf(last, now, 'desk')
  if (problem !== null) return { about, found: problem, remedy: 'Run candor backup: it says what is in the way.' }
  if (last.good && secondsBetween(last.good.beganAt, now) < oldestDays * 86_400) {
    return { about, found: `${lastGood(last.good)}, at ${last.good.place}`, remedy: null }
  }
  const remedy = isScheduled
    ? 'Look into the log: none was made at its time.'
    : 'Set CANDOR_BACKUP_TO, so that one is made every night, or run candor backup.'
  return { about, found: lastGood(last.good), remedy }
}

/** Of when the last one is, for people. */
function lastGood(good: KnownBackup | null): string {
  return good ? `the last good one is of ${minuteOf(good.beganAt)}` : 'there has never been one'
}

function minuteOf(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}
