import { type ComponentStatus, type Group, worse } from '../../domain/components/component.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { ListedComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import { type NamePart, type Reader, plain } from '../../domain/site/reader.ts'
import { type Mark, markOf } from '../shared/marks.ts'
import { instanceHref } from './instances.ts'

/** A component that an incident or a maintenance names. */
export interface AffectedLine {
  readonly name: NamePart
  /** Null: it is no longer listed. */
  readonly href: string | null
  readonly mark: Mark | null
}

/** What an incident affects now, or, once it is over, the worst it did to each. */
export function affectedBy(incident: Incident, snapshot: Snapshot, reader: Reader): AffectedLine[] {
  const worst = new Map<string, ComponentStatus>()
  for (const { componentId, status, endedAt } of incident.impacts) {
    if (incident.overAt === null && endedAt !== null) continue
    worst.set(componentId, worse(worst.get(componentId) ?? 'operational', status))
  }
  return few(
    named(worst, snapshot, reader, (id) => formerly(id, incident, reader)),
    reader,
  )
}

/** What planned work is about. */
export function affectedByWork(
  { componentIds }: Pick<Maintenance, 'componentIds'>,
  snapshot: Snapshot,
  reader: Reader,
): AffectedLine[] {
  const none = new Map(componentIds.map((id) => [id, null]))
  return few(
    named(none, snapshot, reader, () => null),
    reader,
  )
}

/** In the order in which they are named; an instance stands once for all that it suffers in. */
function named(
  affected: ReadonlyMap<string, ComponentStatus | null>,
  { listed, groups }: Pick<Snapshot, 'listed' | 'groups'>,
  reader: Reader,
  former: (id: string) => AffectedLine | null,
): AffectedLine[] {
  const byId = byIdOf(listed)
  const groupOf = byIdOf(groups)
  const inInstances = new Map<
    Group,
    { readonly component: ListedComponent; readonly status: ComponentStatus | null }[]
  >()
  const lines = [...affected].map(([id, status]): (() => AffectedLine | null) => {
    const component = byId.get(id)
    if (!component) return () => marked(former(id), status, reader)
    const group = groupOf.get(component.groupId ?? '')
    if (!group || group.instanceKey === null) return () => marked(lineFor(component, reader), status, reader)
    const others = inInstances.get(group)
    if (others) {
      others.push({ component, status })
      return () => null
    }
    const all = [{ component, status }]
    inInstances.set(group, all)
    return () => instanceLine(group, all, reader)
  })
  return lines.flatMap((line) => line() ?? [])
}

const indexes = new WeakMap<readonly object[], ReadonlyMap<string, object>>()

/** Made once for as long as editions share the list: every incident and every maintenance looks into it. */
function byIdOf<Of extends { readonly id: string }>(list: readonly Of[]): ReadonlyMap<string, Of> {
  const known = indexes.get(list) as ReadonlyMap<string, Of> | undefined
  const index = known ?? new Map(list.map((one) => [one.id, one]))
  indexes.set(list, index)
  return index
}

/** `Search (EU42)` for one of its components, `EU42` for several. */
function instanceLine(
  group: Group,
  affected: readonly { readonly component: ListedComponent; readonly status: ComponentStatus | null }[],
  reader: Reader,
): AffectedLine | null {
  const [first] = affected
  if (!first) return null
  const name = reader.name(group, 'name')
  const worst = affected.reduce<ComponentStatus | null>((a, { status: b }) => (a && b ? worse(a, b) : b), first.status)
  if (affected.length === 1) {
    const own = reader.name(first.component, 'name')
    const text = plain(reader.phrase('verdict.member', { name: [own], group: [name] }))
    return marked({ ...lineFor(first.component, reader), name: { ...own, text } }, worst, reader)
  }
  return marked({ name, href: instanceHref(group.instanceKey ?? '', reader), mark: null }, worst, reader)
}

/** More than this nobody reads as chips. */
const mostLines = 24

function few(lines: readonly AffectedLine[], reader: Reader): AffectedLine[] {
  if (lines.length <= mostLines) return [...lines]
  const text = reader.say('incident.more', { count: lines.length - mostLines + 1 })
  return [
    ...lines.slice(0, mostLines - 1),
    { name: { kind: 'name', text, lang: null, dir: null }, href: null, mark: null },
  ]
}

function marked(line: AffectedLine | null, status: ComponentStatus | null, reader: Reader): AffectedLine | null {
  return line && status ? { ...line, mark: markIn(status, reader) } : line
}

/** Named by an incident, and came to no harm: that is not to say that it works. */
function markIn(status: ComponentStatus, reader: Reader): Mark {
  return status === 'operational' ? { tone: 'ok', word: reader.say('impact.unharmed') } : markOf(status, reader.say)
}

export function lineOf(id: string, listed: Snapshot['listed'], reader: Reader): AffectedLine | null {
  const component = byIdOf(listed).get(id)
  return component ? lineFor(component, reader) : null
}

function lineFor(component: ListedComponent, reader: Reader): AffectedLine {
  return { name: reader.name(component, 'name'), href: reader.href(`/components/${component.slug}`), mark: null }
}

/** A component that was removed since keeps the name it had when it was said. */
export function formerly(
  id: string,
  { updates, locale }: Pick<Incident, 'updates' | 'locale'>,
  reader: Reader,
): AffectedLine | null {
  const named = updates.flatMap(({ affected }) => affected ?? []).find((one) => one.id === id)
  if (!named) return null
  const name: NamePart = { kind: 'name', text: named.name, lang: locale === reader.locale ? null : locale, dir: null }
  return { name, href: null, mark: null }
}
