import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { TemplateRow } from '../../database/tables/composing.ts'
import type { Locale, Translations } from '../site/site.ts'
import type { Template, TemplateUse } from './template.ts'

/** Nobody chooses among more. */
export const mostTemplates = 200

/** Those for one use, or all of them, by name. */
export async function templates(db: Db, use?: TemplateUse): Promise<Template[]> {
  let query = db.selectFrom('templates').selectAll()
  if (use !== undefined) query = query.where('use', '=', use)
  const rows = await query.orderBy('use').orderBy('name').orderBy('id').limit(mostTemplates).execute()
  return rows.map(toTemplate)
}

export async function readTemplate(db: Db, id: string): Promise<Template | null> {
  const row = await db.selectFrom('templates').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toTemplate(row) : null
}

function toTemplate(row: Selectable<TemplateRow>): Template {
  return {
    id: row.id,
    use: row.use as TemplateUse,
    name: row.name,
    locale: row.locale as Locale,
    title: row.title,
    body: row.body,
    translations: JSON.parse(row.translations) as Translations<'title' | 'body'>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
