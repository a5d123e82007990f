import type { Db } from '../../database/database.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { here, isCheckedFrom } from '../places/place.ts'
import { isRevoked } from '../places/queries.ts'
import type { Probe, ProbeState } from './probe.ts'
import { isOutOfSight, settled } from './verdict.ts'

interface Lost {
  readonly id: string
  readonly name: string
  readonly place: number
}

/**
 * What is known from a place that has been silent for too long, was revoked, or is no longer to check it. O(probes),
 * without reading their states whole.
 */
export async function outOfSight(db: Db, now: Instant): Promise<Lost[]> {
  const often = await db
    .selectFrom('probes')
    .select((eb) => eb.fn.min('interval_seconds').as('seconds'))
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .executeTakeFirst()
  const rows = await db
    .selectFrom('probe_states')
    .innerJoin('probes', 'probes.id', 'probe_states.probe_id')
    .leftJoin('places', 'places.number', 'probe_states.place')
    .select([
      'probes.id',
      'probes.name',
      'place',
      'places',
      'measured_at',
      'interval_seconds',
      'timeout_ms',
      'revoked_at',
    ])
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('state', '!=', 'unknown')
    // Nothing is out of sight sooner: most rows are not even brought here.
    .where((eb) =>
      eb.or([
        eb('measured_at', '<', later(now, -2 * Number(often?.seconds ?? 0))),
        eb('places', 'is not', null),
        eb('revoked_at', 'is not', null),
      ]),
    )
    .orderBy('probes.id')
    .orderBy('place')
    .limit(100_000)
    .execute()
  return rows.filter(({ place, measured_at: at, interval_seconds: intervalSeconds, timeout_ms: timeoutMs, ...row }) => {
    if (row.revoked_at !== null) return true
    if (row.places !== null && !(JSON.parse(row.places) as number[]).includes(place)) return true
    return at !== null && isSilent(at, now, { place, intervalSeconds, timeoutMs })
  })
}

/** Whether what a place knows of a probe is no longer known. */
export async function isLost(db: Db, state: ProbeState, probe: Probe, now: Instant): Promise<boolean> {
  if (probe.pausedAt !== null || state.measuredAt === null || settled(state) === 'unknown') return false
  if (isSilent(state.measuredAt, now, { ...probe, place: state.place })) return true
  return !isCheckedFrom(probe, state.place) || (await isRevoked(db, state.place))
}

/** What comes from afar may come one interval, and the time that a batch is on its way, later. */
function isSilent(
  measuredAt: Instant,
  now: Instant,
  rhythm: Pick<Probe, 'intervalSeconds' | 'timeoutMs'> & { readonly place: number },
): boolean {
  const grace = rhythm.place === here ? 0 : rhythm.intervalSeconds + batchSeconds
  return isOutOfSight(later(measuredAt, grace), now, rhythm)
}

const batchSeconds = 15
