import { type ComponentStatus, worse } from '../../domain/components/component.ts'
import type { Told, ToldComponent } from '../../domain/deliveries/told.ts'
import { impliedBy } from '../../domain/incidents/incident.ts'
import { inLocale } from '../../domain/site/site.ts'
import type { Scope } from '../../domain/subscribers/subscriber.ts'
import type { Writing } from './compose-about.ts'
import { line } from './compose-line.ts'
import type { Letter } from './letter.ts'

/** What is affected of what a recipient follows. */
export interface Affected {
  readonly shown: Letter['affected']
  readonly title: string
  /** Of all that they follow by itself or in a group. */
  readonly names: readonly string[]
}

/** More rows than that are read on the page. */
const mostRows = 20

export function affectedIn(told: readonly Told[], writing: Writing): Affected {
  const newest = told.at(-1)
  if (!newest || newest.kind === 'review' || newest.subject.noun === 'notice') return withNames([], told, writing)
  const { scope } = writing.recipient
  const affected = stated(newest, ofTheirs(told, scope), writing)
  const rows = [...affected, ...letGo(told, writing)]
  const shown = rows.length > mostRows ? worstFirst(rows).slice(0, mostRows) : rows
  const moment = affected.length > 0 ? newest.moment : 'ends'
  return {
    ...withNames(shown, told, writing),
    title: titleOf({ ...newest, moment }, { shown: shown.length, count: rows.length }, writing),
  }
}

/** What planned work was to affect, and does not any more: whoever follows only this is told for this alone. */
function letGo(told: readonly Told[], writing: Writing): Row[] {
  return formerOfTheirs(told, writing.recipient.scope).map((one) => ({
    name: nameIn(one, writing),
    status: 'operational',
    says: writing.reader.say('mail.affected.former'),
  }))
}

function formerOfTheirs(told: readonly Told[], scope: Scope | null): ToldComponent[] {
  const stays = new Set(told.at(-1)?.components.map(({ id }) => id))
  const former = told.map((one) => ({ ...one, components: (one.former ?? []).filter(({ id }) => !stays.has(id)) }))
  return ofTheirs(former, scope)
}

function withNames(
  shown: Letter['affected'],
  told: readonly Told[],
  { recipient: { scope }, ...writing }: Writing,
): Affected {
  const own = scope && { ...scope, incidents: [] }
  const theirs = [...ofTheirs(told, own), ...formerOfTheirs(told, own)]
  return { shown, title: '', names: theirs.map((one) => nameIn(one, writing)) }
}

/** As each stood last; of an incident that somebody follows as such, all of it. */
function ofTheirs(told: readonly Told[], scope: Scope | null): ToldComponent[] {
  const latest = new Map<string, ToldComponent>()
  for (const { components } of told) for (const one of components) latest.set(one.id, one)
  const subject = told.at(-1)?.subject.id ?? ''
  if (scope === null || scope.everything === 'yes' || scope.incidents.includes(subject)) return [...latest.values()]
  const { components, groups } = scope
  return [...latest.values()].filter(
    ({ id, groupId }) => components.includes(id) || (groupId !== null && groups.includes(groupId)),
  )
}

type Row = Letter['affected'][number]

/** Planned work does nothing to anything before it begins; work that was called off never will. */
function stated({ subject: { noun, stage } }: Told, theirs: readonly ToldComponent[], writing: Writing): Row[] {
  const { say } = writing.reader
  if (noun === 'maintenance' && stage === 'cancelled') return []
  const isAhead = noun === 'maintenance' && stage === 'scheduled'
  return theirs.map((one) => ({
    name: nameIn(one, writing),
    status: isAhead ? 'under_maintenance' : one.to,
    says: isAhead ? '' : say(`status.${one.to}`),
  }))
}

function nameIn(component: ToldComponent, { reader: { locale }, site }: Pick<Writing, 'reader' | 'site'>): string {
  return line(inLocale(component, 'name', locale, site.locale).text)
}

function titleOf(
  { subject: { noun, stage }, moment }: Told,
  rows: { readonly shown: number; readonly count: number },
  { reader: { say }, recipient: { scope } }: Writing,
): string {
  if (rows.count === 0) return ''
  const isAll = scope === null || scope.everything === 'yes'
  const title =
    moment === 'ends'
      ? say('mail.affected.now')
      : noun === 'maintenance' && stage === 'scheduled'
        ? say('mail.affected.will')
        : say(isAll ? 'incident.affected' : 'mail.affected.yours')
  return rows.count > rows.shown ? say('mail.affected.most', { title, ...rows }) : title
}

function worstFirst(rows: readonly Row[]): Row[] {
  const isBefore = (a: Row, b: Row): number =>
    a.status === b.status ? 0 : worse(a.status, b.status) === a.status ? -1 : 1
  return rows.toSorted(isBefore)
}

/** By what of theirs is worst; by the severity where nothing was named. */
export function toneOf({ kind, moment, subject }: Told, { shown }: Affected): ComponentStatus | null {
  if (kind === 'review' || kind === 'notice') return null
  if (subject.noun === 'maintenance') return toneOfWork(subject.stage)
  if (moment === 'ends') return 'operational'
  const [first, ...rest] = shown.map(({ status }) => status)
  if (first !== undefined) return rest.reduce(worse, first)
  return subject.severity === 'none' ? null : impliedBy(subject.severity)
}

function toneOfWork(stage: string): ComponentStatus | null {
  if (stage === 'cancelled') return null
  return stage === 'completed' ? 'operational' : 'under_maintenance'
}
