import type { Group } from '../../domain/components/component.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { isPlural } from './grammar.ts'

/** Of whom or what a clause speaks: names first, then groups, then counts that still say of what. */
export interface Subject {
  readonly words: Words
  /** What the verb agrees with. */
  readonly number: 'one' | 'other'
  readonly form: 'all' | 'else' | 'but' | 'groups' | 'names'
}

export type Listed = Pick<Snapshot, 'components' | 'groups'>

/** Where a clause begins its sentence it has a capital letter, in languages that have them. */
export type Place = 'first' | 'later'

/** More than this is not read: the rest is counted. Never "some systems". */
const mostNames = 3
/** Up to here a few are named and the others counted; with more, the share says more than three names. */
const mostCounted = 8
/** Up to here everything is said to be so except for these. */
const mostSpared = 2

/** `said`: who was spoken of before; with these everything may be "everything else". */
export function subjectOf(
  affected: readonly PublicComponent[],
  { place, said = none }: { readonly place: Place; readonly said?: ReadonlySet<PublicComponent> },
  listed: Listed,
  reader: Reader,
): Subject {
  const { components } = listed
  const others = components.length - affected.length
  if (others === 0 && affected.length > 1) {
    return { words: reader.phrase('verdict.everything', { place }), number: 'one', form: 'all' }
  }
  const parts = partsOf(affected, listed)
  if (parts.length <= mostNames) return together(parts, place, listed, reader)
  if (others === said.size) {
    return { words: reader.phrase('verdict.everythingElse', { place }), number: 'one', form: 'else' }
  }
  if (others <= mostSpared) {
    const among = new Set(affected)
    const spared = components.filter((one) => !among.has(one))
    const but = reader.list(spared.map((one) => nameIn(one, listed, reader)))
    return { words: reader.phrase('verdict.everythingBut', { place, but }), number: 'one', form: 'but' }
  }
  const byGroup = countedByGroup(parts, listed)
  if (byGroup.length <= mostNames) return together(byGroup, place, listed, reader)
  return counted(parts, place, affected.length, listed, reader)
}

const none: ReadonlySet<PublicComponent> = new Set()

/** A piece of a subject. */
type Part =
  | { readonly kind: 'name'; readonly component: PublicComponent }
  /** A copy of the whole service: its name is said, and stands for all in it. */
  | { readonly kind: 'instance'; readonly group: Group; readonly size: number }
  | { readonly kind: 'whole'; readonly group: Group; readonly size: number }
  | { readonly kind: 'share'; readonly group: Group; readonly count: number; readonly size: number }

/** The shortest list of names that says exactly this: who, and in place of many which groups. */
function partsOf(affected: readonly PublicComponent[], listed: Listed): Part[] {
  const sizes = sizesOf(listed.components)
  const inGroup = sizesOf(affected)
  const groups = new Map(listed.groups.map((group) => [group.id, group]))
  const few = affected.length <= mostNames && affected.every((one) => !isAmbiguous(one, listed))
  const said = new Set<string>()
  return affected.flatMap((component): Part[] => {
    const group = component.groupId === null ? undefined : groups.get(component.groupId)
    const size = group ? (sizes.get(group.id) ?? 0) : 0
    const isWhole = group !== undefined && inGroup.get(group.id) === size
    if (!isWhole || (group.instanceKey === null && (few || size === 1))) return [{ kind: 'name', component }]
    if (said.has(group.id)) return []
    said.add(group.id)
    return [{ kind: group.instanceKey === null ? 'whole' : 'instance', group, size }]
  })
}

/** "4 of 6 systems in Europe" in place of four names. */
function countedByGroup(parts: readonly Part[], { components, groups }: Listed): Part[] {
  const sizes = sizesOf(components)
  const counts = sizesOf(parts.flatMap((part) => (part.kind === 'name' ? [part.component] : [])))
  const said = new Set<string>()
  return parts.flatMap((part): Part[] => {
    if (part.kind !== 'name') return [part]
    const group = groups.find(({ id }) => id === part.component.groupId)
    const count = group ? (counts.get(group.id) ?? 0) : 0
    if (!group || count === 1) return [part]
    if (said.has(group.id)) return []
    said.add(group.id)
    return [{ kind: 'share', group, count, size: sizes.get(group.id) ?? count }]
  })
}

