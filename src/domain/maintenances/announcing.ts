import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { namesOf } from '../components/impacts.ts'
import { nextNumber } from '../incidents/updates.ts'
import type { Locale } from '../site/site.ts'
import { translated } from '../site/translations.ts'
import type { NewMaintenance } from './input.ts'
import { write } from './steps.ts'

/** A window as it is announced: alone, or as one of a series. */
export interface Plan extends Pick<
  NewMaintenance,
  'name' | 'body' | 'components' | 'runsBy' | 'translations' | 'author' | 'deliver'
> {
  readonly plannedFrom: Instant
  readonly plannedUntil: Instant
  readonly locale: Locale
  /** Which one of which series it is. */
  readonly series: { readonly id: string; readonly occurrence: string } | null
}

/** Writes planned work down and says it; answers its id. */
export async function announce(change: Change, plan: Plan): Promise<string> {
  const { name, locale } = plan
  const components = (plan.components ?? []).map((component) => ({ id: component }))
  await namesOf(change, components)
  const id = change.ids.next()
  await change.tx
    .insertInto('maintenances')
    .values({
      id,
      number: await nextNumber(change),
      name,
      locale,
      translations: JSON.stringify(translated(plan.translations, ['name'], locale)),
      stage: 'scheduled',
      severity: 'maintenance',
      planned_from: plan.plannedFrom,
      planned_until: plan.plannedUntil,
      began_at: null,
      ended_at: null,
      verifying_at: null,
      announced_at: change.now,
      cancelled_at: null,
      runs_by: plan.runsBy ?? 'clock',
      source: 'person',
      latest_update_at: change.now,
      shortlink: null,
      created_at: change.now,
      updated_at: change.now,
      series_id: plan.series?.id ?? null,
      occurrence: plan.series?.occurrence ?? null,
      original_until: null,
      window_said_at: change.now,
      reminded_at: null,
    })
    .execute()
  for (const component of components) {
    const named = { maintenance_id: id, component_id: component.id }
    await change.tx.insertInto('maintenance_components').values(named).execute()
  }
  const update = await write(change, { id, locale }, { word: plan, stage: 'scheduled', affected: null })
  await change.record({ type: 'maintenance.announced', subject: id, data: { name, update } })
  return id
}
