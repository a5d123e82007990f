import type { Incident } from '../../domain/incidents/incident.ts'
import type { ChartFacts } from '../../domain/probes/checks/charting.ts'
import { countedSince, weights } from '../../domain/status/days.ts'
import { startOfDay } from '../../lib/days.ts'
import type { Day, PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader, Words } from '../../domain/site/reader.ts'
import { type Tone } from '../shared/marks.ts'
import { type MeasuredChart, measuredCharts, placesForReaders } from '../shared/measured-charts.ts'
import { dayTitle, hadTrouble, levelsOf, lostWords } from './bars.ts'
import { type DisagreementFacts, type DisagreementModel, disagreementModel } from './disagreement.ts'
import { type FeedLink, feedLinks } from './feed-links.ts'
import { type Frame, frameOf } from './frame.ts'
import { type MetricLink, metricLinks } from './metric-page.ts'
import { type MonthLine, monthLines } from './long-run.ts'
import { type Happened, happenedIncident, happenedMaintenance } from './past-days.ts'
import { type System, noBars, systemOf } from './systems.ts'

export interface ComponentModel {
  readonly frame: Frame
  readonly system: System
  readonly description: NamePart | null
  readonly facts: readonly Words[]
  readonly formula: string
  readonly trouble: readonly {
    readonly href: string
    readonly day: string
    readonly lost: string
    readonly tone: Tone
  }[]
  readonly months: readonly CalendarMonth[]
  readonly incidents: readonly Happened[]
  /** Where our own checks find something else than we say. */
  readonly disagreement: DisagreementModel | null
  /** What is wrong with it now. */
  readonly open: readonly Happened[]
  /** Planned, or under way. */
  readonly planned: readonly Happened[]
  /** That it was maintained, and that this is not counted. */
  readonly maintained: string | null
  readonly feeds: readonly FeedLink[]
  readonly charts: readonly MeasuredChart[]
  /** Where one signs up for it; null: it is gone. */
  readonly subscribeHref: string | null
  /** To the charts of a year; null: there are none. */
  readonly chartsHref: string | null
  readonly noChart: string | null
  readonly metrics: readonly MetricLink[]
  readonly record: { readonly lines: readonly MonthLine[]; readonly since: string } | null
  readonly all: { readonly href: string; readonly words: Words }
}

export interface ComponentFacts {
  readonly component: PublicComponent
  /** Of the last 90 days. */
  readonly incidents: readonly Incident[]
  /** Of the last seven days; null: readers do not see it. */
  readonly measured: ChartFacts | null
  /** The last twelve months, as far as it was there. */
  readonly year: readonly Day[]
  readonly disagreement: DisagreementFacts | null
}

/** A month of the reader's calendar, as much of it as the 90 days hold. */
interface CalendarMonth {
  readonly name: string
  readonly days: readonly CalendarDay[]
}

interface CalendarDay {
  readonly href: string
  /** `20`, in the reader's digits. */
  readonly number: string
  readonly label: string
  readonly tone: Tone
  readonly levels: string
  /** Where the first of a month stands in its week, from 1; null elsewhere. */
  readonly column: number | null
}

