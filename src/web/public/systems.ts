import type { Group } from '../../domain/components/component.ts'
import { worse } from '../../domain/components/component.ts'
import { stripDays } from '../../domain/status/days.ts'
import type { Bars, Day, PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader } from '../../domain/site/reader.ts'
import { type Mark, type Tone, markOf, toneOf } from '../shared/marks.ts'
import { type Bar, barLines, hadTrouble, uptimeWords } from './bars.ts'
import { besideInstances } from './instances.ts'

/** A group with its components, or what stands between groups. */
export interface Section {
  /** Null: these components are in no group. */
  readonly group: { readonly name: NamePart; readonly mark: Mark; readonly summary: string } | null
  /** Trouble is never folded away. */
  readonly open: 'open' | null
  readonly systems: readonly System[]
}

export interface System {
  readonly name: NamePart
  readonly href: string
  readonly mark: Mark
  /** Null: this component shows none. */
  readonly bars: readonly Bar[] | null
  /** The day of the last bar. */
  readonly last: string
  readonly uptime: string
  /** How fast it answered the last check: `184 ms`; null where nobody measures that. */
  readonly latency: string | null
  /** That our own checks find something else than the mark says. */
  readonly disagrees: { readonly tone: Tone; readonly word: string } | null
  /** What the bars say, in words. */
  readonly summary: string
  readonly ago: readonly { readonly words: string; readonly wide: 'wide' | 'narrow' }[]
}

/** Up to here everything is open: folding would hide more than it clears. */
const fewSystems = 12
/** What a narrow screen shows of the bars. */
const narrowDays = 30

/** In the order operators gave: groups, and between them the components that are in none. */
export function sectionsOf(snapshot: Snapshot, reader: Reader): Section[] {
  const { groups, components } = besideInstances(snapshot)
  const shown = components.filter(({ shown: when, status }) => when === 'always' || status !== 'operational')
  const members = Map.groupBy(shown, ({ groupId }) => groupId)
  const top = [
    ...groups.map((group) => ({ position: group.position, group, component: null })),
    ...shown.filter(isAlone(groups)).map((component) => ({ position: component.position, group: null, component })),
  ].toSorted((a, b) => a.position - b.position)
  const sections: Section[] = []
  let alone: System[] | null = null
  for (const { group, component } of top) {
    if (group) {
      alone = null
      const its = members.get(group.id)
      if (its) sections.push(groupSection(group, its, { all: shown.length, snapshot, reader }))
    } else if (component) {
      if (!alone) sections.push({ group: null, open: 'open', systems: (alone = []) })
      alone.push(systemOf(component, snapshot, reader))
    }
  }
  return sections
}

function isAlone(groups: readonly Group[]): (component: PublicComponent) => boolean {
  const ids = new Set(groups.map(({ id }) => id))
  return ({ groupId }) => groupId === null || !ids.has(groupId)
}

function groupSection(
  group: Group,
  members: readonly PublicComponent[],
  { all, snapshot, reader }: { readonly all: number; readonly snapshot: Snapshot; readonly reader: Reader },
): Section {
  const worst = members.map(({ status }) => status).reduce(worse, 'operational')
  return {
    group: {
      name: reader.name(group, 'name'),
      mark: markOf(worst, reader.say),
      summary: summaryOf(members, reader),
    },
    open: all <= fewSystems || members.some(isToBeSeen) ? 'open' : null,
    systems: members.map((component) => systemOf(component, snapshot, reader)),
  }
}

/** What is only not measured is counted beside the name of its group: where thirty are, the page stays to be read. */
function isToBeSeen({ status }: PublicComponent): boolean {
  return status !== 'operational' && status !== 'unknown'
}

/** Uptime is a share of what was observed, so it speaks of no other days. */
function isObserved(day: Day | null): boolean {
  return day !== null && day.seconds > day.maintenance + day.unknown
}

const unlike = ['major_outage', 'partial_outage', 'degraded_performance', 'under_maintenance', 'unknown'] as const

/** `8 systems · 1 partly down · 2 not measured`: planned work is no trouble, and what is not measured may be none. */
function summaryOf(members: readonly PublicComponent[], reader: Reader): string {
  const counted = unlike.flatMap((status) => {
    const count = members.filter((member) => member.status === status).length
    return count === 0 ? [] : [reader.say(`group.${status}`, { count })]
  })
  return [reader.say('group.works', { count: members.length }), ...counted].join(' · ')
}

/** Of a component that is not in the snapshot. */
export const noBars: Bars = { days: [], uptime: null }

export function systemOf(
  component: PublicComponent,
  { bars, measured, disagreements, today }: Pick<Snapshot, 'bars' | 'measured' | 'disagreements' | 'today'>,
  reader: Reader,
): System {
  const { days, uptime: share } = bars.get(component.id) ?? noBars
  const name = reader.name(component, 'name')
  const trouble = days.filter(hadTrouble).length
  const uptime = uptimeWords(share, reader)
  const ms = measured.get(component.id)?.ms ?? null
  const disagreement = disagreements.find(({ componentId }) => componentId === component.id)
  return {
    name,
    href: reader.href(`/components/${component.slug}`),
    mark: markOf(component.status, reader.say),
    bars: component.barsHiddenAt ? null : barLines(days, reader),
    last: today,
    disagrees: disagreement ? { tone: toneOf(disagreement.measured), word: reader.say('disagree.mark') } : null,
    // How long something took of which we cannot say what it was is no measurement.
    latency: ms === null || component.status === 'unknown' ? null : reader.dates.milliseconds(ms),
    uptime:
      uptime === null
        ? reader.say('bars.unmeasured')
        : reader.say('bars.uptime', { share: uptime, days: days.filter(isObserved).length }),
    summary: reader.say('bars.summary', { name: name.text, count: trouble }),
    ago: agoFor(reader),
  }
}

/** The same below each system of a page. */
const ago = new WeakMap<Reader, System['ago']>()

function agoFor(reader: Reader): System['ago'] {
  const known = ago.get(reader)
  if (known) return known
  const words: System['ago'] = [
    { words: reader.say('bars.ago', { count: stripDays }), wide: 'wide' },
    { words: reader.say('bars.ago', { count: narrowDays }), wide: 'narrow' },
  ]
  ago.set(reader, words)
  return words
}
