import type { Db } from '../../database/database.ts'
import type { Locale, Translations } from '../site/site.ts'
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
    .where('kind', 'in', ['ledger.begun', 'ledger.key-changed'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? (JSON.parse(row.entry) as { key: string }).key : null
}

/** The last entry of this kind on a thing, as canonical JSON; null where there is none. */
export async function newestEntryOn(db: Db, subject: string, kind: string): Promise<string | null> {
  const row = await db
    .selectFrom('ledger')
    .select('entry')
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.entry ?? null
}

/** Whether any entry is about this thing. */
export async function isKnown(db: Db, subject: string): Promise<boolean> {
  return (
    (await db.selectFrom('ledger').select('seq').where('subject', '=', subject).limit(1).executeTakeFirst()) !==
    undefined
  )
}

/** Entries read at once, so that one reader of the whole ledger holds nobody up. */
const atOnce = 100

/** The bytes of `ledger.jsonl` from one place up to another, in pieces, each read when the one before is taken. */
export async function* ledgerBytes(db: Db, from: number, until: number): AsyncGenerator<Buffer> {
  const first = await db
    .selectFrom('ledger')
    .select('seq')
    .where('ends', '>', from)
    .orderBy('ends')
    .limit(1)
    .executeTakeFirst()
  let seq = first?.seq ?? 1
  for (;;) {
    const { text, starts, last } = await ledgerLines(db, seq, atOnce)
    const bytes = Buffer.from(text)
    if (bytes.length > 0) yield bytes.subarray(Math.max(0, from - starts), Math.max(0, until - starts))
    if (starts + bytes.length >= until || last < seq) return
    seq = last + 1
  }
}

/** At most so many lines of `ledger.jsonl`, from an entry on; the byte at which they begin, and the last entry's number. */
export async function ledgerLines(
  db: Db,
  first: number,
  count: number,
): Promise<{ readonly text: string; readonly starts: number; readonly last: number }> {
  // One more, whose hash the first line names.
  const rows = await db
    .selectFrom('ledger')
    .select(['seq', 'at', 'kind', 'subject', 'entry', 'hash', 'ends'])
    .where('seq', '>=', first - 1)
    .where('seq', '<', first + count)
    .orderBy('seq')
    .execute()
  const before = rows[0]?.seq === first - 1 ? rows[0] : null
  const lines = rows.map((row, index) => `${lineOf(row, rows[index - 1]?.hash ?? null)}\n`)
  return {
    text: lines.slice(before ? 1 : 0).join(''),
    starts: before?.ends ?? 0,
    last: rows.at(-1)?.seq ?? 0,
  }
}

/** What an entry is about, by its name now. */
export interface Subject {
  readonly noun: 'incident' | 'maintenance' | 'notice' | 'component'
  readonly name: string
  readonly translations: Translations<'name'>
  /** Null: that of the site. */
  readonly locale: Locale | null
}

export interface NewestEntry extends Pick<Entry, 'seq' | 'at' | 'kind' | 'subject' | 'hash'> {
  readonly about: Subject | null
}

/** The last entries, newest first, each with what it is about. As much work for a long ledger as for a short one. */
export async function newestEntries(db: Db, limit: number): Promise<NewestEntry[]> {
  const rows = await db
    .selectFrom('ledger')
    .select(['seq', 'at', 'kind', 'subject', 'hash'])
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  const ids = [...new Set(rows.map(({ subject }) => subject))]
  const known = new Map<string, Subject>()
  if (ids.length > 0) {
    for (const [noun, table] of [
      ['incident', 'incidents'],
      ['maintenance', 'maintenances'],
      ['notice', 'notices'],
    ] as const) {
      const found = await db
        .selectFrom(table)
        .select(['id', 'name', 'translations', 'locale'])
        .where('id', 'in', ids)
        .execute()
      for (const row of found) known.set(row.id, subjectOf(noun, row))
    }
    const components = await db
      .selectFrom('components')
      .select(['id', 'name', 'translations'])
      .where('id', 'in', ids)
      .execute()
    for (const row of components) known.set(row.id, subjectOf('component', { ...row, locale: null }))
  }
  return rows.map((row) => ({ ...row, about: known.get(row.subject) ?? null }))
}

function subjectOf(
  noun: Subject['noun'],
  row: { readonly name: string; readonly translations: string; readonly locale: string | null },
): Subject {
  const { name, locale } = row
  return {
    noun,
    name,
    translations: JSON.parse(row.translations) as Subject['translations'],
    locale: locale as Locale | null,
  }
}
