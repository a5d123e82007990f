import type { Incident } from '../../domain/incidents/incident.ts'
import type { Revision } from '../../domain/revisions/revision.ts'
import type { ToldMeasurement } from '../../domain/probes/engine/public-evidence.ts'
import { countedSince, since } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import type { Reader, TimePart, Words } from '../../domain/site/reader.ts'
import { type Mark, markOf } from '../shared/marks.ts'
import { type Annulled, annulledOf } from './annulments.ts'
import { type AffectedLine, formerly, lineOf } from './affected.ts'
import { liveBlog } from './metadata.ts'
import { type CourseStep, courseOf } from './course.ts'
import { type FactCorrection, factCorrectionsOf } from './fact-corrections.ts'
import { type FeedLink, feedLinks } from './feed-links.ts'
import { type Frame, frameOf } from './frame.ts'
import { type OpenIncident, openIncident } from './front.ts'
import { interval } from './interval.ts'
import { measuredLines } from './measured.ts'
import { type Promised, promisesOf, withPromises } from './promises.ts'
import { type ReviewModel, owedReview, reviewModel } from './review.ts'
import { type MeToo, meTooOf } from './me-too.ts'
import { type Said, allSaid, latestWords, withCorrections } from './said.ts'

export interface IncidentModel {
  readonly frame: Frame
  readonly incident: OpenIncident
  /** Null where nobody is asked, or on what is over. */
  readonly meToo: MeToo | null
  /** Where one signs up to hear when it is over; null: it is. */
  readonly subscribeHref: string | null
  /** The review that is owed next. */
  readonly owed: Promised | null
  readonly review: ReviewModel | null
  readonly said: readonly Said[]
  readonly figures: readonly Figure[]
  readonly course: readonly CourseStep[]
  readonly impacts: readonly ImpactRow[]
  readonly corrections: readonly FactCorrection[]
  /** What was found to be a false alarm. */
  readonly annulled: readonly Annulled[]
  /** What our probes measured; empty where the site keeps it to itself. */
  readonly measured: readonly Words[]
  /** While there is something to follow. */
  readonly feeds: readonly FeedLink[]
  readonly month: { readonly href: string; readonly words: string }
  readonly before: Neighbour | null
  readonly after: Neighbour | null
}

/** A number that sums something up. */
export interface Figure {
  readonly label: string
  readonly value: string
}

/** What a component suffered from when to when. */
interface ImpactRow {
  readonly system: AffectedLine
  readonly mark: Mark
  readonly from: TimePart
  /** Null: still so. */
  readonly until: TimePart | null
  readonly duration: string | null
  readonly days: string | null
}

interface Neighbour {
  readonly href: string
  readonly words: Words
}

export interface IncidentFacts {
  readonly incident: Incident
  /** Those that began before and after it. */
  readonly before: Incident | null
  readonly after: Incident | null
  /** What its review said before, oldest first. */
  readonly revisions: readonly Revision[]
  /** What was measured, as far as readers are told. */
  readonly measured: readonly ToldMeasurement[]
}

export function incidentModel(facts: IncidentFacts, snapshot: Snapshot, reader: Reader, url: string): IncidentModel {
  const { incident } = facts
  const name = reader.name(incident, 'name', incident.locale)
  const site = reader.name(snapshot.site, 'name')
  const shown = openIncident(incident, snapshot, reader)
  const month = dayOf(incident.beganAt, snapshot.site.zone).slice(0, 7)
  const neighbour = (other: Incident | null, key: 'incident.before' | 'incident.after'): Neighbour | null =>
    other && {
      href: reader.href(`/incidents/${other.id}`),
      words: reader.phrase(key, { name: [reader.name(other, 'name', other.locale)] }),
    }
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/incidents/${incident.id}`,
      live: incident.overAt === null ? snapshot.asOf : null,
      title: reader.say('incident.title', { name: name.text, site: site.text }),
      description: latestWords(incident, reader),
      structured: liveBlog(incident, name.text, site.text, reader, url),
    }),
    incident: shown,
    meToo: meTooOf(incident, snapshot, reader, url),
    subscribeHref: incident.overAt === null ? reader.href(`/subscribe/incidents/${incident.id}`) : null,
    owed: owedReview(incident, reader),
    review: incident.review && reviewModel(incident.review, incident, facts.revisions, snapshot, reader),
    said: withCorrections(withPromises(allSaid(shown), incident, reader), incident, reader),
    figures: figuresOf(incident, reader),
    course: courseOf(incident, reader),
    impacts: impactRows(incident, snapshot, reader),
    corrections: factCorrectionsOf(incident, snapshot, reader),
    annulled: annulledOf(incident, snapshot, reader),
    measured: measuredLines(facts.measured, incident, snapshot, reader),
    feeds: incident.overAt === null ? feedLinks(`/incidents/${incident.id}`, reader) : [],
    month: {
      href: reader.href(`/history/${month}`),
      words: reader.say('history.of', { month: reader.dates.month(month) }),
    },
    before: neighbour(facts.before, 'incident.before'),
    after: neighbour(facts.after, 'incident.after'),
  }
}

function figuresOf(incident: Incident, reader: Reader): Figure[] {
  const { beganAt, toldAt, overAt, source } = incident
  const { kept, made } = promisesOf(incident)
  const figures: Figure[] = []
  if (overAt)
    figures.push({
      label: reader.say('figure.lasted'),
      value: reader.dates.duration(secondsBetween(beganAt, overAt)),
    })
  if (toldAt && source !== 'import')
    figures.push({ label: reader.say('figure.told'), value: delayWords(beganAt, toldAt, reader) })
  // While it is open, the promise itself says it.
  if (made > 0 && overAt)
    figures.push({ label: reader.say('figure.promises'), value: reader.say('figure.of', { kept, made }) })
  return figures
}

function delayWords(beganAt: Instant, toldAt: Instant, reader: Reader): string {
  const delay = secondsBetween(beganAt, toldAt)
  if (delay < 0) return reader.say('figure.ahead')
  return delay < 60 ? reader.say('figure.atOnce') : reader.dates.duration(delay)
}

function impactRows(incident: Incident, { listed, site: { zone } }: Snapshot, reader: Reader): ImpactRow[] {
  return incident.impacts
    .filter(({ status }) => status !== 'operational')
    .toSorted((a, b) => (a.beganAt < b.beganAt ? -1 : 1))
    .flatMap(({ componentId, status, beganAt, endedAt }) => {
      const system = lineOf(componentId, listed, reader) ?? formerly(componentId, incident, reader)
      if (!system) return []
      // Days before a component counts have no page.
      const component = listed.find(({ id }) => id === componentId)
      const [counted] = component ? since([{ status, beganAt, endedAt }], countedSince(component, zone)) : []
      const days = system.href === null || !counted ? null : `${system.href}/${dayOf(counted.beganAt, zone)}`
      return [
        {
          system,
          mark: markOf(status, reader.say),
          days,
          ...interval(beganAt, endedAt, { zone, beside: null }, reader),
        },
      ]
    })
}
