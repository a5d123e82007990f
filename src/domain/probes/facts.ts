import type { Tx } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { readSite } from '../site/queries.ts'
import type { Translations } from '../site/site.ts'
import type { Facts } from './words.ts'

/** What the engine's words need to know. */
export async function factsOf(tx: Tx, componentIds: readonly string[], since: Instant): Promise<Facts> {
  const rows = await tx
    .selectFrom('components')
    .select(['name', 'translations'])
    .where('id', 'in', componentIds)
    .orderBy('position')
    .orderBy('id')
    .execute()
  const components = rows.map(({ name, translations }) => ({
    name,
    translations: JSON.parse(translations) as Translations<'name' | 'description'>,
  }))
  return { site: await readSite(tx), components, since }
}
