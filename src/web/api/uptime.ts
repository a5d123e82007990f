import type { Db } from '../../database/database.ts'
import type { Component } from '../../domain/components/component.ts'
import { impactsOfComponent, listComponents, readComponent, readGroup } from '../../domain/components/queries.ts'
import type { Site } from '../../domain/site/site.ts'
import { countedSince, flooredPercent, quiet, since, tallyBetween, uptimeOf } from '../../domain/status/days.ts'
import { type Instant, later, parseInstant, secondsBetween } from '../../lib/clock.ts'
import { addDays, isDay, startOfDay } from '../../lib/days.ts'
import { Invalid, NotFound } from '../../lib/errors.ts'
import { type Schema, described, fields, flag, optional } from '../../lib/fields.ts'
import { type ApiParts, type Call, reads } from './call.ts'
import { type UptimeAnswer, componentUptime } from './documents.ts'
import { readers } from './scopes.ts'
import { toTheSecond } from './shapes.ts'

const longestDays = 184
const usualDays = 90
const daySeconds = 86_400

const when: Schema<string> = {
  type: 'string',
  maxLength: 40,
  fault: (value) => (value.length > 40 ? 'is too long' : null),
}
const query = fields({
  start: described(optional(when), 'A day, or a time with its offset; usually 90 days ago.'),
  end: described(optional(when), 'The same; usually now. A day is meant to its end.'),
  skip_related_events: optional(flag),
})

interface Asked {
  readonly start?: string | null
  readonly end?: string | null
  readonly skip_related_events?: boolean | null
}

export const uptimeCalls: readonly Call[] = [
  reads({
    noun: 'Components',
    path: '/pages/:page/components/:id/uptime',
    scopes: readers,
    summary: 'How long a component worked',
    detail: 'Reckoned as on the page: maintenance and what was not measured count on neither side.',
    query,
    answer: componentUptime,
    read: async (parts, { site, params, query: asked }) => {
      const component = await readComponent(parts.db, params.id)
      if (!component) throw new NotFound('There is no such component.')
      return uptime(parts, site, { ...component, components: [component], asked })
    },
  }),
  reads({
    noun: 'Component groups',
    path: '/pages/:page/component-groups/:id/uptime',
    scopes: readers,
    summary: 'How long the components of a group worked, on average',
    query,
    answer: componentUptime,
    read: async (parts, { site, params, query: asked }) => {
      const group = await readGroup(parts.db, params.id)
      if (!group) throw new NotFound('There is no such group.')
      const components = (await listComponents(parts.db)).filter(({ groupId }) => groupId === group.id)
      return uptime(parts, site, { ...group, components, asked })
    },
  }),
]

async function uptime(
  { db, clock }: ApiParts,
  site: Site,
  of: { readonly id: string; readonly name: string; readonly components: readonly Component[]; readonly asked: Asked },
): Promise<UptimeAnswer> {
  const now = clock.now()
  const warnings: string[] = []
  const wishedEnd = instantIn(of.asked.end, { field: 'end', zone: site.zone, edge: 'end' }) ?? now
  const end = wishedEnd > now ? now : wishedEnd
  if (of.asked.end && wishedEnd > later(now, daySeconds))
    warnings.push('The end lies in the future: it was set to now.')
  const wishedStart = instantIn(of.asked.start, { field: 'start', zone: site.zone, edge: 'beginning' })
  const began = of.components.map((one) => countedSince(one, site.zone)).toSorted()[0] ?? end
  const asked = wishedStart ?? later(end, -usualDays * daySeconds)
  const start = asked < began ? (began < end ? began : end) : asked
  if (wishedStart && asked < began) warnings.push('It did not exist at the start: that was set to when it began.')
  if (wishedStart && wishedStart > end) throw new Invalid('must come before the end', 'start')
  if (secondsBetween(start, end) > longestDays * daySeconds)
    throw new Invalid('must lie at most six months before the end', 'start')

  const each = await Promise.all(of.components.map((one) => tallied(db, one, { start, end, zone: site.zone })))
  const shares = each.flatMap(({ share }) => share ?? [])
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, one) => sum + one, 0) / (numbers.length || 1)
  const related = [...new Set(each.flatMap(({ incidents }) => incidents))]
  return {
    range_start: toTheSecond(start),
    range_end: toTheSecond(end),
    uptime_percentage: shares.length === 0 ? null : flooredPercent(mean(shares)),
    major_outage: Math.round(mean(each.map(({ tally }) => tally.major))),
    partial_outage: Math.round(mean(each.map(({ tally }) => tally.partial))),
    warnings,
    id: of.id,
    name: of.name,
    ...(of.asked.skip_related_events ? {} : { related_events: related.map((id) => ({ id })) }),
  }
}

interface Range {
  readonly start: Instant
  readonly end: Instant
  readonly zone: string
}

async function tallied(db: Db, component: Component, { start, end, zone }: Range) {
  const began = countedSince(component, zone)
  const from = began > start ? began : start
  if (from >= end) return { tally: quiet, share: null, incidents: [] }
  const impacts = since(await impactsOfComponent(db, component.id, from, end), from)
  const tally = tallyBetween(impacts, from, end)
  return {
    tally,
    share: uptimeOf([{ seconds: secondsBetween(from, end), ...tally }]),
    incidents: impacts.flatMap(({ incidentId }) => incidentId ?? []),
  }
}

/** A day of the site's zone, at its beginning or at its end; or a time with its offset. */
function instantIn(
  given: string | null | undefined,
  { field, zone, edge }: { field: string; zone: string; edge: 'beginning' | 'end' },
): Instant | null {
  if (!given) return null
  const isInReach = given >= '2000' && given < '2100'
  if (isInReach && isDay(given)) return startOfDay(edge === 'end' ? addDays(given, 1) : given, zone)
  const read = isInReach ? parseInstant(given) : null
  if (read === null)
    throw new Invalid('must be a day such as 2026-11-21, or a time such as 2026-11-21T19:05:00Z', field)
  return read
}
