import type { RecordedUpdate } from '../../domain/import/recording.ts'
import type { Instant } from '../../lib/clock.ts'
import { checkedInstant as instantOf } from './foreign-fields.ts'
import type { ForeignIncident, ForeignMaintenance, ForeignUpdate } from './statuspage-documents.ts'

/** The updates of an incident or maintenance, oldest first, whichever way round they were recorded. */
export function recordedUpdates(of: ForeignIncident | ForeignMaintenance): RecordedUpdate[] {
  const listed = of.incident_updates.map((update) => ({ update, displayedAt: shownAt(update) }))
  const first = listed[0]
  const last = listed.at(-1)
  // The API lists the newest first; archives the oldest. Where the times do not tell, the ids do.
  const isNewestFirst =
    first &&
    last &&
    (first.displayedAt === last.displayedAt ? isGlobal(first.update.id) : first.displayedAt > last.displayedAt)
  // The sort is stable: updates of the same moment keep their recorded order.
  const ordered = (isNewestFirst ? listed.toReversed() : listed).toSorted((a, b) =>
    compare(a.displayedAt, b.displayedAt),
  )
  return ordered.map(({ update, displayedAt }, index) => ({
    id: isGlobal(update.id) ? update.id : placedId(of.id, index),
    stage: update.status,
    body: update.body,
    displayedAt,
    createdAt: instantOf(update.created_at),
    updatedAt: instantOf(update.updated_at ?? update.created_at),
    affected: affectedOf(update),
    // Where nothing says that anybody was told, we do not claim it.
    delivered: update.deliver_notifications === true ? 'yes' : 'no',
  }))
}

/** Ids of the API: twelve letters and digits. Others, as `update_1`, are unique only within their incident. */
function isGlobal(id: string): boolean {
  return /^[a-z0-9]{12}$/.test(id)
}

/** Counted from the oldest, so that an update which is added later changes none before it; sorts as text. */
function placedId(incidentId: string, index: number): string {
  return `${incidentId}-${String(index + 1).padStart(4, '0')}`
}

function shownAt(update: ForeignUpdate): Instant {
  return instantOf(update.display_at ?? update.displayed_at ?? update.created_at)
}

/** Null where nothing is said, or only the old sentence that no components were affected. */
function affectedOf({ affected_components: affected }: ForeignUpdate): RecordedUpdate['affected'] {
  const found = (affected ?? []).flatMap(({ code, name, old_status: from, new_status: to }) =>
    code && from && to ? [{ id: code, name, from, to }] : [],
  )
  return found.length > 0 ? found : null
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
