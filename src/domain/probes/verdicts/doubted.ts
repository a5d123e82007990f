import type { Db } from '../../../database/database.ts'
import { type Instant, later, secondsBetween } from '../../../lib/clock.ts'
import { isCheckedFrom } from '../../places/place.ts'
import { listPlaces } from '../../places/queries.ts'

/** A place whose failures do not count, because it holds its own line to be cut, and where others answer all the same. */
export interface DoubtedPlace {
  readonly number: number
  readonly name: string
  /** Whose failures count for nothing. */
  readonly probes: readonly string[]
  /** Since when nothing was measured of the first of them. */
  readonly since: Instant
}

/** A line that is cut for a moment is nothing to look into; and one check that found it so may be by chance. */
const patience = { seconds: 300, intervals: 2 } as const
/** Who was not checked for so long says nothing of now: that the prober is silent is told elsewhere. */
const recentSeconds = 600

/**
 * Canaries that never answer mute every outage, and look like a line that is cut; but then nobody else answers either.
 * `began`: since when it is looked. What was not measured before is nobody's fault.
 */
export async function doubtedPlaces(
  db: Db,
  { now, began }: { now: Instant; began: Instant | null },
): Promise<DoubtedPlace[]> {
  const rows = await db
    .selectFrom('probe_states')
    .innerJoin('probes', 'probes.id', 'probe_states.probe_id')
    .select(['place', 'measured_at', 'last_at', 'probes.name', 'probes.places', 'interval_seconds', 'paused_at'])
    .select('probes.created_at')
    .where('last_reason', '=', 'offline')
    .where('probes.removed_at', 'is', null)
    .orderBy('probes.name')
    .orderBy('probes.id')
    .limit(1000)
    .execute()
  const muted = rows.flatMap((row) => {
    const places = row.places === null ? null : (JSON.parse(row.places) as number[])
    if (!isCheckedFrom({ pausedAt: row.paused_at, places }, row.place)) return []
    const measured = row.measured_at ?? row.created_at
    const since = began !== null && began > measured ? began : measured
    const longest = Math.max(patience.seconds, patience.intervals * row.interval_seconds)
    const isSo = row.last_at !== null && secondsBetween(since, row.last_at) > longest
    return isSo ? [{ place: row.place, name: row.name, since: measured }] : []
  })
  if (muted.length === 0) return []
  const answering = await db
    .selectFrom('probe_states')
    .select('place')
    .distinct()
    .where('last_outcome', 'in', ['pass', 'slow'])
    .where('last_at', '>', later(now, -recentSeconds))
    .orderBy('place')
    .execute()
  const answers = new Set(answering.map(({ place }) => place))
  return (await listPlaces(db)).flatMap(({ number, name }) => {
    const own = muted.filter(({ place }) => place === number)
    const [first] = own.toSorted((a, b) => (a.since < b.since ? -1 : 1))
    return first && answers.has(number)
      ? [{ number, name, probes: own.map((one) => one.name), since: first.since }]
      : []
  })
}
