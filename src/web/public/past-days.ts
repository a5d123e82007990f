import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, later, secondsBetween } from '../../lib/clock.ts'
import { type DayName, addDays, dayOf, daysFrom } from '../../lib/days.ts'
import type { NamePart, Reader, Words } from '../../domain/site/reader.ts'
import { type Mark, severityMark, stageWord } from '../shared/marks.ts'

/** One of the last days; without things that happened it is said to have been calm. */
export interface PastDay {
  readonly day: DayName
  readonly name: string
  readonly happened: readonly Happened[]
}

/** An incident or a maintenance in one line. */
export interface Happened {
  readonly href: string
  readonly name: NamePart
  readonly mark: Mark
  readonly facts: readonly Words[]
}

const shownDays = 7

/**
 * Newest first, today among them. An incident stands at each day that it went on, so that none of them is called calm; nor
 * is a day on which there was no page yet: it is left out, unless something is told of it.
 */
export function pastDaysOf(snapshot: Snapshot, reader: Reader): PastDay[] {
  const { today, site, recentMaintenances } = snapshot
  const dayFor = (at: Instant): DayName => dayOf(at, site.zone)
  const first = addDays(today, 1 - shownDays)
  const lasting = known(snapshot).map((incident) => ({
    incident,
    began: dayFor(incident.beganAt),
    over: incident.overAt ? dayFor(lastMoment(incident.beganAt, incident.overAt)) : today,
  }))
  const done = recentMaintenances.flatMap((maintenance) => {
    const { beganAt, endedAt } = maintenance
    if (!beganAt || !endedAt) return []
    const began = dayFor(beganAt)
    return [{ maintenance, began, shown: began < first ? dayFor(lastMoment(beganAt, endedAt)) : began }]
  })
  const beside = (began: DayName, day: DayName): Beside => (began === day ? 'that day' : 'no day')
  const since = dayFor(firstKnown(snapshot))
  return daysFrom(first, today)
    .toReversed()
    .map((day) => ({
      day,
      name: reader.dates.dayOfYear(day),
      happened: [
        ...lasting
          .filter(({ began, over }) => began <= day && day <= over)
          .map(({ incident, began }) => happenedIncident(incident, beside(began, day), reader)),
        ...done
          .filter(({ shown }) => shown === day)
          .map(({ maintenance, began }) => happenedMaintenance(maintenance, beside(began, day), reader)),
      ],
    }))
    .filter(({ day, happened }) => day >= since || happened.length > 0)
}

/** What is over at midnight was no part of the day that begins. */
function lastMoment(from: Instant, until: Instant): Instant {
  return until > from ? later(until, -0.001) : from
}

/** Since when the page can say that a day was calm: what was imported may be older than the page. */
function firstKnown({ asOf, site, openIncidents, recentIncidents, recentMaintenances }: Snapshot): Instant {
  const imported = [...openIncidents, ...recentIncidents, ...recentMaintenances]
    .filter(({ source }) => source === 'import')
    .flatMap(({ beganAt }) => beganAt ?? [])
  return [site.setUpAt ?? site.createdAt, ...imported].toSorted()[0] ?? asOf
}

/** What has been open for longer than the past days reach back goes on today all the same. */
function known({ openIncidents, pastDays }: Snapshot): Incident[] {
  const listed = new Set(pastDays.map(({ id }) => id))
  return [...pastDays, ...openIncidents.filter(({ id }) => !listed.has(id))]
}

/** Whether the day stands beside the line already. */
type Beside = 'that day' | 'no day'

export function happenedIncident(incident: Incident, beside: Beside, reader: Reader): Happened {
  const { beganAt, overAt } = incident
  return {
    href: reader.href(`/incidents/${incident.id}`),
    name: reader.name(incident, 'name', incident.locale),
    mark: severityMark(incident.severity, reader.say),
    facts: [
      [beside === 'that day' ? reader.timeOfDay(beganAt) : reader.time(beganAt)],
      overAt ? [reader.dates.duration(secondsBetween(beganAt, overAt))] : [reader.say('fact.open')],
      [stageWord(incident.stage, reader.say)],
    ],
  }
}

export function happenedMaintenance(maintenance: Maintenance, beside: Beside, reader: Reader): Happened {
  const { beganAt, endedAt, plannedFrom } = maintenance
  return {
    href: reader.href(`/maintenances/${maintenance.id}`),
    name: reader.name(maintenance, 'name', maintenance.locale),
    mark: { tone: 'maintenance', word: reader.say('maintenance.kind') },
    facts: [
      [beside === 'that day' ? reader.timeOfDay(beganAt ?? plannedFrom) : reader.time(beganAt ?? plannedFrom)],
      ...(beganAt && endedAt ? [[reader.dates.duration(secondsBetween(beganAt, endedAt))]] : []),
      [stageWord(maintenance.stage, reader.say)],
    ],
  }
}
