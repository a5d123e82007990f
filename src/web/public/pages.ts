import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import type { Reader, TimePart } from '../shared/i18n.ts'
import { type Mark, markOf } from '../shared/marks.ts'
import { type AffectedLine, formerly, lineOf } from './affected.ts'
import { type Frame, frameOf } from './frame.ts'
import { type OpenIncident, openIncident } from './front.ts'
import { type MaintenanceLine, maintenanceLine } from './maintenance-line.ts'
import { recordWords } from './promises.ts'
import { latestWords } from './said.ts'

export interface IncidentModel {
  readonly frame: Frame
  readonly incident: OpenIncident
  /** How often its promises were kept; said also when it is over. */
  readonly record: string | null
  readonly impacts: readonly ImpactRow[]
}

/** What a component suffered from when to when. */
export interface ImpactRow {
  readonly system: AffectedLine
  readonly mark: Mark
  readonly from: TimePart
  /** Null: still so. */
  readonly until: TimePart | null
  readonly duration: string | null
}

export function incidentModel(incident: Incident, snapshot: Snapshot, reader: Reader, url: string): IncidentModel {
  const name = reader.name(incident, 'name', incident.locale)
  const site = reader.name(snapshot.site, 'name')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/incidents/${incident.id}`,
      live: incident.overAt === null,
      title: reader.say('incident.title', { name: name.text, site: site.text }),
      description: latestWords(incident, reader),
    }),
    incident: openIncident(incident, snapshot, reader),
    record: recordWords(incident, snapshot, reader),
    impacts: impactRows(incident, snapshot, reader),
  }
}

function impactRows(incident: Incident, snapshot: Snapshot, reader: Reader): ImpactRow[] {
  return incident.impacts
    .filter(({ status }) => status !== 'operational')
    .toSorted((a, b) => (a.beganAt < b.beganAt ? -1 : 1))
    .flatMap(({ componentId, status, beganAt, endedAt }) => {
      const system = lineOf(componentId, snapshot.components, reader) ?? formerly(componentId, incident, reader)
      return system ? [{ system, mark: markOf(status, reader.say), ...interval(beganAt, endedAt, reader) }] : []
    })
}

export function interval(from: Instant, until: Instant | null, reader: Reader) {
  return {
    from: reader.time(from),
    until: until === null ? null : reader.time(until),
    duration: until === null ? null : reader.dates.duration(secondsBetween(from, until)),
  }
}

export interface MaintenanceModel {
  readonly frame: Frame
  readonly maintenance: MaintenanceLine
}

export function maintenanceModel(
  maintenance: Maintenance,
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): MaintenanceModel {
  const name = reader.name(maintenance, 'name', maintenance.locale)
  const site = reader.name(snapshot.site, 'name')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/maintenances/${maintenance.id}`,
      title: reader.say('incident.title', { name: name.text, site: site.text }),
      description: latestWords(maintenance, reader),
    }),
    maintenance: maintenanceLine(maintenance, snapshot, reader),
  }
}

export interface MaintenancesModel {
  readonly frame: Frame
  readonly underway: readonly MaintenanceLine[]
  readonly planned: readonly MaintenanceLine[]
  readonly past: readonly MaintenanceLine[]
}

export function maintenancesModel(snapshot: Snapshot, reader: Reader, url: string): MaintenancesModel {
  const { openMaintenances, recentMaintenances, site } = snapshot
  const lines = (of: readonly Maintenance[]) => of.map((maintenance) => maintenanceLine(maintenance, snapshot, reader))
  const over = recentMaintenances.filter(({ stage }) => stage === 'completed' || stage === 'cancelled')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/maintenances',
      title: reader.say('incident.title', {
        name: reader.say('maintenance.title'),
        site: reader.name(site, 'name').text,
      }),
      description: reader.say('maintenance.title'),
    }),
    underway: lines(openMaintenances.filter(({ stage }) => stage !== 'scheduled')),
    planned: lines(openMaintenances.filter(({ stage }) => stage === 'scheduled')),
    past: lines(over.toSorted((a, b) => (a.plannedFrom < b.plannedFrom ? 1 : -1))),
  }
}

export interface MissingModel {
  readonly frame: Frame
}

/** A page that is none of ours, or, before the site is set up, every page. */
export function missingModel(snapshot: Snapshot, reader: Reader, url: string): MissingModel {
  return bare(snapshot, reader, url, reader.say('missing.title'), reader.say('missing.text'))
}

export function emptyModel(snapshot: Snapshot, reader: Reader, url: string): MissingModel {
  return bare(snapshot, reader, url, reader.say('empty.title'), reader.say('empty.text'))
}

function bare(snapshot: Snapshot, reader: Reader, url: string, title: string, description: string): MissingModel {
  return { frame: frameOf({ snapshot, reader, url, path: null, title, description }) }
}
