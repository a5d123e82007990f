import { check } from '../../lib/check.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { keepRevision } from '../revisions/commands.ts'
import { readSite } from '../site/queries.ts'
import type { Locale } from '../site/site.ts'
import { translated, withoutFields } from '../site/translations.ts'
import { type NewNotice, type NoticeChanges, newNotice, noticeChanges } from './input.ts'
import type { Notice } from './notice.ts'
import { readNotice } from './queries.ts'

/** Shows a message, from now or from a time to come; answers its id. */
export async function publishNotice(change: Change, input: Unchecked<NewNotice>): Promise<string> {
  const given = check(newNotice, input)
  const shownFrom = given.shownFrom ?? change.now
  const shownUntil = given.shownUntil ?? null
  mustBeWindow(shownFrom, shownUntil)
  if (shownUntil !== null && shownUntil <= change.now)
    throw new Invalid('Nobody would see it: this time has passed.', 'shownUntil')
  const locale = given.locale ?? (await readSite(change.tx)).locale
  const id = change.ids.next()
  await change.tx
    .insertInto('notices')
    .values({
      id,
      name: given.name,
      body: given.body,
      locale,
      translations: JSON.stringify(translated(given.translations, ['name', 'body'], locale)),
      shown_from: shownFrom,
      shown_until: shownUntil,
      pinned_at: given.pinned === 'yes' ? change.now : null,
      changed_at: null,
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
  await change.record({ type: 'notice.published', subject: id, data: { name: given.name } })
  return id
}

/**
 * Changes what is given, while it is not over. Rewritten words lose their translations, unless new ones come with them.
 * What readers have seen is kept as it was, and they see that it was changed.
 */
export async function changeNotice(change: Change, id: string, input: Unchecked<NoticeChanges>): Promise<void> {
  const given = check(noticeChanges, input)
  const notice = await noticeNotOver(change, id)
  const name = given.name ?? notice.name
  const body = given.body ?? notice.body
  const rewritten = [
    ...(name === notice.name ? [] : (['name'] as const)),
    ...(body === notice.body ? [] : (['body'] as const)),
  ]
  const isPinned = given.pinned ?? (notice.pinnedAt === null ? 'no' : 'yes')
  const changed = {
    name,
    body,
    shownFrom: given.shownFrom ?? notice.shownFrom,
    shownUntil: given.shownUntil === undefined ? notice.shownUntil : given.shownUntil,
    pinned: isPinned,
    translations: JSON.stringify(
      given.translations
        ? translated(given.translations, ['name', 'body'], notice.locale)
        : withoutFields(notice.translations, rewritten),
    ),
  }
  mustBeWindow(changed.shownFrom, changed.shownUntil)
  const before = {
    ...notice,
    pinned: notice.pinnedAt === null ? 'no' : 'yes',
    translations: JSON.stringify(notice.translations),
  }
  const names = (Object.keys(changed) as (keyof typeof changed)[]).filter((key) => changed[key] !== before[key])
  if (names.length === 0) return
  const isSeen = notice.shownFrom <= change.now && rewordedOf(notice, changed)
  if (isSeen) {
    const after = { name, body, locale: notice.locale, translations: JSON.parse(changed.translations) as Words }
    await keepRevision(change, {
      of: 'notice',
      subject: id,
      reason: null,
      before: { name: notice.name, texts: textsOf(notice) },
      after: { name, texts: textsOf(after) },
    })
  }
  await change.tx
    .updateTable('notices')
    .set({
      name,
      body,
      shown_from: changed.shownFrom,
      shown_until: changed.shownUntil,
      translations: changed.translations,
      ...(before.pinned === isPinned ? {} : { pinned_at: isPinned === 'yes' ? change.now : null }),
      ...(isSeen ? { changed_at: change.now } : {}),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.record(
    { type: 'notice.changed', subject: id, data: { name, fields: names } },
    differences(names, before, changed),
  )
}

/** Shows it no longer; one that was never shown ends where it would have begun. */
export async function endNotice(change: Change, id: string): Promise<void> {
  const notice = await noticeNotOver(change, id)
  const shownFrom = notice.shownFrom > change.now ? change.now : notice.shownFrom
  await change.tx
    .updateTable('notices')
    .set({ shown_from: shownFrom, shown_until: change.now, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'notice.ended', subject: id, data: { name: notice.name } })
}

type Words = Notice['translations']

/** A translation that is added takes nothing back. */
function rewordedOf(
  notice: Notice,
  changed: { readonly name: string; readonly body: string; readonly translations: string },
) {
  if (notice.name !== changed.name || notice.body !== changed.body) return true
  const since = JSON.parse(changed.translations) as Words
  return Object.entries(notice.translations).some(([locale, texts]) =>
    (['name', 'body'] as const).some((field) => texts?.[field] && since[locale as Locale]?.[field] !== texts?.[field]),
  )
}

/** Its text in each language that it has. */
function textsOf({ locale, body, translations }: Pick<Notice, 'locale' | 'body' | 'translations'>) {
  const others = Object.entries(translations).flatMap(([other, texts]) => (texts?.body ? [[other, texts.body]] : []))
  return Object.fromEntries([[locale, body], ...others]) as Record<string, string>
}

async function noticeNotOver(change: Change, id: string): Promise<Notice> {
  const notice = await readNotice(change.tx, id)
  if (!notice) throw new NotFound('There is no such notice.')
  if (notice.shownUntil !== null && notice.shownUntil <= change.now) throw new Conflict('This notice is over.')
  return notice
}

function mustBeWindow(from: Instant, until: Instant | null): void {
  if (until !== null && until <= from) throw new Invalid('It must end after it begins.', 'shownUntil')
}
