import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { type Frame, frameOf } from './frame.ts'
import { type Found } from './instance-search.ts'
import {
  type Instance,
  type InstanceLine,
  type Region,
  inOrder,
  inTrouble,
  instancesOf,
  isCalm,
  lineOfInstance,
  regionsOf,
} from './instances.ts'
import { type Matrix, matrixOf } from './matrix.ts'

/** A form that leads to an instance; it works without script. */
export interface FindForm {
  readonly action: string
  /** What was typed. */
  readonly typed: string
  /** Whether what it is for stands above it as the name of the page. */
  readonly isTitled: boolean
}

export function findForm(reader: Reader): FindForm {
  return { action: reader.href('/find'), typed: '', isTitled: false }
}

export interface InstancesModel {
  readonly frame: Frame
  readonly summary: Words
  readonly find: FindForm
  readonly trouble: readonly InstanceLine[]
  readonly matrix: Matrix | null
  readonly regions: readonly RegionModel[]
  readonly retired: readonly InstanceLine[]
}

export interface RegionModel {
  readonly id: string
  readonly name: string
  readonly summary: string
  /** Folded where there are so many that nobody reads them through. */
  readonly open: 'open' | null
  readonly families: readonly Family[]
}

/** Instances whose keys begin alike: `CS1` to `CS99`. */
interface Family {
  /** Null where there is one family only. */
  readonly name: string | null
  readonly lines: readonly InstanceLine[]
}

/** Up to here a list needs no headings in it, and no folding. */
const shortList = 40
/** Fewer than this have no heading of their own. */
const smallFamily = 4

export function instancesModel(snapshot: Snapshot, reader: Reader, url: string): InstancesModel {
  const all = instancesOf(snapshot)
  const served = all.filter(({ components }) => components.length > 0)
  const regions = regionsOf(served)
  const title = reader.say('instances.title')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/instances',
      title: reader.say('incident.title', { name: title, site: reader.name(snapshot.site, 'name').text }),
      description: countWords(served, reader),
    }),
    summary: [countWords(served, reader)],
    find: findForm(reader),
    trouble: inTrouble(served).map((instance) => lineOfInstance(instance, reader)),
    matrix: matrixOf(regions, reader),
    regions: regions.map((region) => regionModel(region, served.length, reader)),
    retired: all
      .filter(({ components }) => components.length === 0)
      .map((instance) => lineOfInstance(instance, reader)),
  }
}

/** `1 of 1,463 instances is affected.` */
export function countWords(instances: readonly Instance[], reader: Reader): string {
  const affected = instances.filter((instance) => !isCalm(instance)).length
  const count = instances.length
  return affected === 0
    ? reader.say('instances.allWork', { count })
    : reader.say('instances.someAffected', { affected, count })
}

function regionModel(region: Region, all: number, reader: Reader): RegionModel {
  const { id, instances } = region
  const ordered = instances.toSorted((a, b) => inOrder(a.key, b.key))
  const lines = ordered.map((instance) => lineOfInstance(instance, reader))
  return {
    id,
    name: regionName(region, reader),
    summary: regionSummary(region, reader),
    open: all <= shortList ? 'open' : null,
    families: lines.length > shortList ? familiesOf(lines) : [{ name: null, lines }],
  }
}

/** By what their keys begin with, so that an eye finds its way; those that are few stand together at the end. */
function familiesOf(lines: readonly InstanceLine[]): Family[] {
  const byName = [...Map.groupBy(lines, ({ key }) => /^\D+/.exec(key)?.[0].replace(/(?<![\s_-])[\s_-]+$/, '') ?? '')]
  const large = byName.filter(([name, its]) => name !== '' && its.length >= smallFamily)
  const rest = byName.filter(([name, its]) => name === '' || its.length < smallFamily).flatMap(([, its]) => its)
  const named = large.map(([name, its]) => ({ name, lines: its }))
  return rest.length === 0 ? named : [...named, { name: null, lines: rest }]
}

export function regionName({ location, environment }: Region, reader: Reader): string {
  if (location !== null && environment !== null) return reader.say('instances.place', { location, environment })
  return location ?? environment ?? reader.say('instances.elsewhere')
}

export function regionSummary({ instances }: Region, reader: Reader): string {
  const affected = instances.filter((instance) => !isCalm(instance)).length
  const count = instances.length
  return affected === 0
    ? reader.say('instances.count', { count })
    : reader.say('instances.countAffected', { affected, count })
}

export interface FoundModel {
  readonly frame: Frame
  readonly find: FindForm
  readonly lines: readonly InstanceLine[]
  readonly words: string
  readonly more: string | null
  readonly listHref: string
}

/** What a search that did not lead to one instance answers with; kept nowhere. */
export function foundModel(
  typed: string,
  found: Extract<Found, { kind: 'some' }>,
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): FoundModel {
  const wanted = new Set(found.groups)
  const instances = instancesOf({
    groups: snapshot.groups.filter((group) => wanted.has(group)),
    components: snapshot.components,
  })
  const byGroup = new Map(instances.map((instance) => [instance.group, instance]))
  const title = reader.say('instances.find')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: null,
      title: reader.say('incident.title', { name: title, site: reader.name(snapshot.site, 'name').text }),
      description: title,
    }),
    find: { ...findForm(reader), typed: typed.slice(0, 253).toWellFormed(), isTitled: true },
    lines: found.groups.flatMap((group) => {
      const instance = byGroup.get(group)
      return instance ? [lineOfInstance(instance, reader)] : []
    }),
    words: typed.trim() === '' ? '' : reader.say('instances.found', { count: found.groups.length + found.more }),
    more: found.more > 0 ? reader.say('instances.foundMore', { count: found.groups.length }) : null,
    listHref: reader.href('/instances'),
  }
}
