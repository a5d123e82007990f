import type { UpdateRow } from '../../database/tables.ts'
import type { RevisionRow } from '../../database/tables/revisions.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { nextNumber } from '../incidents/updates.ts'
import { usualReasonOf } from '../revisions/reasons.ts'
import type { Locale } from '../site/site.ts'
import { readSite } from '../site/queries.ts'
import { importComponents } from './components.ts'
import { type Harm, harmOf, inAccord, maintenanceHarmOf } from './harm.ts'
import { allHarmed, importByHand, importHarm, joined, ownerOf, recount } from './impacts.ts'
import { type Merge, byId, inPortions, merge } from './merge.ts'
import type { RecordedIncident, RecordedMaintenance, RecordedPage, Recording } from './recording.ts'
import { type InsertedOnly, incidentRow, maintenanceRow, updateRow } from './rows.ts'

export interface Count {
  readonly created: number
  readonly changed: number
  /** Newer here than in the recording, or written here: left alone. */
  readonly kept: number
}

/** What an import did. */
export interface Imported {
  readonly site: 'named' | 'untouched'
  readonly groups: Count
  readonly components: Count
  readonly incidents: Count
  readonly maintenances: Count
  readonly updates: Count
  /** Whether anything was written at all. */
  readonly outcome: 'changed' | 'unchanged'
}

/**
 * Takes a recording over: what is new is added, what the recording changed is changed, what is newer here is left
 * alone, and what is alike is not touched. Nobody is notified. `progress` is told what comes next.
 */
export async function importRecording(
  change: Change,
  recording: Recording,
  { from, progress }: { from: string; progress(step: string): void },
): Promise<Imported> {
  const before = await readSite(change.tx)
  const named = before.setUpAt === null && (await nameSite(change, before.id, recording.page))
  const site = await readSite(change.tx)

  progress(`${recording.components.length} components`)
  const parts = await importComponents(change, recording)
  const known = await knownComponents(change, recording)

  const harms = harmsOf(recording).filter(({ componentId }) => known.has(componentId))
  progress(`${recording.incidents.length} incidents`)
  const incidents = await importIncidents(change, recording.incidents, harms, site.locale)
  const maintenances = await importMaintenances(change, recording.maintenances, known, site.locale)

  progress('updates')
  const words = await importUpdates(change, {
    incidents: recording.incidents.filter(({ id }) => !incidents.kept.has(id)),
    maintenances: recording.maintenances.filter(({ id }) => !maintenances.kept.has(id)),
    locale: site.locale,
  })

  progress('impacts')
  const owners = ofOwners(
    {
      incidents: recording.incidents.filter(({ id }) => !incidents.kept.has(id)),
      maintenances: recording.maintenances.filter(({ id }) => !maintenances.kept.has(id)),
    },
    ({ updates, createdAt }) => updates[0]?.displayedAt ?? createdAt,
  )
  const stale = joined(
    await importHarm(change, owners, harms),
    await importByHand(
      change,
      recording.components.filter(({ id, listed }) => listed === 'listed' && !parts.components.kept.has(id)),
      harms.filter((harm) => !harm.incidentId && !harm.maintenanceId),
    ),
    site.zone === before.zone ? new Map() : await allHarmed(change),
  )
  progress(`days of ${stale.size} components`)
  await recount(change, stale, site.zone)

  const counts = {
    groups: countOf(parts.groups),
    components: countOf(parts.components),
    incidents: countOf(incidents),
    maintenances: countOf(maintenances),
    updates: words,
  }
  const isChanged =
    named || stale.size > 0 || Object.values(counts).some(({ created, changed }) => created + changed > 0)
  if (isChanged) {
    await change.record({
      type: 'site.imported',
      subject: site.id,
      data: {
        from,
        incidents: counts.incidents.created + counts.incidents.changed,
        components: counts.components.created + counts.components.changed,
        maintenances: counts.maintenances.created + counts.maintenances.changed,
      },
    })
  }
  return { ...counts, site: named ? 'named' : 'untouched', outcome: isChanged ? 'changed' : 'unchanged' }
}

