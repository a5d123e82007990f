import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { ScratchRow } from '../../database/tables/composing.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Scratch, ScratchForm } from './scratch.ts'

/** What somebody began under a subject. One indexed read. */
export async function readScratch(
  db: Db,
  { subject, accountId }: Pick<Scratch, 'subject' | 'accountId'>,
): Promise<Scratch | null> {
  const row = await withNames(db)
    .where('scratches.subject', '=', subject)
    .where('scratches.account_id', '=', accountId)
    .executeTakeFirst()
  return row ? toScratch(row) : null
}

/** What is being written under a subject since then, by whomever, the earliest beginning first. */
export async function scratchesOn(db: Db, subject: string, since: Instant): Promise<Scratch[]> {
  const rows = await withNames(db)
    .where('scratches.subject', '=', subject)
    .where('scratches.updated_at', '>=', since)
    .orderBy('scratches.began_at')
    .orderBy('scratches.id')
    .limit(20)
    .execute()
  return rows.map(toScratch)
}

/** What somebody has begun anywhere, the latest first. */
export async function scratchesOf(db: Db, accountId: string): Promise<Scratch[]> {
  const rows = await withNames(db)
    .where('scratches.account_id', '=', accountId)
    .orderBy('scratches.updated_at', 'desc')
    .orderBy('scratches.id')
    .limit(20)
    .execute()
  return rows.map(toScratch)
}

function withNames(db: Db) {
  return db
    .selectFrom('scratches')
    .innerJoin('accounts', 'accounts.id', 'scratches.account_id')
    .selectAll('scratches')
    .select('accounts.name as author')
}

function toScratch(row: Selectable<ScratchRow> & { readonly author: string }): Scratch {
  return {
    subject: row.subject,
    accountId: row.account_id,
    name: row.author,
    form: JSON.parse(row.form) as ScratchForm,
    version: row.version,
    beganAt: row.began_at,
    updatedAt: row.updated_at,
  }
}
