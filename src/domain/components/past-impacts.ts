import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Impact } from './component.ts'
import { toImpact } from './rows.ts'

/** What a component suffered from at some time between two instants, as far as it is public, in order. */
export async function publicImpactsBetween(
  db: Db,
  componentId: string,
  from: Instant,
  until: Instant,
): Promise<Impact[]> {
  const impacts = db
    .selectFrom('impacts')
    .selectAll()
    .where('component_id', '=', componentId)
    .where('said_at', 'is not', null)
    .where('began_at', '<', until)
    .orderBy('began_at')
    .orderBy('id')
    .limit(1000)
  // Two reads, each along its own index, instead of one with `or`.
  const ended = await impacts.where('ended_at', '>', from).execute()
  const open = await impacts.where('ended_at', 'is', null).execute()
  return [...ended, ...open].map(toImpact)
}
