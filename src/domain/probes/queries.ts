import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { ProbeRow } from '../../database/tables/probes.ts'
import { NotFound } from '../../lib/errors.ts'
import type { Measured } from '../status/snapshot-types.ts'
import type { Expectations } from './expectations.ts'
import type { Measuring } from './checks/keeping.ts'
import type { ProbeKindName } from './kinds/index.ts'
import { inPortions } from './checks/portions.ts'
import type { Policy, Probe } from './probe.ts'

/** Every probe that is not removed, by name. */
export async function listProbes(db: Db): Promise<Probe[]> {
  const rows = await db
    .selectFrom('probes')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .limit(20_000)
    .execute()
  return rows.map(toProbe)
}

export async function readProbe(db: Db, id: string): Promise<Probe> {
  const probe = await probeIfThere(db, id)
  if (!probe) throw new NotFound('There is no such probe.')
  return probe
}

/** The probe, unless it was removed. */
export async function probeIfThere(db: Db, id: string): Promise<Probe | null> {
  const row = await db
    .selectFrom('probes')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? toProbe(row) : null
}

/** Those of these probes that are not removed, by id. */
export async function probesOf(db: Db, ids: readonly string[]): Promise<Map<string, Probe>> {
  const found = new Map<string, Probe>()
  await inPortions(ids, async (some) => {
    const rows = await db
      .selectFrom('probes')
      .selectAll()
      .where('id', 'in', some)
      .where('removed_at', 'is', null)
      .execute()
    for (const row of rows) found.set(row.id, toProbe(row))
  })
  return found
}

/** When each component was last measured, and how long it took where readers see that. O(probes). */
export async function measuredByComponent(db: Db, { shown }: Pick<Measuring, 'shown'>): Promise<Map<string, Measured>> {
  const rows = await db
    .selectFrom('probe_states')
    .innerJoin('probes', 'probes.id', 'probe_states.probe_id')
    .select(['probes.component_id', 'probe_states.measured_at', 'probe_states.last_ms'])
    .where('probes.removed_at', 'is', null)
    .where('probes.paused_at', 'is', null)
    .where('probe_states.measured_at', 'is not', null)
    .orderBy('probe_states.measured_at')
    .orderBy('probes.id')
    .orderBy('probe_states.place')
    .execute()
  return new Map(
    rows.flatMap((row) =>
      row.measured_at
        ? [[row.component_id, { at: row.measured_at, ms: shown === 'yes' ? row.last_ms : null }] as const]
        : [],
    ),
  )
}

function toProbe(row: Selectable<ProbeRow>): Probe {
  return {
    id: row.id,
    componentId: row.component_id,
    name: row.name,
    kind: row.kind as ProbeKindName,
    spec: JSON.parse(row.spec) as Probe['spec'],
    expects: JSON.parse(row.expects) as Expectations,
    intervalSeconds: row.interval_seconds,
    timeoutMs: row.timeout_ms,
    failuresNeeded: row.failures_needed,
    failuresOf: row.failures_of,
    successesNeeded: row.successes_needed,
    confirmSeconds: row.confirm_seconds,
    dependsOn: JSON.parse(row.depends_on) as string[],
    underParent: row.under_parent as Probe['underParent'],
    downStatus: row.down_status as Probe['downStatus'],
    policy: row.policy as Policy,
    publishAfterSeconds: row.publish_after_seconds,
    places: row.places === null ? null : (JSON.parse(row.places) as number[]),
    pausedAt: row.paused_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
