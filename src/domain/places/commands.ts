import { check } from '../../lib/check.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import { type Static, type Unchecked, fields, line } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { here } from './place.ts'
import { purposeOf, readPlace } from './queries.ts'

export type NewPlace = Static<typeof newPlace>
const newPlace = fields({ name: line(60) })

/** As many as anybody ever had; each checks everything once more. */
const mostPlaces = 30

/**
 * Adds a place to check from. Answers its token, this once. The token never travels: requests are signed with its secret
 * half, which is kept sealed, because it takes the secret itself to verify them.
 */
export async function addPlace(
  change: Change,
  input: Unchecked<NewPlace>,
): Promise<{ readonly number: number; readonly token: string }> {
  const { name } = check(newPlace, input)
  const rows = await change.tx.selectFrom('places').select(['number', 'name', 'revoked_at']).execute()
  const standing = rows.filter((row) => row.revoked_at === null)
  if (standing.length >= mostPlaces) throw new Conflict(`There are ${mostPlaces} places already: revoke one first.`)
  refuseSameName(standing, name)
  // Never a number that was given before: what is kept of it must not become somebody else's.
  const number = Math.max(here, ...rows.map((row) => row.number)) + 1
  const secret = change.ids.secret()
  await change.tx
    .insertInto('places')
    .values({
      number,
      name,
      sealed_key: change.vault.seal(secret, purposeOf(number)),
      version: null,
      heard_at: null,
      clock_ms: null,
      session: 0,
      last_batch: 0,
      created_at: change.now,
      trusted_at: null,
      revoked_at: null,
    })
    .execute()
  await change.record({ type: 'place.added', subject: String(number), data: { name } })
  return { number, token: `candor_place_${number}_${secret}` }
}

export async function renamePlace(change: Change, number: number, input: Unchecked<NewPlace>): Promise<void> {
  const { name } = check(newPlace, input)
  const place = await readPlace(change.tx, number)
  if (place.name === name) return
  const others = await change.tx
    .selectFrom('places')
    .select('name')
    .where('revoked_at', 'is', null)
    .where('number', '!=', number)
    .execute()
  refuseSameName(others, name)
  await change.tx.updateTable('places').set({ name }).where('number', '=', number).execute()
  await change.record({ type: 'place.renamed', subject: String(number), data: { name: place.name, to: name } })
}

/** From now on nothing is taken from there, and what it knew counts no longer: see `engine.ts`. What it found stays. */
export async function revokePlace(change: Change, number: number): Promise<void> {
  if (number === here) throw new Conflict('This machine cannot be revoked. Choose per probe where it is checked from.')
  const place = await readPlace(change.tx, number)
  await change.tx
    .updateTable('places')
    .set({ revoked_at: change.now, sealed_key: null })
    .where('number', '=', number)
    .execute()
  await change.record({ type: 'place.revoked', subject: String(number), data: { name: place.name } })
}

/** From which places a probe is checked; null: from all, also those that come later. */
export async function choosePlaces(change: Change, probeId: string, numbers: readonly number[] | null): Promise<void> {
  const row = await change.tx
    .selectFrom('probes')
    .select(['name', 'places'])
    .where('id', '=', probeId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new NotFound('There is no such probe.')
  const chosen = numbers === null ? null : [...new Set(numbers)].toSorted((a, b) => a - b)
  if (chosen?.length === 0) throw new Conflict('A probe needs a place to be checked from. To stop it, pause it.')
  for (const number of chosen ?? []) await readPlace(change.tx, number)
  const places = chosen && JSON.stringify(chosen)
  if (places === row.places) return
  await change.tx.updateTable('probes').set({ places, updated_at: change.now }).where('id', '=', probeId).execute()
  await change.record({ type: 'probe.changed', subject: probeId, data: { name: row.name, fields: ['places'] } })
}

function refuseSameName(places: readonly { readonly name: string }[], name: string): void {
  if (places.some((place) => place.name.toLowerCase() === name.toLowerCase()))
    throw new Conflict(`There is a place “${name}” already.`, 'name')
}
