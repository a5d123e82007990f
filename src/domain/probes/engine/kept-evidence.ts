import type { Db } from '../../../database/database.ts'
import { type Instant, later, secondsBetween } from '../../../lib/clock.ts'
import type { Change } from '../../changes/change.ts'
import { latestChecks } from '../checks/checks.ts'
import type { Outcome, Reason, Trace } from '../finding.ts'
import type { Probe, Settled } from '../probe.ts'
import { statesOf } from '../verdicts/states.ts'
import { readVerdict, voiceOf } from '../verdicts/verdicts.ts'

/** What was measured at the beginning of an incident, or at its end, when the checks themselves are forgotten. */
export interface KeptEvidence {
  readonly probeId: string
  readonly moment: 'begin' | 'recovery'
  readonly takenAt: Instant
  readonly probe: { readonly name: string; readonly kind: string; readonly componentId: string }
  readonly verdict: { readonly state: Settled; readonly since: Instant }
  /** Who saw what, by the number of the place. */
  readonly places: readonly {
    readonly place: number
    readonly state: Settled
    readonly since: Instant
    readonly reason: Reason | null
    /** Of its last check: where the time went, and whose certificate it met. Left out where its kind knows neither. */
    readonly trace?: Trace
  }[]
  /** Newest first: seconds before it was taken, place, outcome, milliseconds, code. */
  readonly checks: readonly KeptCheck[]
  readonly verdicts: readonly { readonly at: Instant; readonly to: Settled; readonly reason: Reason | null }[]
}

export type KeptCheck = readonly [ago: number, place: number, outcome: Outcome, ms: number | null, code: number | null]

/** With a kilobyte or two each, an incident keeps no more than 16. */
const mostProbes = 8
const mostChecks = 30
const mostPlaces = 12
const mostVerdicts = 8
/** So many seconds before the failure began are kept, too. */
const before = 180

/**
 * Takes down what is known now. What was taken of this probe at this moment before stays. Never an address
 * or a byte of an answer; of a certificate, whose it is.
 */
export async function keepEvidence(
  change: Change,
  {
    incidentId,
    probe,
    moment,
  }: { readonly incidentId: string; readonly probe: Probe; readonly moment: 'begin' | 'recovery' },
): Promise<void> {
  const { tx, now } = change
  const verdict = await readVerdict(tx, probe.id)
  if (!verdict) return
  const kept = await tx
    .selectFrom('incident_evidence')
    .select(['probe_id', 'moment'])
    .where('incident_id', '=', incidentId)
    .execute()
  if (moment === 'begin' && kept.some((one) => one.probe_id === probe.id && one.moment === moment)) return
  if (new Set(kept.map((one) => one.probe_id)).add(probe.id).size > mostProbes) return
  const found: Omit<KeptEvidence, 'probeId' | 'moment' | 'takenAt'> = {
    probe: { name: probe.name, kind: probe.kind, componentId: probe.componentId },
    verdict: { state: verdict.state, since: verdict.since },
    places: (await statesOf(tx, probe.id)).slice(0, mostPlaces).map((state) => ({
      ...voiceOf(state),
      ...(state.last?.trace ? { trace: state.last.trace } : {}),
    })),
    checks: (await latestChecks(tx, probe.id, sinceWhen(verdict.since, now), mostChecks)).map(
      ({ at, place, outcome, ms, code }): KeptCheck => [secondsBetween(at, now), place, outcome, ms, code],
    ),
    verdicts: await verdictsOf(tx, probe.id),
  }
  const row = { taken_at: now, evidence: JSON.stringify(found) }
  await tx
    .insertInto('incident_evidence')
    .values({ incident_id: incidentId, probe_id: probe.id, moment, ...row })
    .onConflict((conflict) => conflict.columns(['incident_id', 'probe_id', 'moment']).doUpdateSet(row))
    .execute()
}

/** Each second is looked up, so not further back than it helps. */
function sinceWhen(since: Instant, now: Instant): Instant {
  const from = later(since, -before)
  const earliest = later(now, -1800)
  return from > earliest ? from : earliest
}

/** Newest first. */
async function verdictsOf(db: Db, probeId: string): Promise<KeptEvidence['verdicts']> {
  const rows = await db
    .selectFrom('events')
    .select(['at', 'data'])
    .where('subject', '=', probeId)
    .where('type', '=', 'probe.verdict')
    .orderBy('seq', 'desc')
    .limit(mostVerdicts)
    .execute()
  return rows.map(({ at, data }) => {
    const { to, reason } = JSON.parse(data) as { to: Settled; reason: Reason | null }
    return { at, to, reason }
  })
}

/** What was kept of incidents, by the incident: probes in the order in which they were taken, the beginning first. */
export async function evidenceKept(db: Db, incidents: readonly string[]): Promise<Map<string, KeptEvidence[]>> {
  const byIncident = new Map<string, KeptEvidence[]>()
  for (let at = 0; at < incidents.length; at += 500) {
    const rows = await db
      .selectFrom('incident_evidence')
      .selectAll()
      .where('incident_id', 'in', incidents.slice(at, at + 500))
      .orderBy('taken_at')
      .orderBy('probe_id')
      .orderBy('moment')
      .execute()
    for (const row of rows) {
      const one: KeptEvidence = {
        ...(JSON.parse(row.evidence) as Omit<KeptEvidence, 'probeId' | 'moment' | 'takenAt'>),
        probeId: row.probe_id,
        moment: row.moment,
        takenAt: row.taken_at,
      }
      byIncident.set(row.incident_id, [...(byIncident.get(row.incident_id) ?? []), one])
    }
  }
  return byIncident
}
