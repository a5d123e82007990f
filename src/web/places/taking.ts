import type { Deps } from '../../deps.ts'
import { noteHeard, noteTaken } from '../../domain/places/hearing.ts'
import type { Correspondent } from '../../domain/places/queries.ts'
import type { Check } from '../../domain/probes/probe.ts'
import { statesAtOf } from '../../domain/probes/verdicts/states.ts'
import { instantOf, millisecondsOf } from '../../lib/clock.ts'
import type { Report, Taken } from '../../outbound/probing/place-wire.ts'
import { takeResults } from '../../outbound/probing/take-results.ts'

type TakingParts = Pick<Deps, 'db' | 'change' | 'clock' | 'meters' | 'reserve'>

/** Older than anything that is kept by the check; and a clock that is so far ahead was measured wrongly. */
const [oldestMs, aheadMs] = [24 * 3_600_000, 2000]

/** Takes a report in, exactly once: what was taken of it before, whole or in part, is left out. */
export async function takeReport(
  parts: TakingParts,
  { number, lastBatch }: Correspondent,
  report: Report,
  revisions: ReadonlyMap<string, string>,
): Promise<Taken> {
  const { db, clock } = parts
  const now = clock.now()
  await noteHeard(db, number, { at: now, clockMs: report.clockMs, version: report.version })
  if (report.batch <= lastBatch) return { hangs: {} }
  const [earliest, latest] = [millisecondsOf(now) - oldestMs, millisecondsOf(now)]
  const checks = report.results
    .filter(({ probeId, revision, at }) => revisions.get(probeId) === revision && at >= earliest)
    .map(({ probeId, at, outcome, reason, ms, code, trace }): Check => {
      const moment = at > latest + aheadMs ? latest : at
      return { probeId, at: instantOf(Math.floor(moment)), outcome, reason, ms, code, ...(trace ? { trace } : {}) }
    })
  const fresh = report.again === 'yes' ? await unknownOf(parts, number, checks) : checks
  const hangs = await takeResults(
    parts,
    Map.groupBy(fresh, (check) => check.probeId),
    number,
  )
  await noteTaken(db, number, report.session, report.batch)
  return { hangs }
}

/**
 * Those that were not taken when we ended, or lost our database, in the middle of this report. Its checks have the same
 * moments each time it is sent.
 */
async function unknownOf({ db }: TakingParts, place: number, checks: readonly Check[]): Promise<Check[]> {
  const states = await statesAtOf(db, place, [...new Set(checks.map(({ probeId }) => probeId))])
  return checks.filter((check) => {
    const last = states.get(check.probeId)?.last
    return !last || check.at > last.at
  })
}
