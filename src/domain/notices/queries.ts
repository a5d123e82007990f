import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { NoticeRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { addDays, startOfDay } from '../../lib/days.ts'
import { revisionsByOwner } from '../revisions/queries.ts'
import type { Locale, Translations } from '../site/site.ts'
import type { Notice } from './notice.ts'

/** Those that are shown now: pinned ones first, then newest first. */
export async function currentNotices(db: Db, now: Instant): Promise<Notice[]> {
  const shown = db.selectFrom('notices').selectAll().where('shown_from', '<=', now)
  const ending = await shown.where('shown_until', '>', now).orderBy('shown_until').orderBy('id').limit(50).execute()
  const lasting = await shown.where('shown_until', 'is', null).orderBy('shown_until').orderBy('id').limit(50).execute()
  const notices = (await withRevisions(db, [...ending, ...lasting])).toSorted(newestFirst)
  const isPinned = ({ pinnedAt }: Notice): boolean => pinnedAt !== null
  return [...notices.filter(isPinned), ...notices.filter((notice) => !isPinned(notice))]
}

/** The last that readers were shown, over or not, newest first. Costs as many as are asked for. */
export async function recentNotices(db: Db, now: Instant, limit: number): Promise<Notice[]> {
  return withRevisions(db, await everShown(db).where('shown_from', '<=', now).limit(limit).execute())
}

/** First shown in a month, `2026-11`, of the site's zone, newest first: also those that are still to come. */
export async function noticesOfMonth(db: Db, month: string, zone: string): Promise<Notice[]> {
  const from = startOfDay(`${month}-01`, zone)
  const until = startOfDay(`${addDays(`${month}-01`, 31).slice(0, 7)}-01`, zone)
  return withRevisions(
    db,
    await everShown(db).where('shown_from', '>=', from).where('shown_from', '<', until).limit(200).execute(),
  )
}

/** Over before now, newest first. For the desk. */
export async function noticesOver(db: Db, now: Instant, limit: number): Promise<Notice[]> {
  return withRevisions(db, await everShown(db).where('shown_until', '<=', now).limit(limit).execute())
}

/** One that was ended before it began was never shown. */
function everShown(db: Db) {
  return db
    .selectFrom('notices')
    .selectAll()
    .where((eb) => eb.or([eb('shown_until', 'is', null), eb('shown_until', '>', eb.ref('shown_from'))]))
    .orderBy('shown_from', 'desc')
    .orderBy('id', 'desc')
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
  return withRevisions(db, rows)
}

export async function readNotice(db: Db, id: string): Promise<Notice | null> {
  const row = await db.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? ((await withRevisions(db, [row]))[0] ?? null) : null
}

function newestFirst(a: Notice, b: Notice): number {
  const [first, second] = [`${a.shownFrom} ${a.id}`, `${b.shownFrom} ${b.id}`]
  return first < second ? 1 : first > second ? -1 : 0
}

async function withRevisions(db: Db, rows: readonly Selectable<NoticeRow>[]): Promise<Notice[]> {
  const revisions = await revisionsByOwner(
    db,
    rows.filter((row) => row.changed_at !== null).map((row) => row.id),
  )
  return rows.map((row) => ({ ...toNotice(row), revisions: revisions.get(row.id) ?? [] }))
}

function toNotice(row: Selectable<NoticeRow>): Omit<Notice, 'revisions'> {
  return {
    id: row.id,
    name: row.name,
    body: row.body,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'name' | 'body'>,
    shownFrom: row.shown_from,
    shownUntil: row.shown_until,
    pinnedAt: row.pinned_at,
    changedAt: row.changed_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
