import { createHash } from 'node:crypto'
import type { Db, Tx } from '../../database/database.ts'
import { type Json, type JsonObject, canonicalJson } from '../../lib/canonical-json.ts'
import type { Disclosed } from './chain.ts'
import { publishedIncident, publishedMaintenance, wordOf } from './published.ts'
import { newestEntryOn } from './queries.ts'

/**
 * What was not said here word by word, and stands on the page all the same: what an import brought, and what was there
 * before the ledger. One entry for each incident and maintenance, with a digest of each of its updates, so that an entry
 * is no longer than the page it is about, and a text can still be held against it. `from`: where it comes from.
 */
export async function recordsOf(tx: Tx, which: 'all' | 'imported', from: string | null): Promise<Disclosed[]> {
  const records: Disclosed[] = []
  for (const [noun, table, published] of [
    ['incident', 'incidents', publishedIncident],
    ['maintenance', 'maintenances', publishedMaintenance],
  ] as const) {
    const things = tx.selectFrom(table).select('id').orderBy('number')
    const rows = await (which === 'all' ? things : things.where('source', '=', 'import')).execute()
    for (const { id } of rows) {
      const facts = await published(tx, id)
      if (!facts) continue
      const said = { [noun]: facts, updates: await digestsOf(tx, `${noun}_id`, id) }
      const kind = `${noun}.imported`
      const before = JSON.parse((await newestEntryOn(tx, id, kind)) ?? '{}') as JsonObject
      // From elsewhere, but the same.
      if (canonicalJson({ ...before, imported: null }) === canonicalJson({ ...said, imported: null })) continue
      records.push({ kind, subject: id, entry: { ...said, imported: { from } } })
    }
  }
  return records
}

async function digestsOf(db: Db, owner: 'incident_id' | 'maintenance_id', id: string): Promise<Json> {
  const rows = await db
    .selectFrom('updates')
    .selectAll()
    .where(owner, '=', id)
    .where('displayed_at', 'is not', null)
    .orderBy('displayed_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ id: row.id, digest: digestOf(wordOf(row)) }))
}

/** SHA-256 of canonical JSON, in hexadecimal. */
export function digestOf(value: JsonObject): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
