import { type Db, inTransaction } from '../../../database/database.ts'
import { giveBackSpace } from '../../../database/dialect.ts'
import { breath } from '../../../lib/breath.ts'
import { type Clock, millisecondsOf } from '../../../lib/clock.ts'
import { readSite } from '../../site/queries.ts'
import { dayNumberOf } from './closing-days.ts'
import { pageOfRows } from './portions.ts'
import { spanOf } from './roll-ups.ts'

/** Pages of 4 kB that are given back in one go. */
const pagesAtOnce = 100
const mostGoes = 50

/**
 * Forgets packed checks, hours and days that are older than the site keeps them, a portion at a time, and gives the space
 * back to the disk in small steps. Hours and days go with the last one of their row. Costs what it forgets.
 */
export async function forgetChecks(db: Db, clock: Clock): Promise<void> {
  const { zone, measuring } = await readSite(db)
  const hour = Math.floor(millisecondsOf(clock.now()) / 3_600_000)
  await forgetBefore(db, 'check_samples', 'hour', hour - measuring.rawHours)
  await forgetBefore(db, 'check_hours', 'span', spanOf('check_hours', hour - measuring.hourDays * 24))
  await forgetBefore(db, 'check_days', 'span', spanOf('check_days', dayNumberOf(hour, zone) - measuring.dayDays))
  for (let go = 0; go < mostGoes; go += 1) {
    await giveBackSpace(db, pagesAtOnce)
    await breath()
  }
}

async function forgetBefore(
  db: Db,
  table: 'check_samples' | 'check_hours' | 'check_days',
  period: 'hour' | 'span',
  before: number,
): Promise<void> {
  for (;;) {
    const next = await db
      .selectFrom(table)
      .select([period as never, 'probe'])
      .where(period as never, '<', before as never)
      .orderBy(period as never)
      .orderBy('probe')
      .offset(pageOfRows)
      .limit(1)
      .executeTakeFirst()
    const end = next as Record<string, number> | undefined
    await inTransaction(db, (tx) =>
      tx
        .deleteFrom(table)
        .where(period as never, '<=', (end?.[period] ?? before - 1) as never)
        .where((eb) =>
          end
            ? eb.or([
                eb(period as never, '<', end[period] as never),
                // The probe that the portion ends with goes as a whole.
                eb('probe', '<=', end['probe'] as never),
              ])
            : eb.lit(true),
        )
        .execute(),
    )
    await breath()
    if (!end) return
  }
}
