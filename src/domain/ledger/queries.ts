import type { Db } from '../../database/database.ts'
import { type End, type Entry, ledgerItself, lineOf } from './chain.ts'

/** Where the ledger ends; null before it begins. One indexed read. */
export async function ledgerEnd(db: Db): Promise<End | null> {
  const row = await db
    .selectFrom('ledger')
    .select(['seq', 'at', 'hash', 'ends'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** The public half of the key that signs now; null before the ledger begins. One indexed read. */
export async function currentKey(db: Db): Promise<string | null> {
  const row = await db
    .selectFrom('ledger')
    .select('entry')
    .where('subject', '=', ledgerItself)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? (JSON.parse(row.entry) as { key: string }).key : null
}

/** The last entries, newest first. */
export async function newestEntries(db: Db, limit: number): Promise<Entry[]> {
  return db
    .selectFrom('ledger')
    .select(['seq', 'at', 'kind', 'subject', 'entry', 'hash'])
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
}

/** Entries read at once, so that one reader of the whole ledger holds nobody up. */
const atOnce = 100

/** The bytes of `ledger.jsonl` from one place up to another, in pieces, each read when the one before is taken. */
export async function* ledgerBytes(db: Db, from: number, until: number): AsyncGenerator<Buffer> {
  // The entry in which `from` lies, and the one before it, whose hash its line names.
  const first = await db
    .selectFrom('ledger')
    .select('seq')
    .where('ends', '>', from)
    .orderBy('ends')
    .limit(1)
    .executeTakeFirst()
  if (!first) return
  let seq = first.seq - 1
  let before = await db.selectFrom('ledger').select(['hash', 'ends']).where('seq', '=', seq).executeTakeFirst()
  let at = before?.ends ?? 0
  while (at < until) {
    const rows = await db
      .selectFrom('ledger')
      .select(['seq', 'at', 'kind', 'subject', 'entry', 'hash', 'ends'])
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(atOnce)
      .execute()
    if (rows.length === 0) return
    const lines = rows.map((row) => {
      const line = lineOf(row, before?.hash ?? null)
      before = row
      return `${line}\n`
    })
    const bytes = Buffer.from(lines.join(''))
    yield bytes.subarray(Math.max(0, from - at), Math.max(0, until - at))
    at += bytes.length
    seq = rows.at(-1)?.seq ?? seq
  }
}
