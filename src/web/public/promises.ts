import type { Incident } from '../../domain/incidents/incident.ts'
import type { MadePromise } from '../../domain/promises/promise.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { type Reader, type Words, nameOf } from '../../domain/site/reader.ts'
import { type Text, inLocale } from '../../domain/site/site.ts'
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
  const record = recordWords(incident, reader)
  const by = incident.nextUpdateBy
  if (!by) {
    const reason = reasonOf(incident, reader)
    return {
      state: 'none',
      words: [reader.say('promise.none')],
      late: null,
      by: null,
      reason: reason && reader.phrase('promise.reason', { reason: [nameOf(reason, reader.locale)] }),
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

/** As the word says that declined to promise; where that was taken back, as it was written. */
function reasonOf({ noPromiseReason, updates, locale }: Incident, reader: Reader): Text | null {
  if (noPromiseReason === null) return null
  const word = updates.find((update) => update.noPromiseReason === noPromiseReason)
  return word ? inLocale(word, 'noPromiseReason', reader.locale, word.locale) : { text: noPromiseReason, locale }
}

/** When the next word comes, in a sentence, and what is said instead once that has passed. */
export interface NextWord {
  readonly state: 'open' | 'late'
  readonly words: Words
  readonly late: Words
  readonly by: Instant
}

/**
 * The soonest of all that is promised: in trouble the third thing that readers ask. Null where none is promised; the
 * promise of each incident stands with it.
 */
export function nextWord(open: readonly Incident[], now: Now, reader: Reader): NextWord | null {
  const [by] = open.flatMap(({ nextUpdateBy }) => nextUpdateBy ?? []).toSorted()
  if (!by) return null
  const when = [reader.clock(by)]
  const late = reader.phrase('promise.late', { when })
  const isLate = now.asOf >= by
  return {
    state: isLate ? 'late' : 'open',
    words: isLate ? late : reader.phrase('promise.nextWord', { when }),
    late,
    by,
  }
}

function recordWords(incident: Incident, reader: Reader): string | null {
  const { kept, made } = promisesOf(incident)
  return made === 0 ? null : reader.say('promise.record', { kept, made })
}

/** Promises of updates that were decided. What is still open does not count. */
export function promisesOf({ promises }: Pick<Incident, 'promises'>): { kept: number; made: number } {
  const decided = promises.filter(
    ({ kind, outcome }) => kind === 'update' && (outcome === 'kept' || outcome === 'missed'),
  )
  return { kept: decided.filter(({ outcome }) => outcome === 'kept').length, made: decided.length }
}

/** The words of an incident, each with what became of its promise. */
export function withPromises(said: readonly Said[], { promises }: Incident, reader: Reader): Said[] {
  const byUpdate = new Map(promises.map((promise) => [promise.madeBy, promise]))
  return said.map((word) => {
    const promise = byUpdate.get(word.id)
    return promise ? { ...word, promise: outcomeWords(promise, reader) } : word
  })
}

function outcomeWords({ dueAt, outcome, cameAt }: MadePromise, reader: Reader): Said['promise'] {
  if (outcome !== 'kept' && outcome !== 'missed') return null
  const when = [reader.clock(dueAt)]
  if (outcome === 'kept') return { words: reader.phrase('promise.kept', { when }), kept: true }
  if (cameAt === null) return { words: reader.phrase('promise.missed', { when }), kept: false }
  const delay = reader.dates.duration(secondsBetween(dueAt, cameAt))
  return { words: reader.phrase('promise.broken', { when, delay }), kept: false }
}
