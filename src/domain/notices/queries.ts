import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { NoticeRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Locale, Translations } from '../site/site.ts'
import type { Notice } from './notice.ts'

/** Those that are shown now, newest first. */
export async function currentNotices(db: Db, now: Instant): Promise<Notice[]> {
  const shown = db.selectFrom('notices').selectAll().where('shown_from', '<=', now)
  const ending = await shown.where('shown_until', '>', now).orderBy('shown_until').orderBy('id').limit(50).execute()
  const lasting = await shown.where('shown_until', 'is', null).orderBy('shown_until').orderBy('id').limit(50).execute()
  return [...ending, ...lasting].map(toNotice).toSorted(newestFirst)
}

/** When a notice last began or ended to be shown, and when the next one will. */
export async function noticeMoments(db: Db, now: Instant): Promise<Instant[]> {
  const moments = await Promise.all(
    (['shown_from', 'shown_until'] as const).map(async (column) => {
      const notices = db.selectFrom('notices')
      const last = notices.select((eb) => eb.fn.max(column).as('at')).where(column, '<=', now)
      const next = notices.select((eb) => eb.fn.min(column).as('at')).where(column, '>', now)
      return [(await last.executeTakeFirst())?.at, (await next.executeTakeFirst())?.at]
    }),
  )
  return moments.flat().filter((at) => typeof at === 'string') as Instant[]
}

/** Those that are shown now or will be, newest first. For the desk. */
export async function noticesNotOver(db: Db, now: Instant): Promise<Notice[]> {
  const rows = await db
    .selectFrom('notices')
    .selectAll()
    .where((eb) => eb.or([eb('shown_until', 'is', null), eb('shown_until', '>', now)]))
    .orderBy('shown_from', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  return rows.map(toNotice)
}

export async function readNotice(db: Db, id: string): Promise<Notice | null> {
  const row = await db.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toNotice(row) : null
}

function newestFirst(a: Notice, b: Notice): number {
  const [first, second] = [`${a.shownFrom} ${a.id}`, `${b.shownFrom} ${b.id}`]
  return first < second ? 1 : first > second ? -1 : 0
}

function toNotice(row: Selectable<NoticeRow>): Notice {
  return {
    id: row.id,
    name: row.name,
    body: row.body,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'name' | 'body'>,
    shownFrom: row.shown_from,
    shownUntil: row.shown_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
