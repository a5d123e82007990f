import type { Incident } from '../../domain/incidents/incident.ts'
import { type Moved, type Voice, movesOf, voicesOf } from '../../domain/incidents/provenance.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import type { MessageKey } from '../../lib/messages.ts'
import { byAndWhy } from './corrections.ts'
import type { Reader, TimePart, Words } from '../../domain/site/reader.ts'

/** When something was so, or was said. */
export interface CourseStep {
  readonly label: string
  readonly at: TimePart
  /** How long after the beginning; of what was said, how long after it was so. */
  readonly after: string | null
  /** Who said it, or found it, and through what. */
  readonly by: Words | null
  /** That it was said otherwise before. */
  readonly moved: readonly Words[]
}

type CourseKey = `course.${'began' | 'noticed' | 'told' | 'mitigated' | 'over' | 'toldOver' | 'reviewDue' | 'reviewed'}`

interface Step {
  readonly at: Instant
  /** Where two came at the same instant, this is their order. */
  readonly line: CourseStep
}

/** Facts and their provenance, in the order in which they came. */
export function courseOf(incident: Incident, reader: Reader): CourseStep[] {
  const { beganAt, noticedAt, toldAt, mitigatedAt, overAt, toldOverAt, reviewDueAt, reviewedAt, source } = incident
  const voices = voicesOf(incident)
  const steps: Step[] = []
  const add = (
    key: CourseKey,
    at: Instant | null,
    { since = null, by = null, moved = [] }: { since?: Instant | null; by?: Words | null; moved?: readonly Words[] },
  ): void => {
    if (at === null) return
    const after = since === null ? null : laterWords(since, at, reader)
    steps.push({ at, line: { label: reader.say(key satisfies MessageKey), at: reader.time(at), after, by, moved } })
  }
  const moved = (fact: Parameters<typeof movesOf>[1]): Words[] =>
    movesOf(incident, fact).map((move) => movedWords(move, incident, reader))
  add('course.began', beganAt, { moved: moved('beganAt') })
  add('course.noticed', noticedAt, {
    since: beganAt,
    by: source === 'probe' ? voiceWords({ author: null, source: 'probe' }, reader) : null,
    moved: moved('noticedAt'),
  })
  // An imported record begins with its first word, so it has no delay to show.
  const isOurs = source !== 'import'
  if (isOurs) add('course.told', toldAt, { since: beganAt, by: voices.told && voiceWords(voices.told, reader) })
  if (mitigatedAt !== overAt) add('course.mitigated', mitigatedAt, { since: beganAt })
  add('course.over', overAt, { since: beganAt, moved: moved('overAt') })
  if (isOurs)
    add('course.toldOver', toldOverAt, { since: overAt, by: voices.toldOver && voiceWords(voices.toldOver, reader) })
  if (!reviewedAt) add('course.reviewDue', reviewDueAt, {})
  add('course.reviewed', reviewedAt, {})
  return steps.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ line }) => line)
}

function laterWords(since: Instant, at: Instant, reader: Reader): string {
  const seconds = secondsBetween(since, at)
  if (Math.abs(seconds) < 1) return reader.say('course.atOnce')
  const duration = reader.dates.duration(Math.abs(seconds))
  return reader.say(seconds < 0 ? 'course.earlier' : 'course.later', { duration })
}

/** By whom, by what: `by Dana`, `by our probes`, `through the API`. */
function voiceWords({ author, source }: Voice, reader: Reader): Words | null {
  const who: Words = author === null ? [] : [{ kind: 'name', text: author, lang: null, dir: null }]
  switch (source) {
    case 'probe':
      return [reader.say('voice.probe')]
    case 'clock':
      return [reader.say('voice.clock')]
    case 'api':
      return author === null ? [reader.say('voice.api')] : reader.phrase('voice.personByApi', { who })
    case 'person':
    case 'import':
      return author === null ? null : reader.phrase('voice.person', { who })
  }
}

function movedWords({ revision, from }: Moved, incident: Incident, reader: Reader): Words {
  const words = reader.phrase('course.moved', { when: [reader.time(revision.at)], was: [reader.time(from)] })
  return [...words, ' · ', ...byAndWhy(revision, incident, reader)]
}
