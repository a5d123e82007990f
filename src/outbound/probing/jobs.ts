import type { Db } from '../../database/database.ts'
import { isCheckedFrom } from '../../domain/places/place.ts'
import { keptFrom } from '../../domain/places/trusting.ts'
import type { Probe, ProbeState } from '../../domain/probes/probe.ts'
import { listProbes, probesOf } from '../../domain/probes/queries.ts'
import { questionsOf } from '../../domain/probes/secrets.ts'
import { statesAt, statesAtOf } from '../../domain/probes/verdicts/states.ts'
import { isUnsettled } from '../../domain/probes/verdicts/verdict.ts'
import type { Vault } from '../../lib/vault.ts'
import type { ProbeJob } from './wire.ts'

export interface JobParts {
  readonly db: Db
  readonly vault: Vault
}

/** Everything that is checked from a place. */
export async function allJobs({ db, vault }: JobParts, place: number): Promise<ProbeJob[]> {
  const kept = await keptFrom(db, place)
  const probes = (await listProbes(db)).filter((probe) => isCheckedFrom(probe, place) && !kept.has(probe.id))
  const jobs = await jobsFor({ db, vault }, probes, await statesAt(db, place))
  // What was given a secret, or a place that lost its trust, while this was read.
  const since = await keptFrom(db, place)
  return jobs.filter(({ id }) => !since.has(id))
}

/** What to do about these probes: those that are checked from a place, and the ids of those that are not, or no longer. */
export async function changedJobs(
  { db, vault }: JobParts,
  ids: readonly string[],
  place: number,
): Promise<{ probes: ProbeJob[]; gone: string[] }> {
  const probes = [...(await probesOf(db, ids)).values()].filter((probe) => isCheckedFrom(probe, place))
  const kept = new Set(probes.map(({ id }) => id))
  return {
    probes: await jobsFor({ db, vault }, probes, await statesAtOf(db, place, ids)),
    gone: ids.filter((id) => !kept.has(id)),
  }
}

/**
 * Whose probes changed after an event: `all` where it cannot be told one by one, as where the `latest` is one before it: a
 * copy of the database took over that lacks the last changes. Verdicts change nothing of what is asked, and in an outage there
 * are thousands.
 */
export async function probesChangedSince(db: Db, seq: number, latest: number): Promise<readonly string[] | 'all'> {
  if (latest < seq) return 'all'
  const rows = await db
    .selectFrom('events')
    .select(['type', 'subject'])
    .distinct()
    .where('seq', '>', seq)
    .where('type', '!=', 'probe.verdict')
    .where((eb) =>
      eb.or([
        eb('type', 'like', 'probe.%'),
        eb('type', 'like', 'place.%'),
        eb('type', '=', 'component.removed'),
        eb('type', 'like', 'site.%'),
      ]),
    )
    .limit(most + 1)
    .execute()
  const isOne = rows.length <= most && rows.every(({ type }) => type.startsWith('probe.'))
  return isOne ? [...new Set(rows.map(({ subject }) => subject))] : 'all'
}

/** More than these are read at once as quickly as one by one. */
const most = 1000

async function jobsFor(
  { db, vault }: JobParts,
  probes: readonly Probe[],
  states: ReadonlyMap<string, ProbeState>,
): Promise<ProbeJob[]> {
  const questions = await questionsOf(db, vault, probes)
  return probes.flatMap(({ id, intervalSeconds, confirmSeconds }) => {
    const question = questions.get(id)
    // A heartbeat is nobody's job: it calls us.
    if (!question || question.kind === 'heartbeat') return []
    const state = states.get(id)
    return {
      ...question,
      id,
      intervalMs: intervalSeconds * 1000,
      confirmMs: confirmSeconds === null ? null : confirmSeconds * 1000,
      hangs: !state || isUnsettled(state) ? 'yes' : 'no',
    }
  })
}
