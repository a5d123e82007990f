import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import type { PromiseKind } from './promise.ts'

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
  const id = change.ids.next()
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

/**
 * What was promised comes now, by an update or a review: decides all promises of the kind that wait for it, for good. Who
 * is late has missed it at the instant at which it was due, whether or not anybody saw that then.
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
}
