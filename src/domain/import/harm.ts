import type { Instant } from '../../lib/clock.ts'
import type { ComponentStatus } from '../components/component.ts'
import { worse } from '../components/component.ts'
import { impliedBy } from '../incidents/incident.ts'
import type { RecordedComponent, RecordedIncident, RecordedMaintenance, RecordedUpdate } from './recording.ts'

/** What a component suffered from when to when, as far as a recording lets us know. */
export interface Harm {
  readonly componentId: string
  readonly status: ComponentStatus
  readonly beganAt: Instant
  readonly endedAt: Instant | null
  readonly incidentId: string | null
  readonly maintenanceId: string | null
  /** When it was said; null: with the first word on what did it. */
  readonly saidAt: Instant | null
}

/**
 * The harm that recorded incidents did.
 *
 * Where the recording knows it, nothing is worked out. Where updates say what each component went from and to, a status lasts from the update that says it to the one that
 * ends it: from the incident's beginning where the first update says it, to the incident's end at the latest. Where
 * nothing says so, it lasts from the incident's beginning to its end, with the status that the incident names or, if
 * it names none, the one that its impact implies. A component that only stayed operational came to no harm.
 */
export function harmOf(incident: RecordedIncident): Harm[] {
  if (incident.impacts) return incident.impacts.map((impact) => ({ ...of(incident, impact.componentId), ...impact }))
  const told = new Set(incident.updates.flatMap((update) => (update.affected ?? []).map(({ id }) => id)))
  return [
    ...[...told].flatMap((componentId) => toldHarm(incident, componentId)),
    ...incident.components
      .filter(({ componentId }) => !told.has(componentId))
      .map(({ componentId, status }) => ({
        ...of(incident, componentId),
        status: status ?? impliedBy(incident.severity),
        beganAt: incident.beganAt,
        endedAt: endOf(incident),
      })),
  ]
}

/** The harm that recorded maintenances did: their components were under maintenance while they ran. */
export function maintenanceHarmOf({ id, components, beganAt, endedAt }: RecordedMaintenance): Harm[] {
  if (!beganAt) return []
  return components.map(({ componentId }) => ({
    componentId,
    status: 'under_maintenance',
    beganAt,
    endedAt: endedAt && later(endedAt, beganAt),
    incidentId: null,
    maintenanceId: id,
    saidAt: null,
  }))
}

function toldHarm(incident: RecordedIncident, componentId: string): Harm[] {
  const words = incident.updates.flatMap((update) =>
    (update.affected ?? [])
      .filter(({ id }) => id === componentId)
      .map((affected) => ({ ...affected, at: toldAt(incident, update) })),
  )
  const end = endOf(incident)
  const spans: Harm[] = []
  const [first] = words
  if (!first) return spans
  // It was so before anybody said so.
  let status = first.from
  let since = incident.beganAt
  const close = (until: Instant | null): void => {
    if (status === 'operational' || (until && until <= since)) return
    spans.push({ ...of(incident, componentId), status, beganAt: since, endedAt: until })
  }
  for (const { to, at } of words) {
    if (to === status) continue
    close(at)
    status = to
    since = at
  }
  close(end && later(end, since))
  if (spans.length > 0) return spans
  return [{ ...of(incident, componentId), status: 'operational', beganAt: incident.beganAt, endedAt: end }]
}

/** The first word is about the beginning; each later one about its own time. */
function toldAt(incident: RecordedIncident, update: RecordedUpdate): Instant {
  return update === incident.updates[0] ? incident.beganAt : later(update.displayedAt, incident.beganAt)
}

function endOf({ beganAt, overAt }: RecordedIncident): Instant | null {
  return overAt && later(overAt, beganAt)
}

function of({ id }: RecordedIncident, componentId: string): Omit<Harm, 'status' | 'beganAt' | 'endedAt'> {
  return { componentId, incidentId: id, maintenanceId: null, saidAt: null }
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b
}

/**
 * Brings the harm that is not over into accord with how the recording says its components are: old incidents that
 * nobody ever closed do not hold a working component down. What no incident accounts for was set by hand.
 */
export function inAccord(
  harms: readonly Harm[],
  components: readonly RecordedComponent[],
  lastWord: (harm: Harm) => Instant,
): Harm[] {
  const statusOf = new Map(components.map((component) => [component.id, component]))
  const open = new Map<string, ComponentStatus>()
  for (const harm of harms) {
    if (harm.endedAt === null)
      open.set(harm.componentId, worse(open.get(harm.componentId) ?? 'operational', harm.status))
  }
  const disagrees = ({ id, status }: RecordedComponent): boolean => (open.get(id) ?? 'operational') !== status
  const closed = harms.map((harm) => {
    const component = statusOf.get(harm.componentId)
    if (harm.endedAt !== null || !component || harm.status === 'operational' || !disagrees(component)) return harm
    const until = component.status === 'operational' ? lastWord(harm) : component.updatedAt
    return { ...harm, endedAt: later(until, harm.beganAt) }
  })
  const byHand = components
    .filter((component) => component.listed === 'listed' && component.status !== 'operational' && disagrees(component))
    .map(({ id, status, updatedAt }): Harm => ({
      componentId: id,
      status,
      beganAt: updatedAt,
      endedAt: null,
      incidentId: null,
      maintenanceId: null,
      saidAt: null,
    }))
  return [...closed, ...byHand]
}
