import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { ComponentStatus } from '../../components/component.ts'
import type { Probe, Settled } from '../probe.ts'

/** What a probe found from when to when. */
export interface MeasuredSpan {
  readonly status: ComponentStatus
  readonly beganAt: Instant
  readonly endedAt: Instant
}

/** More probes than this watch no one thing, and more verdicts than this in a day are no finding. */
const [mostProbes, mostVerdicts] = [20, 200]

/**
 * What the probes of a component found between two instants, each for itself, out of the verdicts that were recorded.
 * Costs the events of its probes since `from`, and not those before.
 */
export async function measuredSpans(
  db: Db,
  componentId: string,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): Promise<MeasuredSpan[]> {
  const probes = await db
    .selectFrom('probes')
    .select(['id', 'down_status'])
    .where('component_id', '=', componentId)
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('policy', '!=', 'off')
    .orderBy('id')
    .limit(mostProbes)
    .execute()
  const spans: MeasuredSpan[] = []
  for (const { id, down_status: down } of probes) {
    let ends = until
    for (const { at, type, data } of await turnsOf(db, id, until)) {
      const status = statusOf(type === 'probe.verdict' ? settledIn(data) : 'unknown', down as Probe['downStatus'])
      const begins = at > from ? at : from
      if (begins < ends) spans.push({ status, beganAt: begins, endedAt: ends })
      ends = begins
      if (at <= from) break
    }
  }
  return spans
}

/** Newest first: what changed what is known of a probe. */
function turnsOf(db: Db, probeId: string, until: Instant) {
  return db
    .selectFrom('events')
    .select(['at', 'type', 'data'])
    .where('subject', '=', probeId)
    .where('type', 'in', ['probe.verdict', 'probe.created', 'probe.paused', 'probe.resumed'])
    .where('at', '<', until)
    .orderBy('seq', 'desc')
    .limit(mostVerdicts)
    .execute()
}

function settledIn(data: string): Settled {
  return (JSON.parse(data) as { readonly to: Settled }).to
}

function statusOf(state: Settled, down: Probe['downStatus']): ComponentStatus {
  switch (state) {
    case 'up':
      return 'operational'
    case 'slow':
    case 'intermittent':
      return 'degraded_performance'
    case 'down':
      return down
    case 'unknown':
      return 'unknown'
  }
}
