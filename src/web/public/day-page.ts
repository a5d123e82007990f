import type { Impact } from '../../domain/components/component.ts'
import { worse } from '../../domain/components/component.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { type Interval, type Revision, intervalsIn } from '../../domain/revisions/revision.ts'
import { countedSince, secondsOf, since, tallyDay, uptimeOf, weights } from '../../domain/status/days.ts'
import type { ListedComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { type DayName, addDays, startOfDay } from '../../lib/days.ts'
import { type NamePart, type Reader, type TimePart, type Words, bareName } from '../../domain/site/reader.ts'
import { type Mark, type Tone, markOf, toneOf } from '../shared/marks.ts'
import { lostWords, uptimeWords } from './bars.ts'
import { byAndWhy } from './corrections.ts'
import { type Frame, frameOf } from './frame.ts'
import { interval } from './interval.ts'
import { type Happened, happenedIncident } from './past-days.ts'

export interface DayModel {
  readonly frame: Frame
  readonly name: NamePart
  readonly componentHref: string
  readonly day: DayName
  readonly dayWords: string
  readonly soFar: string | null
  readonly lost: string
  readonly uptime: string
  readonly formula: string
  /** Pieces of the day's strip, in hundred-thousandths of it, so that every day is as wide. */
  readonly strip: readonly { readonly x: number; readonly width: number; readonly tone: Tone }[]
  readonly passed: number
  readonly hours: readonly string[]
  readonly rows: readonly DayRow[]
  readonly incidents: readonly Happened[]
  /** That its times were corrected, and where it is said from what to what. */
  readonly corrections: readonly { readonly words: Words; readonly href: string; readonly why: Words }[]
  readonly before: string | null
  readonly after: string | null
}

interface DayRow {
  readonly mark: Mark
  readonly from: TimePart
  readonly until: TimePart | null
  readonly duration: string | null
  readonly cause: Cause | null
}

interface Cause {
  readonly name: NamePart
  readonly href: string | null
}

export interface DayFacts {
  readonly component: ListedComponent
  readonly day: DayName
  /** Public, overlapping the day. */
  readonly impacts: readonly Impact[]
  readonly incidents: readonly Incident[]
  readonly maintenances: readonly Maintenance[]
  /** How the component's times were corrected, of this day and others. */
  readonly revisions: readonly Revision[]
}

const whole = 100_000

export function dayModel(
  { component, day, impacts, incidents, maintenances, revisions }: DayFacts,
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): DayModel {
  const { site, today } = snapshot
  const [from, until] = [startOfDay(day, site.zone), startOfDay(addDays(day, 1), site.zone)]
  // A day of the past does not ask what time it is, so it is not rendered every minute.
  const end = day === today ? snapshot.asOf : until
  const began = countedSince(component, site.zone)
  const tally = tallyDay(since(impacts, began), day, site.zone, end)
  const counted = { day, seconds: secondsOf(day, site.zone, began, end), ...tally }
  const name = reader.name(component, 'name')
  const dayWords = reader.dates.day(day)
  const scaled = (at: Instant): number =>
    Math.round(
      (Math.min(Math.max(0, secondsBetween(from, at)), secondsBetween(from, end)) / secondsBetween(from, until)) *
        whole,
    )
  const lost = lostWords(counted, reader)
  const sorted = impacts
    .filter(({ status }) => status !== 'operational')
    .toSorted((a, b) => (a.beganAt < b.beganAt ? -1 : 1))
  const step = (to: DayName): string => reader.href(`/components/${component.slug}/${to}`)
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/components/${component.slug}/${day}`,
      live: day === today ? snapshot.minute : null,
      title: reader.say('incident.title', {
        name: reader.say('day.title', { name: name.text, day: dayWords }),
        site: reader.name(site, 'name').text,
      }),
      description: lost || reader.say('lost.nothing'),
    }),
    name,
    componentHref: reader.href(`/components/${component.slug}`),
    day,
    dayWords,
    soFar:
      day === today ? reader.say('day.soFar', { duration: reader.dates.duration(secondsBetween(from, end)) }) : null,
    lost: lost || reader.say(day === today ? 'lost.nothingSoFar' : 'lost.nothing'),
    uptime: uptimeWords(uptimeOf([counted]), reader) ?? reader.say('bars.unmeasured'),
    formula: reader.say('day.how', weights),
    // The worst on top, as it is counted.
    strip: sorted
      .toSorted((a, b) => (a.status === b.status ? 0 : worse(a.status, b.status) === a.status ? 1 : -1))
      .map((impact) => {
        const x = scaled(impact.beganAt)
        // A blip of a few seconds is still to be seen.
        return { x, width: Math.max(150, scaled(impact.endedAt ?? end) - x), tone: toneOf(impact.status) }
      }),
    passed: scaled(end),
    hours: [0, 6, 12, 18, 24].map((hour) => reader.dates.number(hour)),
    rows: sorted.map((impact) => ({
      mark: markOf(impact.status, reader.say),
      ...interval(impact.beganAt, impact.endedAt, { zone: site.zone, beside: day }, reader),
      cause: causeOf(impact, incidents, maintenances, reader),
    })),
    // Those that named the component without harm to it; the others stand beside their harm.
    incidents: incidents
      .filter(({ id }) => !sorted.some(({ incidentId }) => incidentId === id))
      .map((incident) => happenedIncident(incident, 'no day', reader)),
    corrections: revisions
      .filter((revision) => isOtherwise(revision, from, until))
      .map((revision) => {
        const incident = incidents.find(({ id }) => id === revision.owner)
        return {
          words: reader.phrase(revision.annulment === null ? 'correction.day' : 'correction.dayAnnulled', {
            when: [reader.time(revision.at)],
          }),
          href: `${reader.href(`/incidents/${revision.owner}`)}#corrections`,
          why: byAndWhy(revision, incident ?? { locale: site.locale }, reader),
        }
      }),
    before: from > began ? step(addDays(day, -1)) : null,
    after: day < today ? step(addDays(day, 1)) : null,
  }
}

/** Whether a correction says something else of a time between two instants than was said before. */
function isOtherwise(revision: Revision, from: Instant, until: Instant): boolean {
  const within = (interval: Interval | null): string => {
    if (!interval) return ''
    const begins = interval.beganAt < from ? from : interval.beganAt
    const ends = interval.endedAt === null || interval.endedAt > until ? until : interval.endedAt
    return begins < ends ? `${begins} ${ends} ${interval.status}` : ''
  }
  const { was, is } = intervalsIn(revision)
  return within(was) !== within(is)
}

function causeOf(
  impact: Impact,
  incidents: readonly Incident[],
  maintenances: readonly Maintenance[],
  reader: Reader,
): Cause | null {
  const incident = incidents.find(({ id }) => id === impact.incidentId)
  if (incident)
    return { name: reader.name(incident, 'name', incident.locale), href: reader.href(`/incidents/${incident.id}`) }
  if (impact.maintenanceId) {
    const maintenance = maintenances.find(({ id }) => id === impact.maintenanceId)
    const href = reader.href(`/maintenances/${impact.maintenanceId}`)
    const name = maintenance
      ? reader.name(maintenance, 'name', maintenance.locale)
      : bareName(reader.say('maintenance.kind'))
    return { name, href }
  }
  if (impact.probeId) return { name: bareName(reader.say('day.byProbe')), href: null }
  return impact.incidentId ? null : { name: bareName(reader.say('day.byHand')), href: null }
}
