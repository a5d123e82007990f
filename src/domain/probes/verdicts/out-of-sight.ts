import type { Db } from '../../../database/database.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import { here, isCheckedFrom } from '../../places/place.ts'
import { isRevoked } from '../../places/queries.ts'
import type { Probe, ProbeState } from '../probe.ts'
import { isOutOfSight, settled } from './verdict.ts'

interface Lost {
  readonly id: string
  readonly name: string
  readonly place: number
}

/**
 * What is known from a place that has been silent for too long, was revoked, or is no longer to check it. Asked every
 * second: costs what is silent, not what is watched.
 */
export async function outOfSight(db: Db, now: Instant): Promise<Lost[]> {
  const often = await db
    .selectFrom('probes')
    .select((eb) => eb.fn.min('interval_seconds').as('seconds'))
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .executeTakeFirst()
  // Nothing is out of sight sooner.
  const silent = await known(db)
    .where('measured_at', '<', later(now, -2 * Number(often?.seconds ?? 0)))
    .execute()
  // From the few that have chosen, not from all that is known; “is not null” would find them in no index.
  const choosing = db.selectFrom('probes').select('id').where('places', '>', '')
  const chosen = await known(db).where('probe_states.probe_id', 'in', choosing).execute()
  const revoked = await revokedPlaces(db)
  const left = revoked.length === 0 ? [] : await known(db).where('place', 'in', revoked).execute()
  const rows = new Map([...silent, ...chosen, ...left].map((row) => [`${row.id} ${row.place}`, row]))
  return [...rows.values()].filter((row) => {
    const { place, measured_at: at, interval_seconds: intervalSeconds, timeout_ms: timeoutMs } = row
    if (revoked.includes(place)) return true
    if (row.places !== null && !(JSON.parse(row.places) as number[]).includes(place)) return true
    return at !== null && isSilent(at, now, { place, intervalSeconds, timeoutMs })
  })
}

/** What each place knows of what it watches. */
function known(db: Db) {
  return db
    .selectFrom('probe_states')
    .innerJoin('probes', 'probes.id', 'probe_states.probe_id')
    .select(['probes.id', 'probes.name', 'place', 'places', 'measured_at', 'interval_seconds', 'timeout_ms'])
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('state', '!=', 'unknown')
    .orderBy('probes.id')
    .orderBy('place')
    .limit(100_000)
}

async function revokedPlaces(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('places')
    .select('number')
    .where('revoked_at', 'is not', null)
    .orderBy('number')
    .limit(1000)
    .execute()
  return rows.map((row) => row.number)
}

/** Whether what a place knows of a probe is no longer known. */
export async function isLost(db: Db, state: ProbeState, probe: Probe, now: Instant): Promise<boolean> {
  if (probe.pausedAt !== null || state.measuredAt === null || settled(state) === 'unknown') return false
  if (isSilent(state.measuredAt, now, { ...probe, place: state.place })) return true
  return !isCheckedFrom(probe, state.place) || (await isRevoked(db, state.place))
}

/** Whether what was measured last says nothing of now. What comes from afar may come one interval, and the time that a batch is on its way, later. */
export function isSilent(
  measuredAt: Instant,
  now: Instant,
  rhythm: Pick<Probe, 'intervalSeconds' | 'timeoutMs'> & { readonly place: number },
): boolean {
  const grace = rhythm.place === here ? 0 : rhythm.intervalSeconds + batchSeconds
  return isOutOfSight(later(measuredAt, grace), now, rhythm)
}

const batchSeconds = 15
