import { type ComponentStatus, type Group, worse } from '../../domain/components/component.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader } from '../../domain/site/reader.ts'
import { type Mark, markOf } from '../shared/marks.ts'

/** A copy of the whole service somewhere, with what it offers. */
export interface Instance {
  readonly key: string
  readonly group: Group
  /** Nothing: it is no longer in service. */
  readonly components: readonly PublicComponent[]
  readonly status: ComponentStatus
}

type Listed = Pick<Snapshot, 'groups' | 'components'>

/** Every instance, by position. One walk over the components, however many instances there are. */
export function instancesOf({ groups, components }: Listed): Instance[] {
  const members = Map.groupBy(components, ({ groupId }) => groupId)
  return groups.flatMap((group): Instance[] => {
    if (group.instanceKey === null) return []
    const its = members.get(group.id) ?? []
    const status = its.map((component) => component.status).reduce(worse, 'operational')
    return [{ key: group.instanceKey, group, components: its, status }]
  })
}

/** Up to here instances are groups like others: a list of their own would only be another way to say the same. */
const fewInstances = 6

/** Whether there are so many instances that the front page shows those in trouble and counts the others. */
export function hasManyInstances({ groups }: Pick<Snapshot, 'groups'>): boolean {
  return groups.filter(({ instanceKey }) => instanceKey !== null).length > fewInstances
}

/** What stands on the front page beside the instances, where these have a section of their own. */
export function besideInstances({ groups, components }: Listed): Listed {
  if (!hasManyInstances({ groups })) return { groups, components }
  const instances = new Set(groups.flatMap(({ id, instanceKey }) => (instanceKey === null ? [] : [id])))
  return {
    groups: groups.filter(({ id }) => !instances.has(id)),
    components: components.filter(({ groupId }) => groupId === null || !instances.has(groupId)),
  }
}

export function hasInstances({ groups }: Pick<Snapshot, 'groups'>): boolean {
  return groups.some(({ instanceKey }) => instanceKey !== null)
}

/** Whether it works, as far as anybody says: planned work is no trouble, and is not shown as if it worked. */
export function isCalm({ status }: Instance): boolean {
  return status === 'operational'
}

export function instanceHref(key: string, reader: Reader): string {
  return reader.href(`/instances/${encodeURIComponent(key)}`)
}

/** One instance in a line. */
export interface InstanceLine {
  readonly href: string
  readonly key: string
  /** Null where it has no name but its key. */
  readonly name: NamePart | null
  readonly place: string
  readonly mark: Mark
  /** How many of its systems are affected. */
  readonly summary: string
}

export function lineOfInstance(instance: Instance, reader: Reader): InstanceLine {
  const { key, group, components, status } = instance
  const affected = components.filter((component) => component.status !== 'operational').length
  const count = components.length
  return {
    href: instanceHref(key, reader),
    key,
    name: group.name === key ? null : reader.name(group, 'name'),
    place: placeOf(group, reader),
    mark: markOf(status, reader.say),
    summary:
      count === 0
        ? reader.say('instances.retired')
        : affected === 0
          ? reader.say('group.works', { count })
          : reader.say('group.affected', { affected, count }),
  }
}

/** `EMEA, production`; empty where neither is known. */
export function placeOf({ location, environment }: Group, reader: Reader): string {
  if (location === null || environment === null) return location ?? environment ?? ''
  return reader.say('instances.place', { location, environment })
}

/** Worst first, then in the order of the list. */
export function inTrouble(instances: readonly Instance[]): Instance[] {
  return instances
    .filter((instance) => !isCalm(instance))
    .toSorted((a, b) => (a.status === b.status ? 0 : worse(a.status, b.status) === a.status ? -1 : 1))
}

/** Instances of one location and environment. */
export interface Region {
  /** Names it in the page's address: `emea-production`. */
  readonly id: string
  readonly location: string | null
  readonly environment: string | null
  readonly instances: readonly Instance[]
}

/** In the order of their names; what is nowhere stands last. */
export function regionsOf(instances: readonly Instance[]): Region[] {
  const byPlace = Map.groupBy(instances, ({ group }) => JSON.stringify([group.location, group.environment]))
  const places = [...byPlace].map(([place, its]) => {
    const [location = null, environment = null] = JSON.parse(place) as (string | null)[]
    return { location, environment, instances: its }
  })
  const ordered = places.toSorted(
    (a, b) => lastIfNull(a.location, b.location) || lastIfNull(a.environment, b.environment),
  )
  return ordered.map((place, index) => ({ ...place, id: `region-${index + 1}` }))
}

const natural = new Intl.Collator('en', { numeric: true })

/** As people count: `EU9` before `EU10`. */
export function inOrder(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

function lastIfNull(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return inOrder(a, b)
}
