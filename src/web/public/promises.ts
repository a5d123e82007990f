import type { Incident } from '../../domain/incidents/incident.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import type { Reader, Words } from '../shared/i18n.ts'
import type { Said } from './said.ts'

/** The promise of an open incident, as it is shown. */
export interface Promised {
  readonly state: 'open' | 'late' | 'none'
  readonly words: Words
  /** What the page says by itself once the time has passed. Null where there is nothing to pass. */
  readonly late: Words | null
  readonly by: Instant | null
  readonly reason: Words | null
  /** `3 of 4 promises kept`; null before the first is decided. */
  readonly record: string | null
}

/** The time is asked for only where it decides something: whoever reads it is rendered every minute. */
type Now = Pick<Snapshot, 'asOf'>

/** Null for an incident that is over: nothing is owed but its review. */
export function promisedOf(incident: Incident, now: Now, reader: Reader): Promised | null {
  if (incident.overAt) return null
  const record = recordWords(incident, now, reader)
  const by = incident.nextUpdateBy
  if (!by) {
    const reason = incident.noPromiseReason
    return {
      state: 'none',
      words: [reader.say('promise.none')],
      late: null,
      by: null,
      reason: reason === null ? null : reader.phrase('promise.reason', { reason: [bare(reason)] }),
      record,
    }
  }
  const when = [reader.clock(by)]
  const late = reader.phrase('promise.late', { when })
  const isLate = now.asOf >= by
  return {
    state: isLate ? 'late' : 'open',
    words: isLate ? late : reader.phrase('promise.next', { when }),
    late,
    by,
    reason: null,
    record,
  }
}

export function recordWords(incident: Incident, now: Now, reader: Reader): string | null {
  const { kept, made } = promisesOf(incident, now)
  return made === 0 ? null : reader.say('promise.record', { kept, made })
}

/** A promise is decided by the first update after it, or by its time if none came. What is still open does not count. */
export function promisesOf(incident: Pick<Incident, 'updates'>, now: Now): { kept: number; made: number } {
  const decided = [...outcomesOf(incident, now).values()]
  return { kept: decided.filter(({ cameAt, by }) => cameAt !== null && cameAt <= by).length, made: decided.length }
}

interface Outcome {
  readonly by: Instant
  /** When the word that was promised came; null: not yet, and its time is over. */
  readonly cameAt: Instant | null
}

/** By update, what became of the promise that it made. */
function outcomesOf({ updates }: Pick<Incident, 'updates'>, now: Now): Map<string, Outcome> {
  const words = updates
    .flatMap(({ id, displayedAt, nextUpdateBy }) => (displayedAt ? [{ id, displayedAt, nextUpdateBy }] : []))
    .toSorted((a, b) => (a.displayedAt < b.displayedAt ? -1 : 1))
  const decided = words.flatMap(({ id, nextUpdateBy: by }, index): [string, Outcome][] => {
    if (!by) return []
    const next = words[index + 1]
    if (!next && now.asOf < by) return []
    return [[id, { by, cameAt: next?.displayedAt ?? null }]]
  })
  return new Map(decided)
}

/** The words of an incident, each with what became of its promise. */
export function withPromises(said: readonly Said[], incident: Incident, now: Now, reader: Reader): Said[] {
  const outcomes = outcomesOf(incident, now)
  return said.map((word) => {
    const outcome = outcomes.get(word.id)
    return outcome ? { ...word, promise: outcomeWords(outcome, reader) } : word
  })
}

function outcomeWords({ by, cameAt }: Outcome, reader: Reader): NonNullable<Said['promise']> {
  const when = [reader.clock(by)]
  if (cameAt === null) return { words: reader.phrase('promise.missed', { when }), kept: false }
  if (cameAt <= by) return { words: reader.phrase('promise.kept', { when }), kept: true }
  const delay = reader.dates.duration(secondsBetween(by, cameAt))
  return { words: reader.phrase('promise.broken', { when, delay }), kept: false }
}

function bare(text: string): { kind: 'name'; text: string; lang: null; dir: null } {
  return { kind: 'name', text, lang: null, dir: null }
}
