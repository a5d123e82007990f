import type { MonthFacts } from '../../domain/record/queries.ts'
import {
  type DecidedPromise,
  type DoneMaintenance,
  type FalseAlarm,
  type ToldIncident,
  noticeGiven,
  overrun,
  toldDelay,
} from '../../domain/record/record.ts'
import { weights } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { monthBefore, nextMonth } from '../../lib/dates.ts'
import type { NamePart, Reader, Words } from '../../domain/site/reader.ts'
import { type Mark, severityMark } from '../shared/marks.ts'
import { lostWords, uptimeWords } from './bars.ts'
import { type Frame, frameOf } from './frame.ts'
import type { Happened } from './past-days.ts'
import { bySeverity, leftOutWords } from './record-charts.ts'
import { type Figure, figuresShown, flawlessWords, systemCell, worstFirst } from './record-page.ts'

export interface RecordMonthModel {
  readonly frame: Frame
  readonly heading: string
  readonly recordHref: string
  readonly history: Link
  readonly figures: readonly Figure[]
  readonly sections: readonly Section[]
  readonly alarms: readonly Alarm[]
  /** Those that lost anything, those that lost most first. */
  readonly uptime: readonly UptimeRow[]
  readonly flawless: Words | null
  readonly formula: string
  readonly earlier: Link | null
  readonly later: Link | null
}

interface Link {
  readonly href: string
  readonly words: string
}

/** A figure, and everything that it was computed from. */
interface Section {
  readonly title: string
  readonly notes: readonly Words[]
  readonly lines: readonly Happened[]
}

interface Alarm {
  readonly mark: Mark
  readonly systems: Words
  readonly facts: readonly Words[]
}

interface UptimeRow {
  readonly name: NamePart
  readonly href: string | null
  readonly uptime: string
  readonly lost: string
}

export interface RecordMonthFacts extends MonthFacts {
  /** The first month that has anything. */
  readonly first: string
  /** Of components, by id: of those too that are not listed any more. */
  readonly names: ReadonlyMap<string, string>
}

