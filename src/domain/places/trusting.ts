import type { Db } from '../../database/database.ts'
import { mustOwn } from '../accounts/ranks.ts'
import type { Change } from '../changes/change.ts'
import { Conflict } from '../../lib/errors.ts'
import { here } from './place.ts'
import { readPlace } from './queries.ts'

/**
 * A place learns the secrets of what it checks, and whoever adds one holds its token: so a place is told none until an
 * owner says so, or else whoever may add places could read what nobody may read at the desk (062).
 */
export async function trustPlace(change: Change, number: number): Promise<void> {
  await mustOwn(change, 'Only an owner can trust a place with secrets.')
  const place = await readPlace(change.tx, number)
  if (place.trustedAt !== null) throw new Conflict(`“${place.name}” is trusted already.`)
  await change.tx.updateTable('places').set({ trusted_at: change.now }).where('number', '=', number).execute()
  await change.record({ type: 'place.trusted', subject: String(number), data: { name: place.name } })
}

/** What it has learnt it knows: this only keeps it from learning more. */
export async function distrustPlace(change: Change, number: number): Promise<void> {
  if (number === here) throw new Conflict('This machine keeps the secrets: it cannot be kept from them.')
  const place = await readPlace(change.tx, number)
  if (place.trustedAt === null) return
  await change.tx.updateTable('places').set({ trusted_at: null }).where('number', '=', number).execute()
  await change.record({ type: 'place.distrusted', subject: String(number), data: { name: place.name } })
}

/** The ids of probes that this place is not told of, because it would learn their secrets. */
export async function keptFrom(db: Db, number: number): Promise<ReadonlySet<string>> {
  const place = await db.selectFrom('places').select('trusted_at').where('number', '=', number).executeTakeFirst()
  if (place?.trusted_at) return new Set()
  const rows = await db.selectFrom('probe_secrets').select('probe_id').distinct().orderBy('probe_id').execute()
  return new Set(rows.map(({ probe_id: id }) => id))
}
