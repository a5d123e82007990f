import { type Instant, later } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import type { Severity } from '../incidents/incident.ts'
import { readSite } from '../site/queries.ts'
import type { PromiseKind } from './promise.ts'
import { reviewHours } from './terms.ts'

/** Promises readers something by an instant; answers the promise's id. What makes it records it. */
export async function makePromise(
  change: Change,
  promise: {
    readonly incident: string
    readonly kind: PromiseKind
    /** The update that makes it, or null. */
    readonly by: string | null
    readonly dueAt: Instant
  },
): Promise<string> {
  // An update makes one promise at most, which is called as it is.
  const id = promise.by ?? change.ids.next()
  await change.tx
    .insertInto('promises')
    .values({
      id,
      incident_id: promise.incident,
      kind: promise.kind,
      made_by: promise.by,
      made_at: change.now,
      due_at: promise.dueAt,
      reminded_at: null,
      outcome: null,
      decided_at: null,
      decided_by: null,
      came_at: null,
    })
    .execute()
  return id
}

/** An update of an incident is public: it decides the promise that waited for it, and makes its own. */
export async function promiseNext(
  change: Change,
  { incident, by, dueAt }: { readonly incident: string; readonly by: string; readonly dueAt: Instant | null },
): Promise<void> {
  await keepPromises(change, { incident, kind: 'update', by })
  if (dueAt !== null) await makePromise(change, { incident, kind: 'update', by, dueAt })
}

/**
 * What was promised comes now, by an update or a review: decides all promises of the kind that wait for it, for good.
 * What is late was missed at the instant at which it was due, whether or not anybody saw that then.
 */
export async function keepPromises(
  change: Change,
  kept: { readonly incident: string; readonly kind: PromiseKind; readonly by: string },
): Promise<void> {
  const waiting = await change.tx
    .selectFrom('promises')
    .innerJoin('incidents', 'incidents.id', 'promises.incident_id')
    .select(['promises.id', 'due_at', 'outcome', 'name'])
    .where('incident_id', '=', kept.incident)
    .where('kind', '=', kept.kind)
    .where('came_at', 'is', null)
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '=', 'missed')]))
    .orderBy('due_at')
    .orderBy('promises.id')
    .execute()
  for (const { id, due_at: due, outcome, name } of waiting) {
    const isKept = change.now <= due
    const decided = isKept
      ? ({ outcome: 'kept', decided_at: change.now } as const)
      : ({ outcome: 'missed', decided_at: due } as const)
    await change.tx
      .updateTable('promises')
      .set({ came_at: change.now, decided_by: kept.by, ...(outcome === null ? decided : {}) })
      .where('id', '=', id)
      .execute()
    if (outcome !== null) continue
    const data = { name, promise: id, kind: kept.kind, by: kept.by, due }
    if (isKept) await change.record({ type: 'promise.kept', subject: kept.incident, data })
    else await change.record({ type: 'promise.missed', subject: kept.incident, data })
  }
  if (kept.kind !== 'update' && waiting.length > 0) await writeReviewDue(change, kept.incident)
}

/**
 * Sees to it that an incident owes the reviews that its severity demands: from the moment at which readers were told that
 * it is over, and no longer once it is open again. What was kept or missed stays.
 */
export async function oweReviews(change: Change, incidentId: string): Promise<void> {
  const incident = await change.tx
    .selectFrom('incidents')
    .select(['name', 'severity', 'severity_override', 'told_over_at'])
    .where('id', '=', incidentId)
    .executeTakeFirstOrThrow()
  const severity = (incident.severity_override ?? incident.severity) as Severity
  const hours = incident.told_over_at === null ? null : reviewHours((await readSite(change.tx)).terms, severity)
  const made = await change.tx
    .selectFrom('promises')
    .select(['id', 'kind', 'outcome', 'due_at', 'made_at'])
    .where('incident_id', '=', incidentId)
    .where('kind', '!=', 'update')
    .orderBy('due_at')
    .orderBy('id')
    .execute()
  if (hours === null) {
    for (const { id, kind, due_at: due } of made.filter(({ outcome }) => outcome === null)) {
      await change.tx
        .updateTable('promises')
        .set({ outcome: 'let-go', decided_at: change.now })
        .where('id', '=', id)
        .execute()
      const data = { name: incident.name, promise: id, kind, due }
      await change.record({ type: 'promise.let-go', subject: incidentId, data })
    }
  } else {
    const isOwed = (kind: PromiseKind): boolean =>
      made.some(
        (one) =>
          one.kind === kind &&
          (one.outcome === 'kept' ||
            (one.outcome !== 'let-go' && one.made_at >= (incident.told_over_at ?? change.now))),
      )
    const owe = (kind: PromiseKind, after: number) =>
      makePromise(change, { incident: incidentId, kind, by: null, dueAt: later(change.now, after * 3600) })
    if (!isOwed('review')) await owe('review', hours.review)
    if (!isOwed('final-review')) await owe('final-review', hours.finalReview)
  }
  if (hours !== null || made.length > 0) await writeReviewDue(change, incidentId)
}

/** The next review that is owed, or else the last one that was. */
async function writeReviewDue(change: Change, incidentId: string): Promise<void> {
  const owed = await change.tx
    .selectFrom('promises')
    .select(['due_at', 'came_at'])
    .where('incident_id', '=', incidentId)
    .where('kind', '!=', 'update')
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '!=', 'let-go')]))
    .orderBy('due_at')
    .orderBy('id')
    .execute()
  const next = owed.find(({ came_at: came }) => came === null) ?? owed.at(-1)
  await change.tx
    .updateTable('incidents')
    .set({ review_due_at: next?.due_at ?? null })
    .where('id', '=', incidentId)
    .execute()
}
