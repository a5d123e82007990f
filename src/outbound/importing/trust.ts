import { createHash } from 'node:crypto'
import type { DeclaredStatus, Tag } from '../../domain/components/component.ts'
import type { RecordedComponent, RecordedGroup, Recording } from '../../domain/import/recording.ts'
import type { Instant } from '../../lib/clock.ts'
import { checkedInstant as at } from './foreign-fields.ts'
import type { TrustDocument, TrustIncident, TrustInstance, TrustMaintenance } from './trust-documents.ts'
import { type Hit, latest, openStatuses, recordedIncident, recordedMaintenance } from './trust-happenings.ts'
import { inWords } from './trust-words.ts'

/** Recorded answers of the Trust API as one recording: instances are groups, their services and products components. */
export function readTrust(documents: readonly TrustDocument[]): Recording {
  const listed = [...new Map(documents.flatMap(({ instances }) => instances).map((one) => [one.key, one])).values()]
  const allIncidents = newest([...documents.flatMap(({ incidents }) => incidents), ...listed.flatMap(incidentsOf)])
  const allMaintenances = newest([
    ...documents.flatMap(({ maintenances }) => maintenances),
    ...listed.flatMap(maintenancesOf),
  ])
  const instances = [...listed, ...onlyNamed(listed, [...allIncidents, ...allMaintenances])]
  const hit = hitOf(instances)
  const incidents = allIncidents.map((incident) => recordedIncident(incident, hit))
  const maintenances = allMaintenances.map((maintenance) => recordedMaintenance(maintenance, hit))
  const recordedAt = lastInstant(listed, allIncidents, allMaintenances)
  const open = openStatuses(incidents, maintenances)
  const places = new Map(instances.toSorted(byKey).map(({ key }, index) => [key, index + 1]))
  return {
    page: { id: null, name: null, zone: null, updatedAt: null },
    groups: instances.map((instance) => recordedGroup(instance, places.get(instance.key) ?? 1, recordedAt)),
    components: instances.flatMap((instance) => recordedComponents(instance, open, recordedAt)),
    incidents,
    maintenances,
    partsAreDated: 'together',
    unknownNames: new Map(),
  }
}

/** Of an answer that is about one instance, the incidents may leave out whose they are. */
function incidentsOf({ key, Incidents }: TrustInstance): TrustIncident[] {
  return (Incidents ?? []).map((incident) => ({ ...incident, instanceKeys: incident.instanceKeys ?? [key] }))
}

function maintenancesOf({ key, Maintenances }: TrustInstance): TrustMaintenance[] {
  return (Maintenances ?? []).map((one) => ({ ...one, instanceKeys: one.instanceKeys ?? [key] }))
}

/** An incident stands with each instance that it hit; the newest record of it counts. */
function newest<Of extends TrustIncident | TrustMaintenance>(all: readonly Of[]): Of[] {
  const things = new Map<number, Of>()
  for (const thing of all) {
    const known = things.get(thing.id)
    if (!known || at(thing.updatedAt) > at(known.updatedAt)) things.set(thing.id, thing)
  }
  return [...things.values()]
}

/** Instances that incidents name and no answer lists: no more is known of them than the services that were hit. */
function onlyNamed(
  listed: readonly TrustInstance[],
  things: readonly (TrustIncident | TrustMaintenance)[],
): TrustInstance[] {
  const known = new Set(listed.map(({ key }) => key))
  const named = new Map<string, Set<string>>()
  for (const { instanceKeys, serviceKeys } of things) {
    for (const key of (instanceKeys ?? []).filter((one) => !known.has(one))) {
      const services = named.get(key) ?? new Set()
      for (const service of serviceKeys ?? []) services.add(service)
      named.set(key, services)
    }
  }
  return [...named].map(([key, services]) => ({ key, Services: [...services].map((service) => ({ key: service })) }))
}

/**
 * What an incident hits on an instance: the services that it names where it says that it is about no more than those,
 * else everything there. An instance whose core is down does not have a product that works.
 */
