import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { RevisionRow } from '../../database/tables/revisions.ts'
import type { UpdateRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { type LoggedEvent, eventsBefore } from '../changes/log.ts'
import type { Impact } from '../components/component.ts'
import { componentNames } from '../components/queries.ts'
import type { Incident, Update } from '../incidents/incident.ts'
import { readIncidentOrDraft } from '../incidents/queries.ts'
import { type KeptEvidence, evidenceKept } from '../probes/engine/kept-evidence.ts'
import { readSite } from '../site/queries.ts'
import type { RegulatorsClock } from './clock.ts'
import { clocksOf } from './queries.ts'

/** Far more than ever happens to one incident. */
const most = 10_000

/** A word with what became of it. */
interface EvidentUpdate extends Pick<
  Update,
  | 'id'
  | 'stage'
  | 'body'
  | 'locale'
  | 'translations'
  | 'author'
  | 'source'
  | 'delivered'
  | 'nextUpdateBy'
  | 'noPromiseReason'
> {
  /** Null: written, and never said. */
  readonly saidAt: Instant | null
  readonly withdrawnAt: Instant | null
  readonly withdrawnReason: string | null
}

interface EvidentRevision {
  readonly of: string
  readonly subject: string
  readonly at: Instant
  readonly author: string | null
  readonly reason: string | null
  readonly before: unknown
  readonly after: unknown
  readonly shownToReaders: 'yes' | 'no'
}

/** All that is known of an incident, in one document: what was so, who said what when, and what was owed to whom. */
export interface IncidentEvidence {
  readonly format: 'candor-evidence/1'
  readonly madeAt: Instant
  readonly site: { readonly name: string; readonly zone: string }
  /** The facts, each with when it was so and when it was said, as far as both are known. */
  readonly incident: Omit<Incident, 'updates' | 'impacts' | 'promises' | 'revisions' | 'withdrawn' | 'review'>
  readonly impacts: readonly (Impact & { readonly component: string | null })[]
  /** In the order in which they were said, those that were withdrawn too. */
  readonly updates: readonly EvidentUpdate[]
  readonly revisions: readonly EvidentRevision[]
  readonly promises: Incident['promises']
  readonly review: Incident['review']
  readonly clocks: readonly RegulatorsClock[]
  /** What the probes measured when it began and when it was well again. */
  readonly measured: readonly KeptEvidence[]
  /** Who did what when: the part of the log that is about it. */
  readonly events: readonly LoggedEvent[]
  /** Where in the public ledger the disclosures stand, so that they can be held against it. */
  readonly ledger: readonly {
    readonly seq: number
    readonly at: Instant
    readonly kind: string
    readonly hash: string
  }[]
}

/** Null: there is no such incident. Costs what belongs to the incident, by index. */
export async function evidenceOn(db: Db, id: string, madeAt: Instant): Promise<IncidentEvidence | null> {
  const found = await readIncidentOrDraft(db, id)
  if (!found) return null
  const {
    updates: _updates,
    impacts,
    promises,
    revisions: _revisions,
    withdrawn: _withdrawn,
    review,
    ...incident
  } = found
  const { name, zone } = await readSite(db)
  const names = await componentNames(db, [...new Set(impacts.map(({ componentId }) => componentId))])
  return {
    format: 'candor-evidence/1',
    madeAt,
    site: { name, zone },
    incident,
    impacts: impacts.map((impact) => ({ ...impact, component: names.get(impact.componentId) ?? null })),
    updates: await everyUpdate(db, id),
    revisions: await everyRevision(db, id),
    promises,
    review,
    clocks: await clocksOf(db, id),
    measured: (await evidenceKept(db, [id])).get(id) ?? [],
    events: (await eventsBefore(db, Number.MAX_SAFE_INTEGER, { limit: most, subject: id })).toReversed(),
    ledger: await db
      .selectFrom('ledger')
      .select(['seq', 'at', 'kind', 'hash'])
      .where('subject', '=', id)
      .orderBy('seq')
      .limit(most)
      .execute(),
  }
}

async function everyUpdate(db: Db, id: string): Promise<EvidentUpdate[]> {
  const rows = await db
    .selectFrom('updates')
    .selectAll()
    .where('incident_id', '=', id)
    .orderBy('displayed_at')
    .orderBy('created_at')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(toUpdate)
}

async function everyRevision(db: Db, id: string): Promise<EvidentRevision[]> {
  const rows = await db
    .selectFrom('revisions')
    .selectAll()
    .where('owner_id', '=', id)
    .orderBy('at')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(toRevision)
}

function toUpdate(row: Selectable<UpdateRow>): EvidentUpdate {
  return {
    id: row.id,
    stage: row.stage,
    body: row.body,
    locale: row.locale,
    translations: JSON.parse(row.translations) as Update['translations'],
    author: row.author,
    source: row.source,
    delivered: row.delivered,
    nextUpdateBy: row.next_update_by,
    noPromiseReason: row.no_promise_reason,
    saidAt: row.displayed_at,
    withdrawnAt: row.withdrawn_at,
    withdrawnReason: row.withdrawn_reason,
  }
}

function toRevision(row: Selectable<RevisionRow>): EvidentRevision {
  return {
    of: row.of,
    subject: row.subject_id,
    at: row.at,
    author: row.author,
    reason: row.reason,
    before: row.before === null ? null : (JSON.parse(row.before) as unknown),
    after: row.after === null ? null : (JSON.parse(row.after) as unknown),
    shownToReaders: row.shown,
  }
}
