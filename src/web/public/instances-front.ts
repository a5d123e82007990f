import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { type InstanceLine, hasManyInstances, inTrouble, instancesOf, lineOfInstance, regionsOf } from './instances.ts'
import { type FindForm, countWords, findForm, regionName, regionSummary } from './instances-page.ts'
import { type System, systemOf } from './systems.ts'

/** What the front page says of a site with many instances: those in trouble in full, all others in numbers. */
export interface FrontInstances {
  readonly find: FindForm
  readonly summary: string
  readonly trouble: readonly { readonly line: InstanceLine; readonly systems: readonly System[] }[]
  /** Those in trouble beyond the ones that are shown in full. */
  readonly more: { readonly href: string; readonly words: string } | null
  readonly regions: readonly { readonly href: string; readonly name: string; readonly summary: string }[]
  readonly all: { readonly href: string; readonly words: string }
}

/** More than this are not read on a front page; the list has them all. */
const mostInFull = 5

export function frontInstances(snapshot: Snapshot, reader: Reader): FrontInstances | null {
  if (!hasManyInstances(snapshot)) return null
  const served = instancesOf(snapshot).filter(({ components }) => components.length > 0)
  const trouble = inTrouble(served)
  const href = reader.href('/instances')
  const more = trouble.length - mostInFull
  return {
    find: findForm(reader),
    summary: countWords(served, reader),
    trouble: trouble.slice(0, mostInFull).map((instance) => ({
      line: lineOfInstance(instance, reader),
      systems: instance.components.map((component) => systemOf(component, snapshot, reader)),
    })),
    more: more > 0 ? { href, words: reader.say('instances.moreTrouble', { count: more }) } : null,
    regions: regionsOf(served).map((region) => ({
      href: `${href}#${region.id}`,
      name: regionName(region, reader),
      summary: regionSummary(region, reader),
    })),
    all: { href, words: reader.say('instances.all') },
  }
}