function hitOf(instances: readonly TrustInstance[]): Hit {
  const byKey = new Map(instances.map((instance) => [instance.key, instance]))
  return ({ instanceKeys, serviceKeys, isCore, affectsAll }) =>
    (instanceKeys ?? []).flatMap((instanceKey) => {
      const instance = byKey.get(instanceKey)
      if (!instance) return []
      const services = (instance.Services ?? []).map(({ key }) => key).filter((key) => serviceKeys?.includes(key))
      const keys = isCore || affectsAll || services.length === 0 ? offersOf(instance).map(({ key }) => key) : services
      return keys.map((key) => componentId(instanceKey, key))
    })
}

/** What an instance offers, each once: what customers buy first, then what it is made of. */
function offersOf({ Products, Services }: TrustInstance) {
  const byOrder = (offers: TrustInstance['Products']) =>
    (offers ?? []).toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
  return [...new Map([...byOrder(Products), ...byOrder(Services)].map((offer) => [offer.key, offer])).values()]
}

function recordedGroup(instance: TrustInstance, position: number, recordedAt: Instant): RecordedGroup {
  const { key, location, environment } = instance
  return {
    id: idOf(`instance ${key}`),
    name: key,
    description: null,
    position,
    createdAt: recordedAt,
    updatedAt: recordedAt,
    instance: { key, location: location || null, environment: environment || null, tags: tagsOf(instance) },
  }
}

function recordedComponents(
  instance: TrustInstance,
  open: ReadonlyMap<string, DeclaredStatus>,
  recordedAt: Instant,
): RecordedComponent[] {
  const offers = offersOf(instance)
  const isExplained = offers.some(({ key }) => open.has(componentId(instance.key, key)))
  return offers.map(({ key, altDisplayName, name, isActive }, index) => {
    const id = componentId(instance.key, key)
    return {
      id,
      name: altDisplayName || name || inWords(key),
      description: null,
      position: index + 1,
      createdAt: recordedAt,
      updatedAt: recordedAt,
      groupId: idOf(`instance ${instance.key}`),
      // Where no incident says why, the instance's own word counts.
      status: isExplained ? (open.get(id) ?? 'operational') : statusOf(instance.status),
      bars: 'shown',
      shown: 'always',
      startDate: null,
      listed: instance.isActive === false || isActive === false ? 'gone' : 'listed',
    }
  })
}

function statusOf(word: string | null | undefined): DeclaredStatus {
  if (word?.startsWith('MAJOR_INCIDENT')) return 'partial_outage'
  if (word?.startsWith('MINOR_INCIDENT')) return 'degraded_performance'
  return word?.startsWith('MAINTENANCE') ? 'under_maintenance' : 'operational'
}

/** Null where nothing is known of the instance but its key. */
function tagsOf(instance: TrustInstance): Tag[] | null {
  const { location, Tags, releaseVersion, maintenanceWindow, city } = instance
  if (location === undefined && Tags === undefined) return null
  const facts = [
    { type: 'release', value: releaseVersion ?? '' },
    { type: 'maintenance window', value: maintenanceWindow ?? '' },
    { type: 'city', value: city ?? '' },
    ...(Tags ?? []).map(({ type, value }) => ({ type, value })),
  ]
  return facts.filter(({ value }) => value.trim() !== '')
}

/** The recording's own time: the last one it names. */
function lastInstant(
  instances: readonly TrustInstance[],
  incidents: readonly TrustIncident[],
  maintenances: readonly TrustMaintenance[],
): Instant {
  const said = [...incidents, ...maintenances].map(({ updatedAt }) => at(updatedAt))
  const tagged = instances.flatMap(({ Tags }) =>
    (Tags ?? []).map(({ updatedAt }) => (updatedAt ? at(updatedAt) : null)),
  )
  return latest([...said, ...tagged]) ?? at('2000-01-01T00:00:00.000Z')
}

function componentId(instanceKey: string, key: string): string {
  return idOf(`${instanceKey} ${key}`)
}

/** Things without an id of their own get one from their keys: the same in every recording, in the shape that ours have. */
function idOf(keys: string): string {
  const bytes = createHash('sha256').update(`trust ${keys}`).digest()
  return bytes.readBigUInt64BE().toString(36).padStart(13, '0').slice(-12)
}

const natural = new Intl.Collator('en', { numeric: true })

function byKey(a: TrustInstance, b: TrustInstance): number {
  return natural.compare(a.key, b.key) || (a.key < b.key ? -1 : 1)
}
