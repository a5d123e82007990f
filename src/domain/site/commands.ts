import { check } from '../../lib/check.ts'
import { startOfDay } from '../../lib/days.ts'
import { Conflict } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { recomputeDays } from '../status/strips.ts'
import { type SetUp, type SiteChanges, setUp, siteChanges } from './input.ts'
import { readSite } from './queries.ts'
import { translated } from './translations.ts'

/** Makes the one site at the first start. Nothing is said about it: nobody could read it yet. */
export async function ensureSite(change: Change): Promise<void> {
  const site = await change.tx.selectFrom('sites').select('id').limit(1).executeTakeFirst()
  if (site) return
  await change.tx
    .insertInto('sites')
    .values({
      id: change.ids.next(),
      name: 'Status',
      description: null,
      zone: 'UTC',
      locale: 'en',
      translations: '{}',
      accent: null,
      accent_dark: null,
      css: null,
      logo: null,
      terms: null,
      set_up_at: null,
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
}

/** Gives the site its name, zone and language, once. */
export async function setUpSite(change: Change, input: Unchecked<SetUp>): Promise<void> {
  const given = check(setUp, input)
  const site = await readSite(change.tx)
  if (site.setUpAt) throw new Conflict('This site is set up already.')
  await change.tx
    .updateTable('sites')
    .set({
      name: given.name,
      description: given.description ?? null,
      zone: given.zone,
      locale: given.locale,
      set_up_at: change.now,
      updated_at: change.now,
    })
    .where('id', '=', site.id)
    .execute()
  if (given.zone !== site.zone) await recountDays(change, site.zone, given.zone)
  await change.record({ type: 'site.set-up', subject: site.id, data: { name: given.name } })
}

/** Changes what is given. Where days begin elsewhere, all days are counted again. */
export async function changeSite(change: Change, input: Unchecked<SiteChanges>): Promise<void> {
  const given = check(siteChanges, input)
  const site = await readSite(change.tx)
  const locale = given.locale ?? site.locale
  const changed = {
    name: given.name ?? site.name,
    description: given.description === undefined ? site.description : given.description,
    zone: given.zone ?? site.zone,
    locale,
    evidence: given.evidence ?? site.evidence,
    translations: JSON.stringify(
      given.translations === undefined
        ? site.translations
        : translated(given.translations, ['name', 'description'], locale),
    ),
  }
  const before = { ...site, translations: JSON.stringify(site.translations) }
  const names = (Object.keys(changed) as (keyof typeof changed)[]).filter((name) => changed[name] !== before[name])
  if (names.length === 0) return
  await change.tx
    .updateTable('sites')
    .set({ ...changed, updated_at: change.now })
    .where('id', '=', site.id)
    .execute()
  if (changed.zone !== site.zone) await recountDays(change, site.zone, changed.zone)
  await change.record(
    { type: 'site.changed', subject: site.id, data: { name: changed.name, fields: names } },
    differences(names, before, changed),
  )
}

async function recountDays(change: Change, from: string, to: string): Promise<void> {
  const firsts = await change.tx
    .selectFrom('component_days')
    .select((eb) => ['component_id', eb.fn.min('day').as('day')])
    .groupBy('component_id')
    .orderBy('component_id')
    .execute()
  // All of them: a day may be tomorrow in the new zone.
  await change.tx.deleteFrom('component_days').execute()
  for (const { component_id: componentId, day } of firsts) {
    const window = { from: startOfDay(day, from), until: change.now, now: change.now }
    await recomputeDays(change.tx, { componentId, zone: to, ...window })
  }
}
