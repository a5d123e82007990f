import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { Reason } from '../finding.ts'
import { type KeptEvidence, evidenceKept } from './kept-evidence.ts'

/** Why, as far as readers are told: never what the other side said, nor where it stands. */
export type ToldReason = 'timeout' | 'unreachable' | 'name' | 'insecure' | 'wrong' | 'slow' | 'silent'

/**
 * What was measured of one component, as readers see it. Each member is named here one by one, from a list of what may
 * be told: no address, no header, no text of the other side, and no name of a place.
 */
export interface ToldMeasurement {
  readonly componentId: string
  /** How many places knew something, and how many of them found it failing. */
  readonly places: number
  readonly failing: number
  readonly since: Instant
  readonly reason: ToldReason
  /** When it was found well again. */
  readonly wellSince: Instant | null
  /** Nobody measures it any more. */
  readonly isBlind: boolean
}

/** What is not in this list is told as an answer that was not as expected: that says the least. */
const toldReasons: Partial<Record<Reason, ToldReason>> = {
  timeout: 'timeout',
  refused: 'unreachable',
  reset: 'unreachable',
  unreachable: 'unreachable',
  proxy: 'unreachable',
  dns: 'name',
  rcode: 'name',
  lame: 'name',
  tls: 'insecure',
  certificate: 'insecure',
  latency: 'slow',
}

export function toldReason(reason: Reason | null): ToldReason {
  return (reason && toldReasons[reason]) ?? 'wrong'
}

/** More systems than these are named by the incident itself. */
const most = 5

/** What of the evidence readers may see: a line for each component, in the order in which they failed. */
export function told(kept: readonly KeptEvidence[], blind: ReadonlySet<string>): ToldMeasurement[] {
  const begins = kept.filter(({ moment }) => moment === 'begin')
  const first = new Map<string, KeptEvidence>()
  for (const one of begins) if (!first.has(one.probe.componentId)) first.set(one.probe.componentId, one)
  return [...first.values()].slice(0, most).map((one): ToldMeasurement => {
    const knowing = one.places.filter(({ state }) => state !== 'unknown')
    const failing = knowing.filter(({ state }) => state !== 'up')
    const isSilent = one.probe.kind === 'heartbeat'
    const reason = one.verdict.state === 'slow' ? 'slow' : toldReason(failing[0]?.reason ?? null)
    const end = kept.find(({ moment, probeId }) => moment === 'recovery' && probeId === one.probeId)
    return {
      componentId: one.probe.componentId,
      places: knowing.length,
      failing: failing.length,
      since: one.verdict.since,
      reason: isSilent ? 'silent' : reason,
      wellSince: end?.verdict.state === 'up' ? end.verdict.since : null,
      isBlind: blind.has(one.probeId),
    }
  })
}

/** What readers may see of an incident's evidence, and whose probes no longer look. */
export async function toldEvidence(db: Db, incidentId: string): Promise<ToldMeasurement[]> {
  const kept = (await evidenceKept(db, [incidentId])).get(incidentId) ?? []
  if (kept.length === 0) return []
  const rows = await db
    .selectFrom('probes')
    .select('id')
    .where(
      'id',
      'in',
      kept.map(({ probeId }) => probeId),
    )
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .execute()
  const running = new Set(rows.map(({ id }) => id))
  return told(kept, new Set(kept.map(({ probeId }) => probeId).filter((id) => !running.has(id))))
}
