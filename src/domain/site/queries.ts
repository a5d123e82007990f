import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { SiteRow } from '../../database/tables.ts'
import { type Measuring, usualMeasuring } from '../probes/checks/keeping.ts'
import { type Terms, usualTerms } from '../promises/terms.ts'
import { type ReportSettings, usualReports } from '../reports/report.ts'
import type { Locale, Logo, Site, Translations } from './site.ts'

/** The one site. It is there since the first start. */
export async function readSite(db: Db): Promise<Site> {
  const row = await db.selectFrom('sites').selectAll().orderBy('created_at').orderBy('id').limit(1).executeTakeFirst()
  if (!row) throw new Error('There is no site yet: `ensureSite` was not called at the start.')
  return toSite(row)
}

/** The bytes of the logo; null where it is another one by now. */
export async function readLogo(db: Db, name: string): Promise<LogoFile | null> {
  const row = await db.selectFrom('logos').selectAll().where('name', '=', name).executeTakeFirst()
  return row ? { contentType: row.content_type, bytes: Buffer.from(row.bytes) } : null
}

interface LogoFile {
  readonly contentType: string
  readonly bytes: Buffer
}

function toSite(row: Selectable<SiteRow>): Site {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    zone: row.zone,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'name' | 'description'>,
    look: {
      accent: row.accent,
      accentDark: row.accent_dark,
      css: row.css,
      logo: row.logo === null ? null : (JSON.parse(row.logo) as Logo),
    },
    terms: row.terms === null ? usualTerms : (JSON.parse(row.terms) as Terms),
    reports: row.reports === null ? usualReports : (JSON.parse(row.reports) as ReportSettings),
    measuring: row.measuring === null ? usualMeasuring : (JSON.parse(row.measuring) as Measuring),
    evidence: row.evidence,
    setUpAt: row.set_up_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
