import type { Db } from '../../../database/database.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import { failingComponents, measuredNow } from './component-findings.ts'
import { downForGoodSeconds } from './deciding.ts'
import { ancestorsOf, readParents } from './parents.ts'
import type { Settled } from '../probe.ts'
import { isCredible } from '../verdicts/proven.ts'
import { isWorthTelling } from './worth-telling.ts'

export interface Named {
  readonly id: string
  readonly name: string
}

/**
 * Failures that nothing was said about yet, where something is to be said and nothing explains the silence: no
 * maintenance, no mute, no parent that fails, no rule that asks for more probes.
 */
export async function notActedUpon(db: Db, now: Instant): Promise<Named[]> {
  const rows = await db
    .selectFrom('probe_verdicts')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .innerJoin('components', 'components.id', 'probes.component_id')
    .leftJoin('probe_mutes', 'probe_mutes.probe_id', 'probes.id')
    .select(['probes.id', 'probes.name', 'probes.depends_on', 'probes.under_parent', 'probes.component_id'])
    .select(['probes.interval_seconds', 'probe_verdicts.state', 'probe_verdicts.since'])
    .select(['components.measured_rule', 'probe_mutes.muted_at', 'probe_mutes.until_at'])
    .where('probes.removed_at', 'is', null)
    .where('probes.paused_at', 'is', null)
    .where('probes.policy', '!=', 'off')
    .where('probe_verdicts.state', 'in', ['down', 'slow', 'intermittent'])
    .where('probe_verdicts.acted_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('impacts')
            .select('impacts.id')
            .whereRef('impacts.component_id', '=', 'probes.component_id')
            .where('impacts.ended_at', 'is', null)
            .where('impacts.maintenance_id', 'is not', null),
        ),
      ),
    )
    .orderBy('probes.id')
    .limit(20_000)
    .execute()
  const audible = rows.filter(
    ({ muted_at: muted, until_at: until }) => muted === null || (until !== null && until <= now),
  )
  const found: Named[] = []
  const parents = audible.some((row) => row.depends_on !== '[]') ? await readParents(db) : new Map<string, string[]>()
  const failing = parents.size > 0 ? await failingProbes(db) : new Map<string, string | null>()
  const explains = new Map<string, boolean>()
  for (const row of audible) {
    const verdict = { state: row.state as Settled, since: row.since }
    if (!isWorthTelling(verdict, now, { intervalSeconds: row.interval_seconds })) continue
    const above = row.under_parent === 'hold' ? ancestorsOf(parents, row.id).filter((id) => failing.has(id)) : []
    for (const id of above) {
      if (!explains.has(id)) explains.set(id, await isCredible(db, id, failing.get(id) ?? null))
    }
    if (above.some((id) => explains.get(id))) continue
    if (row.measured_rule !== 'any' && (await measuredNow(db, row.component_id, 'everywhere')) === 'operational')
      continue
    found.push({ id: row.id, name: row.name })
  }
  return found
}

/** What is down, and the incident that it went into. */
async function failingProbes(db: Db): Promise<Map<string, string | null>> {
  const rows = await db
    .selectFrom('probe_verdicts')
    .select(['probe_id', 'incident_id'])
    .where('state', '=', 'down')
    .orderBy('probe_id')
    .limit(20_000)
    .execute()
  return new Map(rows.map((row) => [row.probe_id, row.incident_id]))
}

/**
 * Probes that are well while the incident that their failures went into does not know it yet: it was handed back since,
 * or what was asked changed meanwhile. Also probes that fail, where by another rule that is not enough any more. No
 * incident stays open by mistake.
 */
export async function wellUnnoticed(db: Db): Promise<Named[]> {
  const rows = await db
    .selectFrom('incidents')
    .innerJoin('probe_verdicts', 'probe_verdicts.incident_id', 'incidents.id')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .innerJoin('components', 'components.id', 'probes.component_id')
    .select(['probes.id', 'probes.name', 'incidents.id as incident_id'])
    .where('incidents.over_at', 'is', null)
    .where('incidents.dismissed_at', 'is', null)
    .where('incidents.held_by', '=', 'engine')
    .where('incidents.recovered_at', 'is', null)
    .where((eb) => eb.or([eb('probe_verdicts.state', '=', 'up'), eb('components.measured_rule', '!=', 'any')]))
    .where('probes.removed_at', 'is', null)
    .where('probes.paused_at', 'is', null)
    .orderBy('probes.id')
    .limit(1000)
    .execute()
  const byIncident = new Map(rows.map((row) => [row.incident_id, row]))
  const found: Named[] = []
  for (const [incident, { id, name }] of byIncident) {
    if ((await failingComponents(db, incident)).size === 0) found.push({ id, name })
  }
  return found
}

/** Probes that are down for so long that what is said to come and go has stopped coming. */
export function downForLong(db: Db, now: Instant): Promise<Named[]> {
  return db
    .selectFrom('incidents')
    .innerJoin('probe_verdicts', 'probe_verdicts.incident_id', 'incidents.id')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .select(['probes.id', 'probes.name'])
    .where('incidents.intermittent_at', 'is not', null)
    .where('incidents.over_at', 'is', null)
    .where('incidents.dismissed_at', 'is', null)
    .where('incidents.held_by', '=', 'engine')
    .where('probe_verdicts.state', '=', 'down')
    .where('probe_verdicts.since', '<=', later(now, -downForGoodSeconds))
    .where('probes.removed_at', 'is', null)
    .where('probes.paused_at', 'is', null)
    .orderBy('probes.id')
    .limit(1000)
    .execute()
}
