import type { Db } from '../../database/database.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { clockActor } from '../changes/actor.ts'
import type { Change, Changer } from '../changes/change.ts'
import type { PromiseKind } from './promise.ts'

/** How long before a promise is due operators are reminded of it. A review is not written in five minutes. */
export const remindedBeforeSeconds: Record<PromiseKind, number> = {
  update: 5 * 60,
  review: 24 * 3600,
  'final-review': 24 * 3600,
}
const longest = Math.max(...Object.values(remindedBeforeSeconds))

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

/**
 * Reminds of what falls due soon, and writes down what was missed, at the instant at which it was due also where this
 * runs late. Reads only what is open, which is never much; a change begins only where there is something to write. Safe
 * to run twice, in two processes, and safe to miss.
 */
export async function watchPromises({ db, change, clock }: Parts): Promise<void> {
  const now = clock.now()
  const open = await openUntil(db, later(now, longest))
  if (!open.some((promise) => promise.due_at < now || isDueSoon(promise, now))) return
  await change(clockActor, async (it) => {
    // Read again: another process may have been here meanwhile.
    for (const promise of await openUntil(it.tx, later(it.now, longest))) {
      if (promise.due_at < it.now) await miss(it, promise)
      else if (isDueSoon(promise, it.now)) await remind(it, promise)
    }
  })
}

type OpenPromise = Awaited<ReturnType<typeof openUntil>>[number]

function openUntil(db: Db, until: Instant) {
  return db
    .selectFrom('promises')
    .innerJoin('incidents', 'incidents.id', 'promises.incident_id')
    .select(['promises.id', 'incident_id', 'kind', 'made_at', 'due_at', 'reminded_at', 'name'])
    .where('outcome', 'is', null)
    .where('due_at', '<=', until)
    .orderBy('due_at')
    .orderBy('promises.id')
    .limit(1000)
    .execute()
}

/** Who promised something for so soon needs no reminder. */
function isDueSoon({ kind, made_at: made, due_at: due, reminded_at: reminded }: OpenPromise, now: Instant): boolean {
  const from = later(due, -remindedBeforeSeconds[kind])
  return reminded === null && made < from && from <= now && now < due
}

async function miss(change: Change, promise: OpenPromise): Promise<void> {
  await change.tx
    .updateTable('promises')
    .set({ outcome: 'missed', decided_at: promise.due_at })
    .where('id', '=', promise.id)
    .execute()
  await change.record({
    type: 'promise.missed',
    subject: promise.incident_id,
    data: { ...dataOf(promise), by: null },
  })
}

async function remind(change: Change, promise: OpenPromise): Promise<void> {
  await change.tx.updateTable('promises').set({ reminded_at: change.now }).where('id', '=', promise.id).execute()
  await change.record({ type: 'promise.due-soon', subject: promise.incident_id, data: dataOf(promise) })
}

function dataOf({ id, name, kind, due_at: due }: OpenPromise) {
  return { name, promise: id, kind, due }
}