export function recordMonthModel(
  { month, first, until, facts, figures, components, names }: RecordMonthFacts,
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): RecordMonthModel {
  const { site, today } = snapshot
  const { say, phrase, dates } = reader
  const heading = say('record.of', { month: dates.month(month) })
  const step = (to: string, key: 'history.earlier' | 'history.later'): Link => ({
    href: reader.href(`/record/${to}`),
    words: say(key, { month: dates.month(to) }),
  })
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/record/${month}`,
      title: say('incident.title', { name: heading, site: reader.name(site, 'name').text }),
      description: say('record.lead'),
    }),
    heading,
    recordHref: reader.href('/record'),
    history: {
      href: reader.href(`/history/${month}`),
      words: say('history.of', { month: dates.month(month) }),
    },
    figures: figuresShown(figures, reader),
    sections: [
      {
        title: say('record.incidents'),
        notes: [
          [say('history.count', { count: figures.incidents.total })],
          ...(figures.incidents.total === 0 ? [] : [phrase('record.bySeverity', bySeverity(figures.incidents))]),
          ...leftOutWords(figures, reader),
        ],
        lines: facts.incidents.map((incident) => incidentLine(incident, reader)),
      },
      {
        title: say('record.promises'),
        notes: promisesNotes(
          facts.promises.filter(({ kind }) => kind === 'update'),
          reader,
        ),
        lines: facts.promises.filter(({ kind }) => kind === 'update').map((one) => promiseLine(one, reader)),
      },
      {
        title: say('record.reviews'),
        notes: promisesNotes(
          facts.promises.filter(({ kind }) => kind !== 'update'),
          reader,
        ),
        lines: facts.promises.filter(({ kind }) => kind !== 'update').map((one) => promiseLine(one, reader)),
      },
      {
        title: say('record.maintenance'),
        notes: facts.maintenances.length === 0 ? [[say('record.nothing')]] : [],
        lines: facts.maintenances.map((maintenance) => maintenanceLine(maintenance, until, reader)),
      },
    ],
    alarms: facts.falseAlarms.map((alarm) => alarmLine(alarm, names, snapshot, reader)),
    uptime: worstFirst(components).map((component) => ({
      ...systemCell(component, reader),
      uptime: uptimeWords(component.whole.uptime, reader) ?? say('bars.unmeasured'),
      lost: lostWords({ ...component.whole, day: '' }, reader) || '–',
    })),
    flawless: flawlessWords(components, reader),
    formula: say('record.formula', weights),
    earlier: month > first ? step(monthBefore(month), 'history.earlier') : null,
    later: month < today.slice(0, 7) ? step(nextMonth(month), 'history.later') : null,
  }
}

function incidentLine(incident: ToldIncident, reader: Reader): Happened {
  const delay = toldDelay(incident)
  const told =
    incident.source === 'import'
      ? reader.say('record.imported')
      : delay === null
        ? reader.say('record.toldUnknown')
        : delay < 60
          ? reader.say('record.toldAtOnce')
          : reader.say('record.toldAfter', { delay: reader.dates.duration(delay) })
  return {
    href: reader.href(`/incidents/${incident.id}`),
    name: reader.name(incident, 'name', incident.locale),
    mark: severityMark(incident.severity, reader.say),
    facts: [[reader.time(incident.beganAt)], [reader.say(`severity.${incident.severity}`)], [told]],
  }
}

function promisesNotes(promises: readonly DecidedPromise[], reader: Reader): Words[] {
  if (promises.length === 0) return [[reader.say('record.nothing')]]
  const kept = promises.filter(({ outcome }) => outcome === 'kept').length
  return [reader.phrase('record.keptSummary', { kept, made: promises.length })]
}

function promiseLine({ incident, kind, dueAt, outcome, cameAt }: DecidedPromise, reader: Reader): Happened {
  const when = [reader.clock(dueAt)]
  const of = kind === 'update' ? 'promise' : 'record.review'
  const isKept = outcome === 'kept'
  const words = isKept
    ? reader.phrase(`${of}.kept`, { when })
    : cameAt === null
      ? reader.phrase(`${of}.missed`, { when })
      : reader.phrase(`${of}.broken`, { when, delay: reader.dates.duration(secondsBetween(dueAt, cameAt)) })
  return {
    href: reader.href(`/incidents/${incident.id}`),
    name: reader.name(incident, 'name', incident.locale),
    mark: isKept
      ? { tone: 'ok', word: reader.say('record.kept') }
      : { tone: 'major', word: reader.say('record.missed') },
    facts: [words],
  }
}

function maintenanceLine(maintenance: DoneMaintenance, now: Instant, reader: Reader): Happened {
  const { plannedFrom, plannedUntil, beganAt, endedAt } = maintenance
  const notice = noticeGiven(maintenance)
  const over = overrun(maintenance, now)
  const { duration } = reader.dates
  return {
    href: reader.href(`/maintenances/${maintenance.id}`),
    name: reader.name(maintenance, 'name', maintenance.locale),
    mark: { tone: 'maintenance', word: reader.say('maintenance.kind') },
    facts: [
      [reader.time(plannedFrom)],
      notice === null
        ? [reader.say('record.imported')]
        : reader.phrase('maintenance.notice', { delay: duration(notice) }),
      reader.phrase('maintenance.took', {
        planned: duration(secondsBetween(plannedFrom, plannedUntil)),
        used: duration(secondsBetween(beganAt, endedAt ?? now)),
      }),
      ...(over > 0 ? [reader.phrase('record.overran', { delay: duration(over) })] : []),
    ],
  }
}

function alarmLine(
  { beganAt, dismissedAt, told, componentIds }: FalseAlarm,
  names: ReadonlyMap<string, string>,
  { listed }: Snapshot,
  reader: Reader,
): Alarm {
  const nameOf = (id: string): Words => {
    const known = listed.find((one) => one.id === id)
    return [known ? reader.name(known, 'name') : (names.get(id) ?? id)]
  }
  return {
    mark: { tone: 'unknown', word: reader.say('record.alarm') },
    systems: reader.list(componentIds.map(nameOf)),
    facts: [
      [reader.time(beganAt)],
      reader.phrase(told === 'yes' ? 'record.alarmAnnulled' : 'record.alarmAfter', {
        duration: reader.dates.duration(secondsBetween(beganAt, dismissedAt)),
      }),
    ],
  }
}
