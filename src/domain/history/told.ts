import type { Db } from '../../database/database.ts'
import type { Incident } from '../incidents/incident.ts'
import { incidentsById } from '../incidents/queries.ts'
import type { Maintenance } from '../maintenances/maintenance.ts'
import { maintenancesById } from '../maintenances/queries.ts'
import type { HistoryKind } from './texts.ts'

/** An incident or a maintenance that readers know of. */
export type Told =
  | { readonly kind: 'incident'; readonly thing: Incident }
  | { readonly kind: 'maintenance'; readonly thing: Maintenance }

interface Part {
  readonly offset: number
  readonly limit: number
}

/** What was ever told, the last that was written down first. For programs, a page at a time: it counts all of them. */
export async function everythingTold(db: Db, { offset, limit }: Part): Promise<Told[]> {
  const rows = await db
    .selectFrom(
      db
        .selectFrom('incidents')
        .select((eb) => ['id', 'created_at', eb.val('incident').as('kind')])
        .where('told_at', 'is not', null)
        .where('dismissed_at', 'is', null)
        .unionAll(
          db
            .selectFrom('maintenances')
            .select((eb) => ['id', 'created_at', eb.val('maintenance').as('kind')])
            .where('announced_at', 'is not', null),
        )
        .as('told'),
    )
    .select(['id', 'kind'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return toldById(
    db,
    rows.map(({ id, kind }) => ({ id, kind: kind as HistoryKind })),
  )
}

/** These, in this order; what is no longer there is left out. */
export async function toldById(
  db: Db,
  wanted: readonly { readonly kind: HistoryKind; readonly id: string }[],
): Promise<Told[]> {
  const idsOf = (kind: HistoryKind): string[] => wanted.flatMap((one) => (one.kind === kind ? [one.id] : []))
  const incidents = new Map((await incidentsById(db, idsOf('incident'))).map((one) => [one.id, one]))
  const maintenances = new Map((await maintenancesById(db, idsOf('maintenance'))).map((one) => [one.id, one]))
  return wanted.flatMap(({ kind, id }): Told[] => {
    if (kind === 'incident') {
      const thing = incidents.get(id)
      return thing ? [{ kind, thing }] : []
    }
    const thing = maintenances.get(id)
    return thing ? [{ kind, thing }] : []
  })
}