/** A site that nobody has set up yet takes the recorded name, zone and id; who owns it is never imported. */
async function nameSite(change: Change, id: string, page: RecordedPage): Promise<boolean> {
  const wanted = {
    ...(page.id && { id: page.id }),
    ...(page.name && { name: page.name }),
    ...(page.zone && { zone: page.zone }),
    ...(page.updatedAt && { updated_at: page.updatedAt }),
  }
  const present = await change.tx.selectFrom('sites').selectAll().where('id', '=', id).executeTakeFirst()
  const values = new Map(Object.entries(present ?? {}))
  if (!Object.entries(wanted).some(([column, value]) => values.get(column) !== value)) return false
  await change.tx.updateTable('sites').set(wanted).where('id', '=', id).execute()
  return true
}

async function knownComponents(change: Change, { components }: Recording): Promise<ReadonlySet<string>> {
  const rows = await change.tx.selectFrom('components').select('id').execute()
  return new Set([...rows.map(({ id }) => id), ...components.map(({ id }) => id)])
}

function harmsOf(recording: Recording): Harm[] {
  const lastWords = ofOwners(recording, ({ updates, createdAt }) => updates.at(-1)?.displayedAt ?? createdAt)
  const harms = [...recording.incidents.flatMap(harmOf), ...recording.maintenances.flatMap(maintenanceHarmOf)]
  return inAccord(harms, recording.components, (harm) => {
    return lastWords.get(ownerOf(harm)) ?? harm.beganAt
  })
}

/** An instant of each incident and maintenance, by whose impacts it is about. */
function ofOwners(
  { incidents, maintenances }: Pick<Recording, 'incidents' | 'maintenances'>,
  instantOf: (thing: RecordedIncident | RecordedMaintenance) => Instant,
): Map<string, Instant> {
  return new Map([
    ...incidents.map((thing) => [ownerOf({ incidentId: thing.id, maintenanceId: null }), instantOf(thing)] as const),
    ...maintenances.map((thing) => [ownerOf({ incidentId: null, maintenanceId: thing.id }), instantOf(thing)] as const),
  ])
}

async function importIncidents(
  change: Change,
  incidents: readonly RecordedIncident[],
  harms: readonly Harm[],
  locale: Locale,
): Promise<Merge<{ readonly id: string }>> {
  const { tx } = change
  const harmOfIncident = Map.groupBy(harms, (harm) => harm.incidentId)
  const rows = incidents
    .toSorted(byCreation)
    .map((incident) => incidentRow(incident, harmOfIncident.get(incident.id) ?? []))
  const present = await byId(
    rows.map(({ id }) => id),
    (some) => tx.selectFrom('incidents').selectAll().where('id', 'in', some).execute(),
  )
  const corrected = await correctedHere(change, ['incident', 'impact'])
  const plan = merge(rows, present, {
    ours: ({ id }) => present.get(id)?.source !== 'import' || corrected.has(id),
  })
  let number = await nextNumber(change)
  await inPortions(plan.missing, (some) =>
    tx
      .insertInto('incidents')
      .values(some.map((row) => ({ ...row, ...original(locale), number: number++ })))
      .execute(),
  )
  for (const row of plan.changed) await tx.updateTable('incidents').set(row).where('id', '=', row.id).execute()
  return plan
}

