import { listPlaces } from '../../../domain/places/queries.ts'
import { type KeptEvidence, evidenceKept } from '../../../domain/probes/engine/kept-evidence.ts'
import type { Trace } from '../../../domain/probes/finding.ts'
import type { Settled } from '../../../domain/probes/probe.ts'
import type { Db } from '../../../database/database.ts'
import { later } from '../../../lib/clock.ts'
import { findingInWords } from './evidence.ts'
import type { MeasuredThen } from '../models.ts'

/** What was kept of an incident, in the order in which it was taken. */
export async function measuredThen(db: Db, incidentId: string): Promise<MeasuredThen[]> {
  const kept = (await evidenceKept(db, [incidentId])).get(incidentId) ?? []
  if (kept.length === 0) return []
  const places = new Map((await listPlaces(db)).map(({ number, name }) => [number, name]))
  const nameOf = (place: number): string => places.get(place) ?? `place ${place}`
  return kept.map((one) => {
    const slowest = Math.max(1, ...one.checks.map(([, , , ms]) => ms ?? 0))
    return {
      id: `${one.probeId}-${one.moment}`,
      name: one.probe.name,
      moment: one.moment,
      takenAt: one.takenAt,
      state: one.verdict.state,
      since: one.verdict.since,
      places: one.places.map(({ place, state, since, reason, trace }) => ({
        name: nameOf(place),
        state,
        since,
        finding: findingOf(state, reason),
        trace: trace ? traceInWords(trace) : [],
      })),
      checks: one.checks
        .map(([ago, place, outcome, ms, code]) => ({
          at: later(one.takenAt, -ago),
          place: nameOf(place),
          outcome,
          finding: findingInWords({ outcome, reason: null, ms: null, code }),
          ms,
          height: outcome === 'inconclusive' ? 30 : Math.max(12, Math.round(((ms ?? slowest) / slowest) * 100)),
        }))
        .toReversed(),
      verdicts: one.verdicts.map(({ at, to, reason }) => ({ at, state: to, finding: findingOf(to, reason) })),
    }
  })
}

function traceInWords({ phases, certificate }: Trace): string[] {
  const laps = phases && [
    ['name found', phases.dns],
    ['connected', phases.connect],
    ['encrypted', phases.tls],
    ['first byte', phases.firstByte],
    ['rest', phases.body],
  ]
  const whose = certificate && `of ${certificate.subject || 'nobody'} from ${certificate.issuer || 'nobody'}`
  const until = certificate?.validUntil ? `, valid until ${certificate.validUntil}` : ''
  return [
    ...(laps ? [laps.flatMap(([lap, ms]) => (ms === null ? [] : [`${lap} ${ms} ms`])).join(', ')] : []),
    ...(certificate
      ? [`certificate ${whose}${until}${certificate.fault ? `, not trusted: ${certificate.fault}` : ''}`]
      : []),
  ]
}

function findingOf(state: Settled, reason: KeptEvidence['places'][number]['reason']): string | null {
  if (state === 'up' || reason === null) return null
  return findingInWords({ outcome: 'fail', reason, ms: null, code: null })
}
