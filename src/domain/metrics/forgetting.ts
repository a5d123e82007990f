import { type Db, inTransaction } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import { type Clock, millisecondsOf } from '../../lib/clock.ts'
import { readSite } from '../site/queries.ts'
import { dayNumberOf } from '../probes/checks/closing-days.ts'
import { listMetrics } from './queries.ts'

/** A day longer than values may come late, so that an hour is always made of all of them. */
const slotsKept = 8 * 288
const hoursKept = 35 * 24

/** Forgets values of metrics: each after eight days, their hours after 35, their days as those of probes. */
export async function forgetPoints(db: Db, clock: Clock): Promise<void> {
  const { zone, measuring } = await readSite(db)
  const now = millisecondsOf(clock.now())
  const hour = Math.floor(now / 3_600_000)
  for (const { number } of await listMetrics(db)) {
    await inTransaction(db, async (tx) => {
      const slot = Math.floor(now / 300_000) - slotsKept
      await tx.deleteFrom('metric_slots').where('metric', '=', number).where('slot', '<', slot).execute()
      const oldest = hour - hoursKept
      await tx.deleteFrom('metric_hours').where('metric', '=', number).where('hour', '<', oldest).execute()
      const day = dayNumberOf(hour, zone) - measuring.dayDays
      await tx.deleteFrom('metric_days').where('metric', '=', number).where('day', '<', day).execute()
    })
    await breath()
  }
}
