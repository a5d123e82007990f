import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { secondsBetween } from '../../lib/clock.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { type FactCorrection, planCorrectionsOf } from './fact-corrections.ts'
import { type Frame, frameOf } from './frame.ts'
import type { Figure } from './incident-page.ts'
import { type MaintenanceLine, factsOfWork, maintenanceLine, spentOn, withoutRepetitions } from './maintenance-line.ts'
import { type Happened, happenedMaintenance } from './past-days.ts'
import { type Said, allSaid, latestWords, withCorrections } from './said.ts'

export interface MaintenanceModel {
  readonly frame: Frame
  readonly maintenance: MaintenanceLine
  readonly said: readonly Said[]
  readonly figures: readonly Figure[]
  readonly corrections: readonly FactCorrection[]
  readonly allHref: string
}

export function maintenanceModel(
  maintenance: Maintenance,
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): MaintenanceModel {
  const name = reader.name(maintenance, 'name', maintenance.locale)
  const site = reader.name(snapshot.site, 'name')
  const line = maintenanceLine(maintenance, snapshot, reader)
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/maintenances/${maintenance.id}`,
      // What is over is as true tomorrow.
      live: isOver(maintenance) ? null : snapshot.asOf,
      title: reader.say('incident.title', { name: name.text, site: site.text }),
      description: latestWords(maintenance, reader),
    }),
    maintenance: {
      ...line,
      facts: factsOfWork(maintenance, reader, 'bare'),
    },
    said: withCorrections(allSaid(line), maintenance, reader),
    figures: figuresOf(maintenance, reader),
    corrections: planCorrectionsOf(maintenance, reader),
    allHref: reader.href('/maintenances'),
  }
}

function isOver({ stage }: Maintenance): boolean {
  return stage === 'completed' || stage === 'cancelled'
}

/** Minutes planned against minutes used, and how long ahead it was said. */
function figuresOf(maintenance: Maintenance, reader: Reader): Figure[] {
  const { plannedFrom, announcedAt } = maintenance
  const { planned, extended, used } = spentOn(maintenance)
  const { duration } = reader.dates
  const figures: Figure[] = [{ label: reader.say('figure.planned'), value: duration(planned) }]
  if (extended > 0) figures.push({ label: reader.say('figure.extended'), value: duration(extended) })
  if (used !== null) figures.push({ label: reader.say('figure.used'), value: duration(used) })
  const ahead = announcedAt ? secondsBetween(announcedAt, plannedFrom) : 0
  if (ahead > 0)
    figures.push({
      label: reader.say('figure.notice'),
      value: reader.say('figure.noticeValue', { delay: reader.dates.duration(ahead) }),
    })
  return figures
}

export interface MaintenancesModel {
  readonly frame: Frame
  readonly underway: readonly MaintenanceLine[]
  readonly planned: readonly MaintenanceLine[]
  /** Newest first. */
  readonly past: readonly Happened[]
  readonly olderHref: string
  readonly calendarHref: string
}

export function maintenancesModel(snapshot: Snapshot, reader: Reader, url: string): MaintenancesModel {
  const { openMaintenances, recentMaintenances, site } = snapshot
  const lines = (of: readonly Maintenance[]) => of.map((maintenance) => maintenanceLine(maintenance, snapshot, reader))
  const over = recentMaintenances.filter(isOver)
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
    planned: lines(withoutRepetitions(openMaintenances).filter(({ stage }) => stage === 'scheduled')),
    past: over
      .toSorted((a, b) => (a.plannedFrom < b.plannedFrom ? 1 : -1))
      .map((maintenance) => happenedMaintenance(maintenance, 'no day', reader)),
    olderHref: reader.href('/history/search?kind=maintenance'),
    calendarHref: reader.href('/calendar.ics'),
  }
}
