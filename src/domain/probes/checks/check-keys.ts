import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Tables } from '../../../database/tables.ts'

/** Where a check stands in the order of its table. */
export interface CheckKey {
  readonly t: number
  readonly probe: number
  readonly place: number
}

/** More places than anybody has. */
const mostPlaces = 100_000

/** A probe and a place as one number. */
export function keyOf({ probe, place }: Pick<CheckKey, 'probe' | 'place'>): number {
  return probe * mostPlaces + place
}

/** Whether a row comes after this key. The seconds around it are for the caller to name, so that the key's index serves. */
export function afterKey(eb: ExpressionBuilder<Tables, 'checks'>, { t, probe, place }: CheckKey): Expression<SqlBool> {
  return eb.or([
    eb('t', '>', t),
    eb.and([eb('t', '=', t), eb('probe', '>', probe)]),
    eb.and([eb('t', '=', t), eb('probe', '=', probe), eb('place', '>', place)]),
  ])
}
