import type { Tx } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import { readSite } from '../../site/queries.ts'
import type { Translations } from '../../site/site.ts'
import type { Probe } from '../probe.ts'
import type { Facts } from './words.ts'

type Speaker = Pick<Probe, 'kind' | 'name'>

/** What the engine's words need to know. `probe`: the one whose checks they are about, where it is one. */
export async function factsOf(
  tx: Tx,
  componentIds: readonly string[],
  since: Instant,
  probe: Speaker | null = null,
): Promise<Facts> {
  const rows = await tx
    .selectFrom('components')
    .select(['name', 'translations'])
    .where('id', 'in', componentIds)
    .orderBy('position')
    .orderBy('id')
    .execute()
  const components = rows.map(({ name, translations }) => ({
    name,
    translations: JSON.parse(translations) as Translations<'name' | 'description'>,
  }))
  // Of several components more than a supplier may be at fault.
  const supplier = probe?.kind === 'upstream' && componentIds.length === 1 ? probe.name : null
  return { site: await readSite(tx), components, supplier, since }
}

/** The probe that an incident began with. */
export async function probeBehind(tx: Tx, incidentId: string): Promise<Speaker | null> {
  const row = await tx
    .selectFrom('incidents')
    .innerJoin('probes', 'probes.id', 'incidents.probe_id')
    .select(['probes.kind', 'probes.name'])
    .where('incidents.id', '=', incidentId)
    .executeTakeFirst()
  return row ? { kind: row.kind as Speaker['kind'], name: row.name } : null
}
