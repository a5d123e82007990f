import { blankIncident } from '../incidents/blank.ts'
import type { Incident, Update } from '../incidents/incident.ts'
import { later } from '../../lib/clock.ts'
import type { PublicComponent, Snapshot } from './snapshot-types.ts'

/** The same site on a bad day that nobody has had: what its documents would be made of. */
export function inTrouble(snapshot: Snapshot): Snapshot {
  const [first, ...others] = snapshot.components
  if (!first) return snapshot
  const component: PublicComponent = { ...first, status: 'degraded_performance', statusSince: snapshot.asOf }
  const incident = incidentWith(component, snapshot)
  return {
    ...snapshot,
    components: [component, ...others],
    openIncidents: [incident, ...snapshot.openIncidents],
    recentIncidents: [incident, ...snapshot.recentIncidents],
    pastDays: [incident, ...snapshot.pastDays],
  }
}

function incidentWith({ id: componentId, name }: PublicComponent, { site, asOf: now }: Snapshot): Incident {
  const status = 'degraded_performance'
  const base = blankIncident(now, site)
  const { id, locale } = base
  const word: Update = {
    id,
    stage: 'identified',
    body: 'A **word** with [a link](https://example.org/).\n\nAnd one more.',
    locale,
    translations: {},
    author: name,
    source: 'person',
    affected: [{ id: componentId, name, from: 'operational', to: status }],
    delivered: 'yes',
    nextUpdateBy: later(now, 1800),
    noPromiseReason: null,
    displayedAt: now,
    revision: 0,
    translates: {},
    createdAt: now,
    updatedAt: now,
  }
  const impact = { id, componentId, status, beganAt: now, endedAt: null, saidAt: now } as const
  return {
    ...base,
    name,
    stage: 'identified',
    severity: 'minor',
    noticedAt: now,
    toldAt: now,
    nextUpdateBy: word.nextUpdateBy,
    latestUpdateAt: now,
    updates: [word, { ...word, stage: 'investigating' }],
    impacts: [{ ...impact, incidentId: id, maintenanceId: null, probeId: null }],
  }
}
