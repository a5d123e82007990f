import { type Db, inTransaction } from '../../database/database.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { hourOf } from '../status/moments.ts'

const keptDays = 90

/**
 * Sums up the days that are over, hour by hour, and forgets what told one reader from another; then the hours as well,
 * after three months. Safe to run twice, and safe to miss.
 */
export async function forgetReports(db: Db, clock: Clock): Promise<void> {
  const today = `${clock.now().slice(0, 10)}T00:00:00.000Z` as Instant
  await inTransaction(db, async (tx) => {
    const rows = await tx
      .deleteFrom('reports')
      .where('at', '<', today)
      .returning(['incident_id', 'component_id', 'at'])
      .execute()
    const hours = Map.groupBy(rows, ({ incident_id: incident, component_id: component, at }) =>
      JSON.stringify([incident ?? '', component ?? '', hourOf(at)]),
    )
    for (const [key, { length: reports }] of hours) {
      const [incident, component, hour] = JSON.parse(key) as [string, string, Instant]
      await tx
        .insertInto('report_hours')
        .values({ incident_id: incident, component_id: component, hour, reports })
        .onConflict((on) =>
          on
            .columns(['incident_id', 'component_id', 'hour'])
            .doUpdateSet((eb) => ({ reports: eb('report_hours.reports', '+', reports) })),
        )
        .execute()
    }
    await tx
      .deleteFrom('report_hours')
      .where('hour', '<', later(today, -keptDays * 86_400))
      .execute()
  })
}
