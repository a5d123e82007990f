import { type Db, type Tx, readTogether } from '../../database/database.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { addDays, dayOf, startOfDay } from '../../lib/days.ts'
import { latestVersion } from '../changes/log.ts'
import { listComponents, listGroups } from '../components/queries.ts'
import { incidentsTouching, openIncidents, recentIncidents } from '../incidents/queries.ts'
import { openMaintenances, recentMaintenances } from '../maintenances/queries.ts'
import { currentNotices } from '../notices/queries.ts'
import { measuredByComponent } from '../probes/queries.ts'
import { readSite } from '../site/queries.ts'
import { barsOf, calendarOf } from './bars.ts'
import { currentStatus } from './current.ts'
import { countedSince, uptimeOf } from './days.ts'
import type { PublicComponent, Snapshot } from './snapshot-types.ts'
import { publicSpans, readStrips } from './strips.ts'

/**
 * Reads all that may be read in public, in one view of the database. O(components + what is open): strips stand for
 * history, and lists of incidents end at 50 and 100.
 */
export async function readSnapshot(db: Db, clock: Clock): Promise<Snapshot> {
  return readTogether(db, async (tx) => {
    const now = clock.now()
    const site = await readSite(tx)
    const today = dayOf(now, site.zone)
    return {
      version: await latestVersion(tx),
      asOf: now,
      today,
      site,
      groups: await listGroups(tx),
      components: await publicComponents(tx, site.zone, today, now),
      openIncidents: await openIncidents(tx),
      recentIncidents: await recentIncidents(tx, 50),
      pastDays: await incidentsTouching(tx, startOfDay(addDays(today, -14), site.zone), now, 100),
      openMaintenances: await openMaintenances(tx),
      recentMaintenances: await recentMaintenances(tx, 50),
      notices: await currentNotices(tx, now),
    }
  })
}

async function publicComponents(tx: Tx, zone: string, today: string, now: Instant): Promise<PublicComponent[]> {
  const components = await listComponents(tx)
  const strips = await readStrips(tx)
  const open = await openImpacts(tx)
  const calendar = calendarOf(today, zone, now)
  // Days that an open impact goes on through are counted afresh, with whatever else ended in them; and so is a first
  // day, of which only a part counts.
  const first = calendar.starts[0] ?? now
  const young = components.filter((component) => strips.has(component.id) && countedSince(component, zone) > first)
  const spans = await publicSpans(tx, [...new Set([...open.keys(), ...young.map(({ id }) => id)])], first)
  const measured = await measuredByComponent(tx)
  return components.map((component) => {
    const { status, since } = currentStatus(open.get(component.id) ?? [])
    const began = countedSince(component, zone)
    const days = barsOf(calendar, strips.get(component.id), spans.get(component.id) ?? [], began)
    return {
      ...component,
      status,
      statusSince: since,
      days,
      uptime: uptimeOf(days),
      measured: measured.get(component.id) ?? null,
    }
  })
}

type OpenImpact = Parameters<typeof currentStatus>[0][number]

async function openImpacts(tx: Tx): Promise<Map<string, OpenImpact[]>> {
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
