import type { Incident, Severity } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { type Facts, type Interval, type Revision, intervalsIn } from '../../domain/revisions/revision.ts'
import type { Locale, Translations } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import { type Reader, type Words, bareName, nameOf } from '../../domain/site/reader.ts'
import { markOf, severityMark } from '../shared/marks.ts'
import { formerly, lineOf } from './affected.ts'
import { byAndWhy } from './corrections.ts'
import { interval } from './interval.ts'

/** A correction of what is not a word: the title, the start, the severity, what a system suffered from. */
export interface FactCorrection {
  readonly id: string
  readonly sentences: readonly Words[]
  readonly why: Words
}

/** How the facts of an incident were corrected, oldest correction first. */
export function factCorrectionsOf(incident: Incident, snapshot: Snapshot, reader: Reader): FactCorrection[] {
  return incident.revisions.flatMap((revision) => {
    const sentences =
      revision.of === 'incident'
        ? factWords(revision, incident, reader)
        : revision.of === 'impact'
          ? impactWords(revision, incident, snapshot, reader)
          : []
    return sentences.length === 0 ? [] : [{ id: revision.id, sentences, why: byAndWhy(revision, incident, reader) }]
  })
}

/** How the title and the plan of a maintenance were changed, oldest change first. */
export function planCorrectionsOf({ revisions, locale }: Maintenance, reader: Reader): FactCorrection[] {
  return revisions.flatMap(({ id, of, at, author, before }) => {
    if (of !== 'maintenance' || before === null) return []
    const when = [reader.time(at)]
    const [from, until] = [before['plannedFrom'], before['plannedUntil']] as (Instant | undefined)[]
    const sentences = [
      ...('name' in before
        ? [
            reader.phrase('correction.name', {
              when,
              before: [nameOf({ text: String(before['name']), locale }, reader.locale)],
            }),
          ]
        : []),
      ...(from && until ? [reader.phrase('correction.window', { when, before: [reader.window(from, until)] })] : []),
    ]
    return [{ id, sentences, why: author === null ? [] : reader.phrase('voice.person', { who: [bareName(author)] }) }]
  })
}

const times = ['beganAt', 'noticedAt', 'overAt'] as const

function factWords({ at, before, after }: Revision, { locale }: Incident, reader: Reader): Words[] {
  const when = [reader.time(at)]
  const named = (facts: Facts | null): Words => [nameOf({ text: String(facts?.['name']), locale }, reader.locale)]
  const [was, is] = [before, after].map((facts) => nameIn(facts, reader.locale))
  const timed = (fact: (typeof times)[number], facts: Facts | null): Words => {
    const at = facts?.[fact] as Instant | null | undefined
    return [at ? reader.time(at) : '–']
  }
  const severe = (facts: Facts | null): string => severityMark(facts?.['severity'] as Severity, reader.say).word
  return [
    ...(before && 'name' in before ? [reader.phrase('correction.name', { when, before: named(before) })] : []),
    ...(before && !('name' in before) && was !== undefined && is !== undefined && was !== is
      ? [
          reader.phrase('correction.name', {
            when,
            before: [nameOf({ text: was, locale: reader.locale }, reader.locale)],
          }),
        ]
      : []),
    ...times
      .filter((fact) => before && fact in before)
      .map((fact) =>
        reader.phrase(`correction.${fact}`, { when, before: timed(fact, before), after: timed(fact, after) }),
      ),
    ...(before && 'severity' in before
      ? [reader.phrase('correction.severity', { when, before: severe(before), after: severe(after) })]
      : []),
  ]
}

/** What it was called in a language that is not its own. */
function nameIn(facts: Facts | null, locale: Locale): string | undefined {
  return (facts?.['translations'] as Translations<'name'> | undefined)?.[locale]?.name
}

function impactWords(revision: Revision, incident: Incident, snapshot: Snapshot, reader: Reader): Words[] {
  const { was, is } = intervalsIn(revision)
  const component = (is ?? was)?.component ?? ''
  const line = lineOf(component, snapshot.listed, reader) ?? formerly(component, incident, reader)
  const system: Words = [line?.name ?? reader.say('impact.system')]
  const when = [reader.time(revision.at)]
  const worded = (one: Interval): Words => intervalWords(one, snapshot.site.zone, reader)
  if (revision.annulment !== null && was) {
    const before = worded(was)
    if (!is) return [reader.phrase('correction.annulled', { system, when, before })]
    return [reader.phrase('correction.annulledPart', { system, when, before, after: worded(is) })]
  }
  if (was && is)
    return [reader.phrase('correction.impactChanged', { system, when, before: worded(was), after: worded(is) })]
  if (is) return [reader.phrase('correction.impactAdded', { system, when, after: worded(is) })]
  return was ? [reader.phrase('correction.impactRemoved', { system, when, before: worded(was) })] : []
}

function intervalWords({ status, beganAt, endedAt }: Interval, zone: string, reader: Reader): Words {
  const { from, until } = interval(beganAt, endedAt, { zone, beside: null }, reader)
  return reader.phrase('correction.interval', {
    status: markOf(status, reader.say).word,
    from: [from],
    until: [until ?? reader.say('impact.ongoing')],
  })
}
