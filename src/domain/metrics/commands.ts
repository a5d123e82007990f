import { check } from '../../lib/check.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import { type Static, type Unchecked, choice, fields, line, optional, whole } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { readSite } from '../site/queries.ts'
import { translated, translationsOf } from '../site/translations.ts'
import { listMetrics, readMetric } from './queries.ts'

export type MetricWish = Static<typeof metricWish>
const metricWish = fields({
  name: line(100),
  translations: translationsOf({ name: optional(line(100)) }),
  suffix: optional(line(20)),
  decimals: whole(0, 6),
  componentId: optional(line(64)),
  shown: choice(['yes', 'no']),
})

/** Each keeps up to some megabytes. */
const mostMetrics = 200

/** Says that a figure will be sent in; answers its id. */
export async function createMetric(change: Change, input: Unchecked<MetricWish>): Promise<string> {
  const row = await rowOf(change, input)
  if ((await listMetrics(change.tx)).length >= mostMetrics) {
    throw new Conflict(`There are ${mostMetrics} metrics already: remove one first.`)
  }
  const last = await change.tx
    .selectFrom('metrics')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  const id = change.ids.next()
  await change.tx
    .insertInto('metrics')
    .values({
      id,
      number: (last?.number ?? 0) + 1,
      ...row,
      created_at: change.now,
      updated_at: change.now,
      removed_at: null,
    })
    .execute()
  await change.record({ type: 'metric.created', subject: id, data: { name: row.name } })
  return id
}

export async function changeMetric(change: Change, id: string, input: Unchecked<MetricWish>): Promise<void> {
  const metric = await readMetric(change.tx, id)
  const row = await rowOf(change, input)
  const { component_id: componentId, ...rest } = row
  const changed = { ...rest, componentId }
  const before = { ...metric, translations: JSON.stringify(metric.translations) }
  const names = (Object.keys(changed) as (keyof typeof changed)[]).filter((name) => changed[name] !== before[name])
  if (names.length === 0) return
  await change.tx
    .updateTable('metrics')
    .set({ ...row, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await change.record(
    { type: 'metric.changed', subject: id, data: { name: row.name } },
    differences(names, before, changed),
  )
}

/** Its values are forgotten with it: nothing shows them any more. */
export async function removeMetric(change: Change, id: string): Promise<void> {
  const { number, name } = await readMetric(change.tx, id)
  for (const table of ['metric_slots', 'metric_hours', 'metric_days'] as const) {
    await change.tx.deleteFrom(table).where('metric', '=', number).execute()
  }
  await change.tx.updateTable('metrics').set({ removed_at: change.now }).where('id', '=', id).execute()
  await change.record({ type: 'metric.removed', subject: id, data: { name } })
}

async function rowOf({ tx }: Change, input: Unchecked<MetricWish>) {
  const given = check(metricWish, input)
  const componentId = given.componentId ?? null
  if (componentId !== null) {
    const component = await tx
      .selectFrom('components')
      .select('id')
      .where('id', '=', componentId)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (!component) throw new Invalid('There is no such system.', 'componentId')
  }
  const { locale } = await readSite(tx)
  return {
    name: given.name,
    translations: JSON.stringify(translated(given.translations, ['name'], locale)),
    suffix: given.suffix ?? '',
    decimals: given.decimals,
    component_id: componentId,
    shown: given.shown,
  }
}
