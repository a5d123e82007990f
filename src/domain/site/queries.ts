import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { SiteRow } from '../../database/tables.ts'
import type { Locale, Site, Translations } from './site.ts'

/** The one site. It is there since the first start. */
export async function readSite(db: Db): Promise<Site> {
  const row = await db.selectFrom('sites').selectAll().orderBy('created_at').orderBy('id').limit(1).executeTakeFirst()
  if (!row) throw new Error('There is no site yet: `ensureSite` was not called at the start.')
  return toSite(row)
}

function toSite(row: Selectable<SiteRow>): Site {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    zone: row.zone,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'name' | 'description'>,
    setUpAt: row.set_up_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
