import type { Db } from '../../../database/database.ts'

/** How much the probes that there are measure. */
export interface Load {
  readonly probes: number
  readonly checksPerDay: number
  /** Probes times the places that each is checked from. */
  readonly series: number
}

export async function measuringLoad(db: Db): Promise<Load> {
  const standing = await db
    .selectFrom('places')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  const rows = await db
    .selectFrom('probes')
    .select(['interval_seconds', 'places'])
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .execute()
  const placesOf = (places: string | null): number =>
    places === null ? Number(standing?.count ?? 1) : (JSON.parse(places) as number[]).length
  return {
    probes: rows.length,
    checksPerDay: rows.reduce((sum, row) => sum + (placesOf(row.places) * 86_400) / row.interval_seconds, 0),
    series: rows.reduce((sum, row) => sum + placesOf(row.places), 0),
  }
}
