import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { PlaceRow } from '../../database/tables/places.ts'
import { type Instant, millisecondsOf } from '../../lib/clock.ts'
import { NotFound } from '../../lib/errors.ts'
import type { Vault } from '../../lib/vault.ts'
import { type Place, here } from './place.ts'

/** All places that were not revoked: this machine first, then in the order in which they were added. */
export async function listPlaces(db: Db): Promise<Place[]> {
  const rows = await db
    .selectFrom('places')
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('number')
    .limit(500)
    .execute()
  return rows.map(toPlace)
}

export async function readPlace(db: Db, number: number): Promise<Place> {
  const row = await db
    .selectFrom('places')
    .selectAll()
    .where('number', '=', number)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new NotFound('There is no such place.')
  return toPlace(row)
}

export async function isRevoked(db: Db, number: number): Promise<boolean> {
  const row = await db.selectFrom('places').select('revoked_at').where('number', '=', number).executeTakeFirst()
  return row === undefined || row.revoked_at !== null
}

/** A place as its own messages see it: what they are signed with, and how far they have come. */
export interface Correspondent extends Place {
  readonly key: string
  readonly session: number
  readonly lastBatch: number
}

/** The place that may speak under this number; null: there is none, it was revoked, or it is this machine. */
export async function correspondent(db: Db, vault: Vault, number: number): Promise<Correspondent | null> {
  const row = await db
    .selectFrom('places')
    .selectAll()
    .where('number', '=', number)
    .where('number', '!=', here)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (!row || row.sealed_key === null) return null
  const key = vault.open(row.sealed_key, purposeOf(number))
  return { ...toPlace(row), key, session: row.session, lastBatch: row.last_batch }
}

/** How many checks each place made in the last minute. */
export async function checksPerMinute(db: Db, now: Instant): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('checks')
    .select((eb) => ['place', eb.fn.countAll<number>().as('count')])
    .where('t', '>', Math.floor(millisecondsOf(now) / 1000) - 60)
    .groupBy('place')
    .orderBy('place')
    .execute()
  return new Map(rows.map(({ place, count }) => [place, Number(count)]))
}

/** Of each probe that some places find down and more do not: `down` of `of`, by its id. */
export async function minorities(db: Db): Promise<Map<string, { readonly down: number; readonly of: number }>> {
  const rows = await db
    .selectFrom('probe_states')
    .innerJoin('probe_verdicts', 'probe_verdicts.probe_id', 'probe_states.probe_id')
    .select((eb) => [
      'probe_states.probe_id',
      eb.fn.countAll<number>().as('of'),
      eb.fn.sum<number>(eb.case().when('probe_states.state', '=', 'down').then(1).else(0).end()).as('down'),
    ])
    .where('probe_states.state', '!=', 'unknown')
    .where('probe_verdicts.state', '!=', 'down')
    .groupBy('probe_states.probe_id')
    .having((eb) => eb.fn.sum(eb.case().when('probe_states.state', '=', 'down').then(1).else(0).end()), '>', 0)
    .orderBy('probe_states.probe_id')
    .limit(20_000)
    .execute()
  return new Map(rows.map((row) => [row.probe_id, { down: Number(row.down), of: Number(row.of) }]))
}

export function purposeOf(number: number): string {
  return `place ${number}`
}

function toPlace(row: Selectable<PlaceRow>): Place {
  return {
    number: row.number,
    name: row.name,
    createdAt: row.created_at,
    trustedAt: row.trusted_at,
    heardAt: row.heard_at,
    clockMs: row.clock_ms,
    version: row.version,
  }
}
