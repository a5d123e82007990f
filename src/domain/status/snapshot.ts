import { type Db, type Tx, readTogether } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { addDays, dayOf, startOfDay } from '../../lib/days.ts'
import { latestEvent } from '../changes/log.ts'
import type { Component } from '../components/component.ts'
import { listComponents, listGroups } from '../components/queries.ts'
import { incidentsTouching, openIncidents, recentIncidents } from '../incidents/queries.ts'
import { openMaintenances, recentMaintenances } from '../maintenances/queries.ts'
import { shownMetrics } from '../metrics/queries.ts'
import { currentNotices, noticeMoments, recentNotices } from '../notices/queries.ts'
import { disagreements } from '../probes/engine/disagreements.ts'
import { measuredByComponent } from '../probes/queries.ts'
import { recordLine } from '../record/line.ts'
import { shownReports } from '../reports/queries.ts'
import { readSite } from '../site/queries.ts'
import { telegramBot } from '../subscribers/bots.ts'
import { barsOf, calendarOf } from './bars.ts'
import { currentStatus } from './current.ts'
import { countedSince, uptimeOf } from './days.ts'
import { asOfNow, hourOf, minuteOf, nextMoment } from './moments.ts'
import type { Bars, BarsByComponent, ListedComponent, PublicComponent, Snapshot } from './snapshot-types.ts'
import { publicSpans, readStrips } from './strips.ts'

/**
 * Reads all that may be read in public, in one view of the database. O(components + what is open): strips stand for
 * history, and lists of incidents end at 50 and 100.
 */
export async function readSnapshot(db: Db, clock: Clock): Promise<Snapshot> {
  return readTogether(db, async (tx) => {
    const now = clock.now()
    const last = await latestEvent(tx)
    const site = await readSite(tx)
    const incidents = await openIncidents(tx)
    const maintenances = await openMaintenances(tx)
    const components = await publicComponents(tx)
    // Where the database is in this process all that follows would be one turn of the loop that answers readers.
    await breath()
    const standing = await disagreements(tx, components)
    const moments = [
      ...standing.map(({ shownFrom }) => shownFrom),
      ...incidents.flatMap(({ nextUpdateBy }) => nextUpdateBy ?? []),
      ...maintenances.flatMap(({ plannedFrom, plannedUntil }) => [plannedFrom, plannedUntil]),
      ...(await noticeMoments(tx, now)),
    ]
    const asOf = asOfNow(now, last?.at ?? null, moments)
    const today = dayOf(asOf, site.zone)
    // Most incidents are in several of the lists: each is put together once.
    const recent = await recentIncidents(tx, 50, incidents)
    const twoWeeksAgo = startOfDay(addDays(today, -14), site.zone)
    const past = await incidentsTouching(tx, twoWeeksAgo, asOf, 100, [...incidents, ...recent])
    await breath()
    const bars = await readBars(tx, components, { zone: site.zone, today, asOf })
    await breath()
    return {
      version: last?.seq ?? 0,
      asOf,
      minute: minuteOf(asOf),
      hour: hourOf(asOf),
      nextMoment: nextMoment(asOf, moments),
      today,
      site,
      groups: await listGroups(tx),
      components,
      listed: components.map(listedOf),
      bars,
      measured: await measuredByComponent(tx, site.measuring),
      disagreements: standing.filter(({ shownFrom }) => shownFrom <= asOf),
      openIncidents: incidents,
      recentIncidents: recent,
      pastDays: past,
      openMaintenances: maintenances,
      recentMaintenances: await recentMaintenances(tx, 50),
      notices: await currentNotices(tx, asOf),
      recentNotices: await recentNotices(tx, asOf, 50),
      metrics: await shownMetrics(tx),
      record: await recordLine(tx, today, site.zone),
      reports: await shownReports(tx, site, incidents),
      telegramBot: await telegramBot(tx),
    }
  })
}

export function listedOf(component: ListedComponent): ListedComponent {
  const { id, slug, groupId, name, translations, createdAt, startDate } = component
  return { id, slug, groupId, name, translations, createdAt, startDate }
}

/** As readers see them, by position. */
export async function publicComponents(tx: Db): Promise<PublicComponent[]> {
  const components = await listComponents(tx)
  const open = await openImpacts(tx)
  return components.map((component) => {
    const { status, since } = currentStatus(open.get(component.id) ?? [])
    return { ...component, status, statusSince: since }
  })
}

/** Worked out when they are asked for: where there are thousands of components, no page shows the bars of all. */
async function readBars(
  tx: Tx,
  components: readonly PublicComponent[],
  { zone, today, asOf }: { zone: string; today: string; asOf: Instant },
): Promise<BarsByComponent> {
  const calendar = calendarOf(today, zone, asOf)
  const first = calendar.starts[0] ?? asOf
  const strips = await readStrips(tx)
  // Days that an open impact goes on through are counted afresh, with whatever else ended in them; and so is a first
  // day, of which only a part counts.
  // Thousands of components begin on the same few days.
  const beginnings = new Map<string, Instant>()
  const beginningOf = (component: Component): Instant => {
    const key = component.startDate ?? component.createdAt
    const known = beginnings.get(key) ?? countedSince(component, zone)
    beginnings.set(key, known)
    return known
  }
  const live = components.filter((one) => isAiling(one) || (strips.has(one.id) && beginningOf(one) > first))
  const spans = await publicSpans(
    tx,
    live.map(({ id }) => id),
    first,
  )
  const calm = new Map<Instant, Bars>()
  /** Nothing ever happened to it: one object for all that began at the same time. */
  const calmSince = (began: Instant): Bars => {
    const since = began > first ? began : first
    const bars = calm.get(since) ?? withUptime(barsOf(calendar, undefined, [], since))
    calm.set(since, bars)
    return bars
  }
  const byId = new Map<string, Component>(components.map((component) => [component.id, component]))
  const known = new Map<string, Bars>()
  return {
    get(id) {
      const component = byId.get(id)
      if (!component) return undefined
      const began = beginningOf(component)
      if (!strips.has(id) && !spans.has(id)) return calmSince(began)
      const before = known.get(id)
      if (before) return before
      const bars = withUptime(barsOf(calendar, strips.get(id), spans.get(id) ?? [], began))
      known.set(id, bars)
      return bars
    },
  }
}

function withUptime(days: Bars['days']): Bars {
  return { days, uptime: uptimeOf(days) }
}

function isAiling({ status }: PublicComponent): boolean {
  return status !== 'operational'
}

type OpenImpact = Parameters<typeof currentStatus>[0][number]

async function openImpacts(tx: Db): Promise<Map<string, OpenImpact[]>> {
  const rows = await tx
    .selectFrom('impacts')
    .select(['component_id', 'status', 'began_at'])
    .where('ended_at', 'is', null)
    .where('said_at', 'is not', null)
    .execute()
  const byComponent = new Map<string, OpenImpact[]>()
  for (const row of rows) {
    const impact: OpenImpact = { status: row.status as OpenImpact['status'], beganAt: row.began_at }
    const list = byComponent.get(row.component_id)
    if (list) list.push(impact)
    else byComponent.set(row.component_id, [impact])
  }
  return byComponent
}
