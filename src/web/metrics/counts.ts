import type { Deps } from '../../deps.ts'
import { millisecondsOf } from '../../lib/clock.ts'
import type { Sample } from '../../lib/meters.ts'

type Db = Deps['db']

const states = ['unknown', 'up', 'slow', 'intermittent', 'down', 'paused'] as const

/** Probes that are not removed, by what is said of them; each state stands there, also where there are none. */
export async function probeCounts(db: Db): Promise<Sample[]> {
  const rows = await db
    .selectFrom('probes')
    .leftJoin('probe_verdicts', 'probe_verdicts.probe_id', 'probes.id')
    .select((eb) => [
      eb
        .case()
        .when('probes.paused_at', 'is not', null)
        .then('paused')
        .else(eb.fn.coalesce('probe_verdicts.state', eb.val('unknown')))
        .end()
        .as('found'),
      eb.fn.countAll<number>().as('count'),
    ])
    .where('probes.removed_at', 'is', null)
    .groupBy('found')
    .orderBy('found')
    .execute()
  const counts = new Map(rows.map(({ found, count }) => [found, Number(count)]))
  return states.map((state) => ({ labels: { state }, value: counts.get(state) ?? 0 }))
}

/** Incidents that are not over: drafts that wait, and those that readers see. */
export async function incidentCounts(db: Db): Promise<Sample[]> {
  const row = await db
    .selectFrom('incidents')
    .select((eb) => [eb.fn.countAll<number>().as('all'), eb.fn.count<number>('told_at').as('told')])
    .where('over_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .executeTakeFirst()
  const [all, told] = [Number(row?.all ?? 0), Number(row?.told ?? 0)]
  return [
    { labels: { state: 'draft' }, value: all - told },
    { labels: { state: 'open' }, value: told },
  ]
}

/** In seconds since 1970; null: never. */
export async function lastHeartbeat(db: Db): Promise<number | null> {
  const row = await db.selectFrom('heartbeats').select('at').orderBy('at', 'desc').limit(1).executeTakeFirst()
  return row ? millisecondsOf(row.at) / 1000 : null
}
