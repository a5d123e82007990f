import { check } from '../../lib/check.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { namesOf } from '../components/impacts.ts'
import { locales } from '../site/site.ts'
import { translated } from '../site/translations.ts'
import { cancelMaintenance } from './commands.ts'
import { type MaintenanceWord, type SeriesChanges, seriesChanges } from './input.ts'
import { announceDue, stillThere } from './repeating.ts'
import { changeMaintenance } from './replan.ts'
import { type Fate, type SeriesPlan, planSeries } from './series-plan.ts'
import { type Outcome, seriesWord } from './series-words.ts'
import { type MaintenanceSeries, readSeries } from './series.ts'

/**
 * Changes all of a series that are to come, or those from one on: when, how long, what, and in which words. What was
 * announced keeps its address and moves, or is called off where the new rule comes round less often; what somebody changed,
 * skipped or began by itself stays as it is. Readers are told once. Refuses a series that has ended, and what would
 * overlap.
 */
export async function changeSeries(change: Change, id: string, input: Unchecked<SeriesChanges>): Promise<void> {
  const given = check(seriesChanges, input)
  const known = await readSeries(change.tx, id)
  if (!known) throw new NotFound('There is no such series.')
  if (known.endedAt !== null) throw new Conflict('This series has ended already.')
  // Nobody can name a system that was removed, and nobody is told that it is gone.
  const series = { ...known, componentIds: await stillThere(change.tx, known.componentIds) }
  const componentIds = given.components ?? []
  await namesOf(
    change,
    componentIds.map((component) => ({ id: component })),
  )
  const wish = { ...given, since: given.since ?? null }
  const plan = await planSeries(change.tx, series, { wish, now: change.now })
  const after: MaintenanceSeries = {
    ...series,
    ...plan.timing,
    name: given.name,
    body: given.body,
    translations: translated(given.translations, ['name', 'body'], series.locale),
    componentIds,
    runsBy: given.runsBy ?? series.runsBy,
    announcedThrough:
      plan.fates.findLast(({ occurrence }) => occurrence !== null)?.occurrence?.name ?? series.announcedThrough,
  }
  const fields = changedFields(series, after)
  if (fields.length > 0) {
    const isOther = fields.includes('componentIds')
    if (isOther && !given.word && plan.fates.some(({ what }) => what === 'changes')) {
      throw new Invalid('Tell readers what changes: other systems are affected.', 'word')
    }
    await store(change, after, plan)
    await change.record(
      { type: 'maintenance.series-changed', subject: id, data: { name: given.name, fields } },
      differences(fields, series, after),
    )
    await say(change, { series, after, plan, given })
  }
  await announceDue(change, id)
}

const changeable = ['name', 'body', 'translations', 'rule', 'from', 'seconds', 'componentIds', 'runsBy'] as const

function changedFields(before: MaintenanceSeries, after: MaintenanceSeries): (typeof changeable)[number][] {
  return changeable.filter((field) =>
    field === 'componentIds'
      ? new Set(before.componentIds).symmetricDifference(new Set(after.componentIds)).size > 0
      : JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  )
}

/** Which time each stands for comes last: on the way two might stand for one. */
async function store(change: Change, after: MaintenanceSeries, { fates }: SeriesPlan): Promise<void> {
  const { id } = after
  await change.tx
    .updateTable('maintenance_series')
    .set({
      name: after.name,
      body: after.body,
      translations: JSON.stringify(after.translations),
      rule: after.rule,
      first_at: after.from,
      seconds: after.seconds,
      components: JSON.stringify(after.componentIds),
      runs_by: after.runsBy,
      announced_through: after.announcedThrough,
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  const ids = fates.map((fate) => fate.id)
  if (ids.length > 0)
    await change.tx.updateTable('maintenances').set({ occurrence: null }).where('id', 'in', ids).execute()
  for (const { id: maintenance, occurrence } of fates) {
    await change.tx
      .updateTable('maintenances')
      .set({ occurrence: occurrence?.name ?? null })
      .where('id', '=', maintenance)
      .execute()
  }
}

interface Saying {
  readonly series: MaintenanceSeries
  readonly after: MaintenanceSeries
  readonly plan: SeriesPlan
  readonly given: SeriesChanges
}

/** Each that changes says so, and one of them to subscribers: which ones change stands in it. */
async function say(change: Change, { series, after, plan, given }: Saying): Promise<void> {
  const isOther = changedFields(series, after).includes('componentIds')
  const isOwed = (fate: Fate): boolean => isOther || fate.what === 'falls' || isMoved(fate)
  const word = wordOn(plan.fates, { series, given })
  let deliver = given.deliver ?? 'yes'
  for (const fate of plan.fates) {
    const { id, what, occurrence } = fate
    const said = { ...word, author: given.author, deliver }
    if (what === 'falls') await cancelMaintenance(change, id, said)
    if (what === 'changes' && occurrence) {
      await changeMaintenance(change, id, {
        name: after.name,
        plannedFrom: occurrence.from,
        plannedUntil: occurrence.until,
        components: after.componentIds,
        runsBy: after.runsBy,
        translations: withNames(after, isOwed(fate) ? word.translations : null),
        ...(isOwed(fate) ? { body: said.body, author: said.author, deliver } : {}),
      })
    }
    if (what !== 'stays' && isOwed(fate)) deliver = 'no'
  }
}

function isMoved({ from, until, occurrence }: Fate): boolean {
  return occurrence !== null && (occurrence.from !== from || occurrence.until !== until)
}

/** What readers are told: which windows are others now, after what somebody wrote. */
function wordOn(fates: readonly Fate[], { series, given }: Pick<Saying, 'series' | 'given'>) {
  const outcomes = fates.flatMap((fate): Outcome[] => {
    if (fate.what === 'falls') return [{ ...fate, becomes: null }]
    return fate.what === 'changes' && isMoved(fate) ? [{ ...fate, becomes: fate.occurrence }] : []
  })
  const { word, translations } = given
  const inEach = locales.map((locale) => [locale, translations?.[locale]?.word] as const)
  return seriesWord(word ? { body: word, translations: Object.fromEntries(inEach) } : null, outcomes, series)
}

/** The title in each language, and the word. */
function withNames(after: MaintenanceSeries, word: MaintenanceWord['translations'] | null) {
  return Object.fromEntries(
    locales
      .filter((locale) => locale !== after.locale)
      .map((locale) => [locale, { name: after.translations[locale]?.name, body: word?.[locale]?.body }]),
  )
}