async function importMaintenances(
  change: Change,
  maintenances: readonly RecordedMaintenance[],
  known: ReadonlySet<string>,
  locale: Locale,
): Promise<Merge<{ readonly id: string }>> {
  const { tx, now } = change
  const rows = maintenances.toSorted(byCreation).map((maintenance) => maintenanceRow(maintenance))
  const present = await byId(
    rows.map(({ id }) => id),
    (some) => tx.selectFrom('maintenances').selectAll().where('id', 'in', some).execute(),
  )
  const plan = merge(rows, present, { ours: ({ id }) => present.get(id)?.source !== 'import' })
  let number = await nextNumber(change)
  // What should have ended before we came is nothing for our clock to begin.
  const runsBy = (until: Instant): 'clock' | 'hand' => (until > now ? 'clock' : 'hand')
  await inPortions(plan.missing, (some) =>
    tx
      .insertInto('maintenances')
      .values(
        some.map((row) => ({ ...row, ...original(locale), number: number++, runs_by: runsBy(row.planned_until) })),
      )
      .execute(),
  )
  for (const row of plan.changed) await tx.updateTable('maintenances').set(row).where('id', '=', row.id).execute()

  const written = new Set([...plan.missing, ...plan.changed].map(({ id }) => id))
  await inPortions([...written], (some) =>
    tx.deleteFrom('maintenance_components').where('maintenance_id', 'in', some).execute(),
  )
  const pairs = maintenances
    .filter(({ id }) => written.has(id))
    .flatMap(({ id, components }) =>
      components.map(({ componentId }) => ({ maintenance_id: id, component_id: componentId })),
    )
    .filter((pair) => known.has(pair.component_id))
  await inPortions(pairs, (some) => tx.insertInto('maintenance_components').values(some).execute())
  return plan
}

/** Words that the recording no longer has are withdrawn, not erased. */
async function importUpdates(
  change: Change,
  {
    incidents,
    maintenances,
    locale,
  }: { incidents: readonly RecordedIncident[]; maintenances: readonly RecordedMaintenance[]; locale: Locale },
): Promise<Count> {
  const { tx, now } = change
  const rows: Omit<UpdateRow, InsertedOnly>[] = [
    ...incidents.flatMap(({ id, updates }) =>
      updates.map((update) => updateRow(update, { incident_id: id, maintenance_id: null })),
    ),
    ...maintenances.flatMap(({ id, updates }) =>
      updates.map((update) => updateRow(update, { incident_id: null, maintenance_id: id })),
    ),
  ]
  const present = new Map<string, UpdateRow>()
  for (const [column, owners] of [
    ['incident_id', incidents],
    ['maintenance_id', maintenances],
  ] as const) {
    const ids = owners.map(({ id }) => id)
    await inPortions(ids, async (some) => {
      const found = await tx
        .selectFrom('updates')
        .selectAll()
        .where(column, 'in', some)
        .where('source', '=', 'import')
        .execute()
      found.forEach((row) => present.set(row.id, row))
    })
  }
  const corrected = await correctedHere(change, ['update'])
  const plan = merge(rows, present, { ours: ({ id }) => corrected.has(id) })
  await inPortions(plan.missing, (some) =>
    tx
      .insertInto('updates')
      .values(some.map((row) => ({ ...row, ...original(locale) })))
      .execute(),
  )
  for (const row of plan.changed) await tx.updateTable('updates').set(row).where('id', '=', row.id).execute()
  const wanted = new Set(rows.map(({ id }) => id))
  const gone = [...present.values()].filter((row) => !wanted.has(row.id) && row.withdrawn_at === null)
  const why = usualReasonOf('correction.recordLacks', locale)
  const withdrawn = {
    withdrawn_at: now,
    withdrawn_reason: why.reason,
    withdrawn_translations: JSON.stringify(why.translations),
    updated_at: now,
  }
  for (const { id } of gone) await tx.updateTable('updates').set(withdrawn).where('id', '=', id).execute()
  return { created: plan.missing.length, changed: plan.changed.length + gone.length, kept: plan.kept.size }
}

/** What a person corrected or withdrew here with a reason, a recording does not undo. */
async function correctedHere({ tx }: Change, of: readonly RevisionRow['of'][]): Promise<ReadonlySet<string>> {
  const rows = await tx.selectFrom('revisions').select(['of', 'subject_id', 'owner_id']).where('of', 'in', of).execute()
  return new Set(rows.map((row) => (row.of === 'impact' ? row.owner_id : row.subject_id)))
}

/** Recorded texts are in the site's language, untranslated. */
function original(locale: Locale): Pick<UpdateRow, InsertedOnly> {
  return { locale, translations: '{}' }
}

function byCreation(
  a: { readonly createdAt: Instant; readonly id: string },
  b: { readonly createdAt: Instant; readonly id: string },
): number {
  return a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1
}

function countOf({ missing, changed, kept }: Merge<object>): Count {
  return { created: missing.length, changed: changed.length, kept: kept.size }
}
