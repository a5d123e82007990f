import type { Db } from '../../database/database.ts'
import { monthBefore } from '../../lib/dates.ts'
import { type DayName, startOfDay } from '../../lib/days.ts'
import { type RecordLine, medianOf, toldDelay } from './record.ts'

/**
 * The record in a line, of the same months as the page. Read with every snapshot: it costs the incidents and promises of
 * these months, out of indexes that hold all that is asked for, and no history.
 */
export async function recordLine(db: Db, today: DayName, zone: string): Promise<RecordLine> {
  let first = today.slice(0, 7)
  for (let count = 1; count < 12; count += 1) first = monthBefore(first)
  const from = startOfDay(`${first}-01`, zone)
  const incidents = await db
    .selectFrom('incidents')
    .select(['began_at', 'source', 'noticed_at', 'told_at'])
    .where('began_at', '>=', from)
    .where('told_at', 'is not', null)
    .where('dismissed_at', 'is', null)
    .where('annulled_at', 'is', null)
    .execute()
  const promises = await db
    .selectFrom('promises')
    .select((eb) => ['outcome', eb.fn.countAll<number>().as('count')])
    .where('decided_at', '>=', from)
    .where('kind', '=', 'update')
    .groupBy('outcome')
    .execute()
  const count = (outcome: string): number => Number(promises.find((row) => row.outcome === outcome)?.count ?? 0)
  const delays = incidents.flatMap(
    (row) => toldDelay({ source: row.source, noticedAt: row.noticed_at, toldAt: row.told_at ?? row.began_at }) ?? [],
  )
  return { told: medianOf(delays), promises: { made: count('kept') + count('missed'), kept: count('kept') } }
}
