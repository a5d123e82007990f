import type { Change } from '../../domain/changes/change.ts'
import { openIncident } from '../../domain/incidents/commands.ts'
import { incidentStages } from '../../domain/incidents/incident.ts'
import { announceMaintenance, beginMaintenance } from '../../domain/maintenances/commands.ts'
import type { Site } from '../../domain/site/site.ts'
import { type Instant, instantOf, millisecondsOf, parseInstant } from '../../lib/clock.ts'
import { isDay, startOfDay } from '../../lib/days.ts'
import { Invalid } from '../../lib/errors.ts'
import {
  type NewIncidentBody,
  type WindowStatus,
  type WishedIncident,
  affectedBy,
  delivered,
  namedIn,
  windowStatuses,
} from './incident-body.ts'
import { usualWord } from './usual-words.ts'

/** Opens an incident, tells of one that was over long ago, or announces a maintenance; answers its id. */
export async function openAny(change: Change, wished: NewIncidentBody, site: Site) {
  if (wished.scheduled_for || isWindow(wished.status))
    return { kind: 'maintenance', id: await announce(change, wished, site) } as const
  const id = await (wished.backfilled ? backfill(change, wished, site) : open(change, wished, site))
  return { kind: 'incident', id } as const
}

export function isWindow(status: string | null | undefined): status is WindowStatus {
  return (windowStatuses as readonly string[]).includes(status ?? '')
}

async function open(change: Change, wished: NewIncidentBody, site: Site): Promise<string> {
  const stage = stageOf(wished) ?? 'investigating'
  return openIncident(change, {
    ...(wished.body ? { body: wished.body } : usualWord(stage, site.locale)),
    name: wished.name,
    stage,
    components: await affectedBy(change, wished),
    severityOverride: overrideIn(wished) ?? null,
    deliver: delivered(wished),
  })
}

/** Told now, of then: how long it lasted was not said, so no time is made up. */
async function backfill(change: Change, wished: NewIncidentBody, site: Site): Promise<string> {
  const at = pastIn(wished.backfill_date, site.zone)
  if (stageOf(wished) && wished.status !== 'resolved')
    throw new Invalid('of a backfilled incident must be resolved, or left out', 'incident.status')
  if (namedIn(wished).length > 0) throw new Invalid('cannot be said of a backfilled incident', 'incident.components')
  return openIncident(change, {
    ...(wished.body ? { body: wished.body } : usualWord('resolved', site.locale)),
    name: wished.name,
    stage: 'resolved',
    beganAt: at,
    overAt: at,
    severityOverride: overrideIn(wished) ?? null,
    deliver: 'no',
  })
}

function pastIn(date: string | null | undefined, zone: string): Instant {
  const isInReach = date !== null && date !== undefined && date >= '2000' && date < '2100'
  const at = !isInReach ? null : isDay(date) ? startOfDay(date, zone) : parseInstant(date)
  if (at === null)
    throw new Invalid(
      'must be a day such as 2026-11-21, or a time such as 2026-11-21T19:05:00Z',
      'incident.backfill_date',
    )
  return at
}

async function announce(change: Change, wished: NewIncidentBody, site: Site): Promise<string> {
  const { scheduled_for: from, scheduled_until: until, status } = wished
  if (!from) throw new Invalid('is missing: a maintenance has a planned beginning', 'incident.scheduled_for')
  if (!until) throw new Invalid('is missing: a maintenance has a planned end', 'incident.scheduled_until')
  if (status && status !== 'scheduled' && status !== 'in_progress')
    throw new Invalid('of a new maintenance must be scheduled or in_progress', 'incident.status')
  const word = wished.body ? { body: wished.body } : null
  const begins = status === 'in_progress'
  const id = await announceMaintenance(change, {
    ...((!begins && word) || usualWord('scheduled', site.locale)),
    name: wished.name,
    plannedFrom: from,
    plannedUntil: until,
    components: namedIn(wished),
    runsBy: runsBy(wished) ?? 'hand',
    deliver: delivered(wished),
  })
  if (begins)
    await beginMaintenance(aMomentLater(change), id, {
      ...(word ?? usualWord('begun', site.locale)),
      deliver: delivered(wished),
    })
  return id
}

/** For the second word of one request: at the same instant, nobody could tell which of two was said last. */
export function aMomentLater(change: Change): Change {
  return { ...change, now: instantOf(millisecondsOf(change.now) + 1) }
}

/** One switch for both ends; null: nothing is said of it. */
export function runsBy(wished: WishedIncident): 'clock' | 'hand' | null {
  const begins = wished.scheduled_auto_in_progress ?? wished.scheduled_auto_transition ?? null
  const ends = wished.scheduled_auto_completed ?? null
  if (begins !== null && ends !== null && begins !== ends)
    throw new Invalid(
      'must be the same as scheduled_auto_in_progress: the clock runs all of it, or nothing',
      'incident.scheduled_auto_completed',
    )
  const auto = begins ?? ends
  return auto === null ? null : auto ? 'clock' : 'hand'
}

/** The stage that is said of an incident; null: none. */
export function stageOf({ status }: Pick<WishedIncident, 'status'>) {
  if (!status) return null
  const stage = incidentStages.find((one) => one === status)
  if (!stage) throw new Invalid(`of an incident must be one of: ${incidentStages.join(', ')}`, 'incident.status')
  return stage
}

export function overrideIn({ impact_override: override }: Pick<WishedIncident, 'impact_override'>) {
  if (override === 'maintenance')
    throw new Invalid('of an incident must be one of: none, minor, major, critical', 'incident.impact_override')
  return override
}
