import type { Change } from '../../domain/changes/change.ts'
import { changeIncident, postUpdate, reopenIncident } from '../../domain/incidents/commands.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import {
  beginMaintenance,
  cancelMaintenance,
  completeMaintenance,
  postMaintenanceUpdate,
} from '../../domain/maintenances/commands.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { changeMaintenance } from '../../domain/maintenances/replan.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import { type WishedIncident, affectedBy, delivered, namedIn, statusesIn, windowStatuses } from './incident-body.ts'
import { aMomentLater, isWindow, overrideIn, runsBy, stageOf } from './incident-open.ts'
import { type UsualWord, usualReason, usualWord } from './usual-words.ts'

/** Does to an incident what was sent, and nothing else. What says nothing new adds no word. */
export async function changeOne(change: Change, incident: Incident, wished: WishedIncident): Promise<void> {
  if (wished.scheduled_for || wished.scheduled_until)
    throw new Invalid('cannot be said of an incident: announce a maintenance instead', 'incident.scheduled_for')
  const stage = stageOf(wished)
  await correct(change, incident, wished)
  if (incident.overAt === null) {
    const known = new Set(incident.impacts.map(({ componentId }) => componentId))
    const components = await affectedBy(change, wished, known)
    const isMoved = stage !== null && stage !== incident.stage
    if (!wished.body && !isMoved && components.length === 0) return
    await postUpdate(change, incident.id, {
      ...said(wished, isMoved ? stage : 'update', incident.locale),
      stage: stage ?? 'update',
      components,
    })
  } else if (stage !== null && stage !== 'resolved') {
    await reopenIncident(change, incident.id, {
      ...said(wished, stage, incident.locale),
      stage,
      components: await affectedBy(change, wished),
    })
  } else {
    const harmed = [...statusesIn(wished)].filter(([, status]) => status !== 'operational')
    if (harmed.length > 0)
      throw new Conflict('This incident is resolved: reopen it to change what it affects.', 'incident.components')
    if (wished.body)
      await postUpdate(change, incident.id, { ...said(wished, 'update', incident.locale), stage: 'update' })
  }
}

/** Readers are told of a title or an impact that was another before, and why. */
async function correct(change: Change, incident: Incident, wished: WishedIncident): Promise<void> {
  const override = overrideIn(wished)
  const facts = {
    ...(wished.name && wished.name !== incident.name ? { name: wished.name } : {}),
    ...(override && override !== incident.severityOverride ? { severityOverride: override } : {}),
  }
  if (Object.keys(facts).length === 0) return
  await changeIncident(change, incident.id, {
    ...facts,
    ...(wished.reason ? { reason: wished.reason } : usualReason(incident.locale)),
  })
}

/** Does to a maintenance what was sent, and nothing else. */
export async function changeWindow(change: Change, maintenance: Maintenance, wished: WishedIncident): Promise<void> {
  const { id, locale, stage } = maintenance
  const { status } = wished
  if (status && !isWindow(status))
    throw new Invalid(`of a maintenance must be one of: ${windowStatuses.join(', ')}`, 'incident.status')
  const now = stage === 'cancelled' ? 'completed' : stage
  const moves = status && status !== now ? status : null
  const planned = planIn(maintenance, wished)
  const isPlanned = Object.keys(planned).length > 0
  if (maintenance.endedAt !== null || maintenance.cancelledAt !== null) {
    if (!wished.body && !moves && !isPlanned) return
    throw new Conflict('This maintenance is over: nothing more can be said of it.')
  }
  if (isPlanned) {
    const isOwedWord = 'plannedFrom' in planned || 'plannedUntil' in planned || 'components' in planned
    // One word is enough: where the work goes on to another stage, it is said there.
    const words =
      !moves && wished.body
        ? said(wished, 'moved', locale)
        : isOwedWord
          ? said({ ...wished, body: null }, 'moved', locale)
          : {}
    await changeMaintenance(change, id, { ...planned, ...words })
  }
  const then = isPlanned ? aMomentLater(change) : change
  if (moves === null) {
    if (!wished.body || isPlanned) return
    await postMaintenanceUpdate(then, id, { ...said(wished, 'moved', locale), stage })
  } else if (moves === 'in_progress' && maintenance.beganAt === null) {
    await beginMaintenance(then, id, said(wished, 'begun', locale))
  } else if (moves === 'completed') {
    // The API has no other word for what is called off.
    if (maintenance.beganAt === null) await cancelMaintenance(then, id, said(wished, 'cancelled', locale))
    else await completeMaintenance(then, id, said(wished, 'completed', locale))
  } else {
    await postMaintenanceUpdate(then, id, {
      ...said(wished, moves === 'verifying' ? 'verifying' : 'begun', locale),
      stage: moves,
    })
  }
}

/** What is planned otherwise than it was. */
function planIn(maintenance: Maintenance, wished: WishedIncident) {
  const by = runsBy(wished)
  const known = maintenance.componentIds
  const more = namedIn({ components: wished.components ?? null }).filter(
    (one) => !known.includes(one) && statusesIn(wished).get(one) !== 'operational',
  )
  const components = [...new Set([...(wished.component_ids ?? known), ...more])]
  const isOther = components.toSorted().join() !== known.toSorted().join()
  return {
    ...(wished.name && wished.name !== maintenance.name ? { name: wished.name } : {}),
    ...(wished.scheduled_for && wished.scheduled_for !== maintenance.plannedFrom
      ? { plannedFrom: wished.scheduled_for }
      : {}),
    ...(wished.scheduled_until && wished.scheduled_until !== maintenance.plannedUntil
      ? { plannedUntil: wished.scheduled_until }
      : {}),
    ...(by && by !== maintenance.runsBy ? { runsBy: by } : {}),
    ...(isOther ? { components } : {}),
  }
}

function said(wished: Pick<WishedIncident, 'body' | 'deliver_notifications'>, usual: UsualWord, locale: string) {
  return { ...(wished.body ? { body: wished.body } : usualWord(usual, locale)), deliver: delivered(wished) }
}