/** Names, then shares of groups, then whole groups: the order in which a sentence reads best. */
function together(parts: readonly Part[], place: Place, listed: Listed, reader: Reader): Subject {
  const items = itemsOf(parts, place, listed, reader)
  const form = parts.some(({ kind }) => kind === 'whole') ? 'groups' : 'names'
  return { words: reader.list(items), number: numberOf(parts, items.length, reader), form }
}

function itemsOf(parts: readonly Part[], place: Place, listed: Listed, reader: Reader): Words[] {
  const names = parts.flatMap((part): Words[] => {
    if (part.kind === 'name') return [nameIn(part.component, listed, reader)]
    return part.kind === 'instance' ? [[reader.name(part.group, 'name')]] : []
  })
  const shares = parts.flatMap((part): Words[] => {
    if (part.kind !== 'share') return []
    const { count, size: total, group } = part
    return [reader.phrase('verdict.countIn', { count, total, groups: [reader.name(group, 'name')] })]
  })
  const wholes = parts.flatMap((part): Words[] => (part.kind === 'whole' ? [[reader.name(part.group, 'name')]] : []))
  if (wholes.length === 0) return [...names, ...shares]
  const capital = names.length + shares.length === 0 ? place : 'later'
  const groups = reader.list(wholes)
  return [...names, ...shares, reader.phrase('verdict.everythingIn', { place: capital, amount: wholes.length, groups })]
}

function numberOf(parts: readonly Part[], items: number, reader: Reader): Subject['number'] {
  const [only] = parts
  if (items !== 1 || !only) return 'other'
  switch (only.kind) {
    case 'name':
      return isPlural(reader.name(only.component, 'name'), reader.locale) ? 'other' : 'one'
    case 'instance':
      return 'one'
    case 'share':
      return 'other'
    case 'whole':
      return reader.say('verdict.everythingInNumber', { amount: parts.length }) === 'one' ? 'one' : 'other'
  }
}

/** "API, Search and 4 other systems", or "312 of 1,528 systems". */
function counted(parts: readonly Part[], place: Place, affected: number, listed: Listed, reader: Reader): Subject {
  const instances = parts.every(({ kind }) => kind === 'instance')
  if (parts.length > mostCounted) {
    const words = instances
      ? reader.phrase('verdict.countInstances', { count: parts.length, total: instancesIn(listed) })
      : reader.phrase('verdict.count', { count: affected, total: listed.components.length })
    return { words, number: 'other', form: 'names' }
  }
  const named = parts.slice(0, mostNames - 1)
  const others = instances
    ? reader.phrase('verdict.otherInstances', { count: parts.length - named.length })
    : reader.phrase('verdict.others', { count: affected - named.reduce((sum, part) => sum + sizeOf(part), 0) })
  return { words: reader.list([...itemsOf(named, place, listed, reader), others]), number: 'other', form: 'names' }
}

/** With its group where another component has the same name, as copies of a service in several places have. */
function nameIn(component: PublicComponent, listed: Listed, reader: Reader): Words {
  const name = reader.name(component, 'name')
  const group = listed.groups.find(({ id }) => id === component.groupId)
  return group && isAmbiguous(component, listed)
    ? reader.phrase('verdict.member', { name: [name], group: [reader.name(group, 'name')] })
    : [name]
}

function isAmbiguous({ id, name }: PublicComponent, { components }: Listed): boolean {
  return components.some((other) => other.id !== id && other.name === name)
}

function sizeOf(part: Part): number {
  switch (part.kind) {
    case 'name':
      return 1
    case 'instance':
    case 'whole':
      return part.size
    case 'share':
      return part.count
  }
}

function instancesIn({ components, groups }: Listed): number {
  const sizes = sizesOf(components)
  return groups.filter(({ id, instanceKey }) => instanceKey !== null && sizes.has(id)).length
}

/** How many of these each group has. */
function sizesOf(components: readonly PublicComponent[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const { groupId } of components) if (groupId !== null) sizes.set(groupId, (sizes.get(groupId) ?? 0) + 1)
  return sizes
}
