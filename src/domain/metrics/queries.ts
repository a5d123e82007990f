import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { MetricRow } from '../../database/tables/metrics.ts'
import { NotFound } from '../../lib/errors.ts'
import type { Metric } from './metric.ts'

/** By name. */
export async function listMetrics(db: Db): Promise<Metric[]> {
  const rows = await db
    .selectFrom('metrics')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.map(toMetric)
}

/** Those that readers see. */
export async function shownMetrics(db: Db): Promise<Metric[]> {
  return (await listMetrics(db)).filter(({ shown }) => shown === 'yes')
}

export async function readMetric(db: Db, id: string): Promise<Metric> {
  const metric = await metricIfThere(db, id)
  if (!metric) throw new NotFound('There is no such metric.')
  return metric
}

export async function metricIfThere(db: Db, id: string): Promise<Metric | null> {
  // Not every text is one that a database can be asked for.
  if (!/^[\w-]{1,64}$/.test(id)) return null
  const row = await db
    .selectFrom('metrics')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? toMetric(row) : null
}

function toMetric(row: Selectable<MetricRow>): Metric {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    translations: JSON.parse(row.translations) as Metric['translations'],
    suffix: row.suffix,
    decimals: row.decimals,
    componentId: row.component_id,
    shown: row.shown,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
