import type { Tag } from '../../domain/components/component.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import { weights } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { type Mark, markOf } from '../shared/marks.ts'
import { type Frame, frameOf } from './frame.ts'
import { type OpenIncident, openIncident } from './front.ts'
import { type Instance, lineOfInstance } from './instances.ts'
import { type MaintenanceLine, maintenanceLine } from './maintenance-line.ts'
import { type Happened, happenedIncident, happenedMaintenance } from './past-days.ts'
import { type System, systemOf } from './systems.ts'

export interface InstanceModel {
  readonly frame: Frame
  readonly name: Words
  /** Null: it is no longer in service. */
  readonly mark: Mark | null
  readonly summary: string
  /** Null where nothing more will be told: it is no longer in service. */
  readonly subscribeHref: string | null
  readonly description: Words | null
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly incidents: readonly OpenIncident[]
  readonly maintenances: readonly MaintenanceLine[]
  readonly systems: readonly System[]
  readonly formula: string
  readonly past: readonly Happened[]
  readonly listHref: string
}

/** `incidents`: of its components, of the last 90 days. */
export function instanceModel(
  instance: Instance,
  incidents: readonly Incident[],
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): InstanceModel {
  const { key, group, components } = instance
  const line = lineOfInstance(instance, reader)
  const isServed = components.length > 0
  const ids = new Set(components.map(({ id }) => id))
  const about = (named: readonly string[]) => named.some((id) => ids.has(id))
  const open = incidents.filter(({ overAt }) => overAt === null)
  const name = line.name ?? { kind: 'name', text: key, lang: null, dir: null }
  const mark = markOf(instance.status, reader.say)
  return {
    subscribeHref: isServed ? reader.href(`/subscribe/instances/${encodeURIComponent(key)}`) : null,
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/instances/${encodeURIComponent(key)}`,
      title: reader.say('incident.title', { name: name.text, site: reader.name(snapshot.site, 'name').text }),
      description: isServed ? `${name.text}: ${mark.word}. ${line.summary}.` : line.summary,
    }),
    name: [name],
    mark: isServed ? mark : null,
    summary: isServed ? line.summary : reader.say('instances.retiredText'),
    description: group.description === null ? null : [reader.name(group, 'description')],
    facts: factsOf(instance, reader),
    incidents: open.map((incident) => openIncident(incident, snapshot, reader)),
    maintenances: snapshot.openMaintenances
      .filter(({ componentIds }) => about(componentIds))
      .map((maintenance) => maintenanceLine(maintenance, snapshot, reader)),
    systems: components.map((component) => systemOf(component, snapshot, reader)),
    formula: reader.say('uptime.formula', weights),
    past: [
      ...incidents.filter(({ overAt }) => overAt !== null).map((one) => happenedIncident(one, 'no day', reader)),
      ...snapshot.recentMaintenances
        .filter(({ endedAt, componentIds }) => endedAt !== null && about(componentIds))
        .map((one) => happenedMaintenance(one, 'no day', reader)),
    ],
    listHref: reader.href('/instances'),
  }
}

/** Not its aliases: they say who the customers are. */
function factsOf({ key, group }: Instance, reader: Reader): InstanceModel['facts'] {
  const { location, environment, tags } = group
  const own = [
    { label: reader.say('instances.key'), value: group.name === key ? '' : key },
    { label: reader.say('instances.location'), value: location ?? '' },
    { label: reader.say('instances.environment'), value: environment ?? '' },
  ]
  return [...own, ...tags.map((tag) => ({ label: tagLabel(tag, reader), value: tag.value }))].filter(
    ({ value }) => value !== '',
  )
}

/** Kinds that an import writes have words in each language; those that operators made up stand as they are. */
function tagLabel({ type }: Tag, { say }: Reader): string {
  switch (type) {
    case 'release':
      return say('instances.release')
    case 'maintenance window':
      return say('instances.window')
    case 'city':
      return say('instances.city')
    default:
      return type
  }
}
