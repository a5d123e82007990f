import type { ComponentStatus } from '../../domain/components/component.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { gravestFirst } from './gravest-first.ts'
import { subjectOf } from './subject.ts'

/** How things are, in a sentence composed from facts, and what there is to add. */
export interface Verdict {
  /** The worst that is true now; also the mark beside the sentence, and the favicon. */
  readonly status: ComponentStatus
  readonly sentence: Words
  /** Sentences: maintenance, what is not measured, what works, and incidents that name no system. */
  readonly rest: readonly Words[]
}

const troubles = ['major_outage', 'partial_outage', 'degraded_performance'] as const
const quieter = ['under_maintenance', 'unknown'] as const
type Said = (typeof troubles)[number] | (typeof quieter)[number] | 'operational'

type Facts = Pick<Snapshot, 'components' | 'groups' | 'openIncidents'>

export function verdictOf(facts: Facts, reader: Reader): Verdict {
  const { components } = facts
  const status = standing(components)
  if (components.length === 0) return { status, sentence: [reader.say('verdict.nothing')], rest: [] }
  if (components.every((component) => component.status === 'unknown')) {
    return { status, sentence: [reader.say('verdict.unmeasured')], rest: beside(facts, new Set(components), reader) }
  }
  if (components.every((component) => component.status === 'operational')) {
    return { status, sentence: calm(facts, reader), rest: [] }
  }
  const found = (said: Said) => components.some((component) => component.status === said)
  const trouble = troubles.filter(found)
  const quiet = quieter.filter(found)
  const headline = trouble.length > 0 ? trouble : quiet.slice(0, 1)
  const added = trouble.length > 0 ? quiet : quiet.slice(1)
  const said = new Set<PublicComponent>()
  return {
    status,
    sentence: sentenceOf(headline, said, facts, reader),
    rest: [...added.map((one) => sentenceOf([one], said, facts, reader)), ...beside(facts, said, reader)],
  }
}

/** The worst status of all; planned work is said before what is merely not measured. Nothing listed: unknown. */
export function standing(components: readonly Pick<PublicComponent, 'status'>[]): ComponentStatus {
  const statuses = new Set(components.map(({ status }) => status))
  const said = [...troubles, ...quieter].find((status) => statuses.has(status))
  return said ?? (components.length === 0 ? 'unknown' : 'operational')
}

function calm(facts: Facts, reader: Reader): Words {
  const { openIncidents } = facts
  if (openIncidents.length === 0) return [reader.say('verdict.all')]
  if (openIncidents.every(({ stage }) => stage === 'monitoring')) return watching(facts, reader)
  return reader.phrase('verdict.incidentOpen', incidents(openIncidents, reader))
}

/** "Everything works again, and we are still watching Search." */
function watching({ components, groups, openIncidents }: Facts, reader: Reader): Words {
  const harmed = new Set(
    openIncidents.flatMap(({ impacts }) =>
      impacts.flatMap(({ status, componentId }) => (status === 'operational' ? [] : [componentId])),
    ),
  )
  const watched = components.filter(({ id }) => harmed.has(id))
  if (watched.length === 0) return [reader.say('verdict.watching')]
  const { words } = subjectOf(watched, { place: 'later' }, { components, groups }, reader)
  return reader.phrase('verdict.watchingOver', { subject: words })
}

/** What works, and incidents that name no system: "Everything else works" would be untrue with one of these. */
function beside(facts: Facts, said: Set<PublicComponent>, reader: Reader): Words[] {
  const { components, openIncidents } = facts
  const working = components.filter(({ status }) => status === 'operational')
  const listed = new Set(components.map(({ id }) => id))
  const nameless = openIncidents.filter(({ impacts, stage }) => {
    const harms = impacts.filter(({ endedAt, status }) => endedAt === null && status !== 'operational')
    return stage !== 'monitoring' && !harms.some(({ componentId }) => listed.has(componentId))
  })
  if (nameless.length > 0) {
    const key = working.length > 0 ? 'verdict.restBut' : 'verdict.incidentBeside'
    return [reader.phrase(key, incidents(nameless, reader))]
  }
  if (working.length === 0) return []
  const areNamed = working.length <= mostWorking && working.every(({ shown }) => shown === 'always')
  return [areNamed ? sentenceOf(['operational'], said, facts, reader) : [reader.say('verdict.rest')]]
}

/** More than this are "everything else", and so is what the page lists only in trouble. */
const mostWorking = 2

/** Longer titles, and more of them, are read below. */
const mostLetters = 60
const mostTitles = 2

function incidents(open: readonly Incident[], reader: Reader) {
  const titles = gravestFirst(open).map((incident) => reader.name(incident, 'name', incident.locale))
  const isShort = open.length <= mostTitles && titles.every(({ text }) => text.length <= mostLetters)
  const quoted = isShort ? titles.map((title) => reader.phrase('verdict.quoted', { title: [title] })) : []
  return { count: open.length, titled: isShort ? 'yes' : 'no', titles: reader.list(quoted) } as const
}

function sentenceOf(statuses: readonly Said[], said: Set<PublicComponent>, facts: Facts, reader: Reader): Words {
  const [first, second, third] = statuses.map((status, index) => {
    const affected = facts.components.filter((component) => component.status === status)
    const place = index === 0 ? 'first' : 'later'
    const { words, number, form } = subjectOf(affected, { place, said }, facts, reader)
    for (const component of affected) said.add(component)
    return reader.phrase(`verdict.${status}`, { subject: words, number, form, place })
  })
  if (!first) return []
  if (!second) return reader.phrase('verdict.one', { first })
  if (!third) return reader.phrase('verdict.two', { first, second })
  return reader.phrase('verdict.three', { first, second, third })
}
