import type { Tx } from '../../../database/database.ts'
import { breath } from '../../../lib/breath.ts'

/** Rows that are read at once: a database in this process answers without waiting, and requests stand behind it. */
export const pageOfRows = 500

/** Rows that are written in one transaction, and in one statement of it. */
export const rowsInTransaction = 500
const rowsInStatement = 100

type Packed = 'check_hours' | 'check_days' | 'check_samples'

/** Writes rows over those with the same key. */
export async function writeRows(tx: Tx, table: Packed, rows: readonly Record<string, unknown>[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {})
  const key = [table === 'check_samples' ? 'hour' : 'span', 'probe', 'place']
  for (let from = 0; from < rows.length; from += rowsInStatement) {
    await tx
      .insertInto(table)
      .values(rows.slice(from, from + rowsInStatement) as never)
      .onConflict((conflict) =>
        conflict
          .columns(key as never)
          .doUpdateSet((eb) =>
            Object.fromEntries(
              names.filter((name) => !key.includes(name)).map((name) => [name, eb.ref(`excluded.${name}` as never)]),
            ),
          ),
      )
      .execute()
    await breath()
  }
}

/** Of what checks bring in a second: a few milliseconds' worth, in statements of the same few lengths. */
const portion = 40

/** Goes through many things in portions, and lets requests in between. */
export async function inPortions<T>(all: readonly T[], work: (some: readonly T[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += portion) {
    if (from > 0) await breath()
    await work(all.slice(from, from + portion))
  }
}
