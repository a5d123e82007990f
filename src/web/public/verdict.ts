import type { ComponentStatus, Group } from '../../domain/components/component.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader, Words } from '../shared/i18n.ts'
import { isPlural, numberOfGroups } from './grammar.ts'

/** How things are, in a sentence composed from facts, and what there is to add. */
export interface Verdict {
  /** The worst that is true now; also the mark beside the sentence, and the favicon. */
  readonly status: ComponentStatus
  readonly sentence: Words
  /** Sentences: maintenance, what is not measured, and that all else works. */
  readonly rest: readonly Words[]
}

const troubles = ['major_outage', 'partial_outage', 'degraded_performance'] as const
type Said = (typeof troubles)[number] | 'under_maintenance' | 'unknown'

type Facts = Pick<Snapshot, 'components' | 'groups' | 'openIncidents'>

export function verdictOf(facts: Facts, reader: Reader): Verdict {
  const { components } = facts
  if (components.length === 0) return { status: 'unknown', sentence: [reader.say('verdict.nothing')], rest: [] }
  const suffering = (status: Said) => components.filter((component) => component.status === status)
  const trouble = troubles.filter((status) => suffering(status).length > 0)
  const quiet = (['under_maintenance', 'unknown'] as const).filter((status) => suffering(status).length > 0)
  if (trouble.length === 0 && suffering('unknown').length === components.length) {
    return { status: 'unknown', sentence: [reader.say('verdict.unmeasured')], rest: [] }
  }

  const headline = trouble.length > 0 ? trouble : quiet.slice(0, 1)
  const added = (trouble.length > 0 ? quiet : quiet.slice(1)).map((status) => sentenceOf([status], facts, reader))
  const works = components.some((component) => component.status === 'operational')
  if (headline[0] === undefined) return calm(facts, reader)
  return {
    status: headline[0],
    sentence: sentenceOf(headline, facts, reader),
    rest: works ? [...added, [reader.say('verdict.rest')]] : added,
  }
}

function calm({ openIncidents }: Facts, reader: Reader): Verdict {
  const sentence =
    openIncidents.length === 0
      ? reader.say('verdict.all')
      : openIncidents.every((incident) => incident.stage === 'monitoring')
        ? reader.say('verdict.watching')
        : reader.say('verdict.incidentOpen', { count: openIncidents.length })
  return { status: 'operational', sentence: [sentence], rest: [] }
}

function sentenceOf(statuses: readonly Said[], facts: Facts, reader: Reader): Words {
  const [first, second, third] = statuses.map((status, index) =>
    clauseOf(status, index === 0 ? 'first' : 'later', facts, reader),
  )
  if (!first) return []
  if (!second) return reader.phrase('verdict.one', { first })
  if (!third) return reader.phrase('verdict.two', { first, second })
  return reader.phrase('verdict.three', { first, second, third })
}

/** Where a clause begins its sentence it has a capital letter, in languages that have them. */
type Place = 'first' | 'later'

function clauseOf(status: Said, place: Place, facts: Facts, reader: Reader): Words {
  const affected = facts.components.filter((component) => component.status === status)
  const { subject, number, form } = subjectOf(affected, place, facts, reader)
  return reader.phrase(`verdict.${status}`, { subject, number, form })
}

interface Subject {
  readonly subject: Words
  /** What the verb agrees with. */
  readonly number: 'one' | 'other'
  readonly form: 'all' | 'group' | 'names' | 'count'
}

/** More names than this are not read: groups or counts stand for them. Never "some systems". */
const mostNames = 3

function subjectOf(affected: readonly PublicComponent[], place: Place, facts: Facts, reader: Reader): Subject {
  const { components, groups } = facts
  if (affected.length === components.length && affected.length > 1) {
    return { subject: reader.phrase('verdict.everything', { place }), number: 'one', form: 'all' }
  }
  if (affected.length <= mostNames) return named(affected, facts, reader)
  const members = (group: Group, among: readonly PublicComponent[]) => among.filter((one) => one.groupId === group.id)
  const touched = groups.filter((group) => members(group, affected).length > 0)
  const whole = touched.every((group) => members(group, affected).length === members(group, components).length)
  const grouped = touched.reduce((sum, group) => sum + members(group, affected).length, 0) === affected.length
  if (grouped && whole && touched.length <= mostNames) {
    const list = reader.list(touched.map((group) => [reader.name(group, 'name')]))
    const number = numberOfGroups(touched.length, reader.locale)
    return { subject: reader.phrase('verdict.everythingIn', { place, number, groups: list }), number, form: 'group' }
  }
  const [only] = touched
  const count = affected.length
  if (grouped && only && touched.length === 1) {
    const total = members(only, components).length
    return {
      subject: reader.phrase('verdict.countIn', { count, total, groups: [reader.name(only, 'name')] }),
      number: 'other',
      form: 'count',
    }
  }
  return {
    subject: reader.phrase('verdict.count', { count, total: components.length }),
    number: 'other',
    form: 'count',
  }
}

function named(affected: readonly PublicComponent[], facts: Facts, reader: Reader): Subject {
  const names = affected.map((component) => nameIn(component, facts, reader))
  const [first] = affected
  const single = affected.length === 1 && first
  const plural = single ? isPlural(reader.name(first, 'name'), reader.locale) : true
  return { subject: reader.list(names), number: plural ? 'other' : 'one', form: 'names' }
}

/** With its group where another component has the same name, as copies of a service in several places have. */
function nameIn(component: PublicComponent, { components, groups }: Facts, reader: Reader): Words {
  const name = reader.name(component, 'name')
  const group = groups.find(({ id }) => id === component.groupId)
  const ambiguous = components.some((other) => other.id !== component.id && other.name === component.name)
  return ambiguous && group
    ? reader.phrase('verdict.member', { name: [name], group: [reader.name(group, 'name')] })
    : [name]
}