export function componentModel(
  { component, incidents, measured, year, disagreement }: ComponentFacts,
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): ComponentModel {
  const system = systemOf(component, snapshot, reader)
  const days = (snapshot.bars.get(component.id) ?? noBars).days.filter((day) => day !== null)
  const site = reader.name(snapshot.site, 'name').text
  const { today } = snapshot
  const charts = measured
    ? measuredCharts(
        { ...measured, places: placesForReaders(measured.places, reader), zone: snapshot.site.zone },
        reader,
      )
    : []
  return {
    subscribeHref: snapshot.listed.some(({ id }) => id === component.id)
      ? reader.href(`/subscribe/components/${encodeURIComponent(component.slug)}`)
      : null,
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/components/${component.slug}`,
      live: snapshot.minute,
      title: reader.say('incident.title', { name: system.name.text, site }),
      description: `${system.mark.word}. ${system.uptime}.`,
    }),
    system,
    description: component.description ? reader.name(component, 'description') : null,
    facts: factsOf(component, snapshot, reader),
    disagreement: disagreement && disagreementModel(disagreement, reader),
    formula: reader.say('uptime.formula', weights),
    trouble: days
      .filter(hadTrouble)
      .toReversed()
      .map((day) => ({
        href: dayHref(component, day, reader),
        day: reader.dates.dayOfYear(day.day),
        lost: lostWords(day, reader),
        tone: toneOfDay(day),
      })),
    months: component.barsHiddenAt ? [] : monthsOf(component, days, today, reader),
    incidents: incidents
      .filter(({ overAt }) => overAt !== null)
      .map((incident) => happenedIncident(incident, 'no day', reader)),
    open: incidents
      .filter(({ overAt }) => overAt === null)
      .map((incident) => happenedIncident(incident, 'no day', reader)),
    planned: snapshot.openMaintenances
      .filter(({ componentIds }) => componentIds.includes(component.id))
      .map((maintenance) => happenedMaintenance(maintenance, 'no day', reader)),
    maintained: component.barsHiddenAt ? null : maintainedWords(days, reader),
    feeds: feedLinks(`/components/${encodeURIComponent(component.slug)}`, reader),
    charts,
    chartsHref:
      measured && snapshot.measured.has(component.id) ? reader.href(`/components/${component.slug}/charts`) : null,
    noChart: measured && snapshot.measured.has(component.id) && charts.length === 0 ? reader.say('chart.none') : null,
    metrics: metricLinks(snapshot, component.id, reader),
    record: recordOf(component, year, snapshot.site.zone, reader),
    all: {
      href: reader.href(`/history/search?component=${component.slug}`),
      words: reader.phrase('component.all', { name: [system.name] }),
    },
  }
}

/** What is left out of the figure is said beside it. */
function maintainedWords(days: readonly Day[], reader: Reader): string | null {
  const seconds = days.reduce((sum, { maintenance }) => sum + maintenance, 0)
  if (seconds === 0) return null
  return reader.say('component.maintained', { duration: reader.dates.duration(seconds), days: days.length })
}

/** Month by month; one month alone says no more than the figure above it. */
function recordOf(
  component: PublicComponent,
  year: readonly Day[],
  zone: string,
  reader: Reader,
): ComponentModel['record'] {
  const began = countedSince(component, zone)
  const begin = year[0]
  // Of a month of the reader's calendar that began before the record is read, there is no figure.
  const isCut =
    begin && began < startOfDay(begin.day, zone) && reader.dates.dayNumber(begin.day) !== reader.dates.number(1)
  const cut = isCut ? reader.dates.monthOf(begin.day) : null
  const days = year.filter(({ day }) => cut === null || reader.dates.monthOf(day) !== cut)
  const [first] = days
  const lines = monthLines(days, reader)
  if (!first || component.barsHiddenAt || lines.length < 2) return null
  return { lines, since: reader.say('component.monthlyHow', { day: reader.dates.day(first.day) }) }
}

function factsOf(component: PublicComponent, { groups, measured }: Snapshot, reader: Reader): Words[] {
  const group = groups.find(({ id }) => id === component.groupId)
  const facts: Words[] = []
  if (group) facts.push(reader.phrase('component.group', { group: [reader.name(group, 'name')] }))
  if (component.statusSince)
    facts.push(reader.phrase('component.since', { when: [reader.time(component.statusSince)] }))
  const last = measured.get(component.id)
  if (last) {
    facts.push(reader.phrase('component.measured', { when: [reader.time(last.at)] }))
    if (last.ms !== null) facts.push(reader.phrase('component.answered', { ms: last.ms }))
  }
  return facts
}

function monthsOf(component: PublicComponent, days: readonly Day[], today: string, reader: Reader): CalendarMonth[] {
  const byMonth = Map.groupBy(days, ({ day }) => reader.dates.monthOf(day))
  return [...byMonth].toReversed().map(([name, those]) => ({
    name,
    days: those.map((day, index) => ({
      href: dayHref(component, day, reader),
      number: reader.dates.dayNumber(day.day),
      label:
        levelsOf(day) === ''
          ? reader.say('lost.day', { day: reader.dates.dayOfYear(day.day), lost: calmWords(day, today, reader) })
          : dayTitle(day, reader),
      tone: toneOfDay(day),
      levels: levelsOf(day),
      column: index === 0 ? reader.dates.placeInWeek(day.day) + 1 : null,
    })),
  }))
}

function calmWords(day: Day, today: string, reader: Reader): string {
  return reader.say(day.day === today ? 'lost.nothingSoFar' : 'lost.nothing')
}

function dayHref({ slug }: PublicComponent, { day }: Day, reader: Reader): string {
  return reader.href(`/components/${slug}/${day}`)
}

/** The worst of a day. */
function toneOfDay(day: Day): Tone {
  if (day.major > 0) return 'major'
  if (day.partial > 0) return 'partial'
  if (day.degraded > 0) return 'degraded'
  if (day.maintenance > 0) return 'maintenance'
  return day.unknown > 0 ? 'unknown' : 'ok'
}
