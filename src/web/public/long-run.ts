import { uptimeOf, weights } from '../../domain/status/days.ts'
import type { Day } from '../../domain/status/snapshot-types.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { lostWords, uptimeWords } from './bars.ts'

/** A month of the reader's calendar: how much of it a system worked. */
export interface MonthLine {
  readonly month: string
  readonly uptime: string
  /** What was lost, in words; null where nothing was. */
  readonly lost: string | null
  /** Time lost, weighted, beside the worst of these months, in hundredths. */
  readonly share: number
}

/** Newest first. */
export function monthLines(days: readonly Day[], reader: Reader): MonthLine[] {
  const months = [...Map.groupBy(days, ({ day }) => reader.dates.monthOf(day))].map(([month, those]) => {
    const uptime = uptimeOf(those)
    const sum = those.reduce(added)
    return {
      month,
      uptime,
      sum,
      lost: weights.major * sum.major + weights.partial * sum.partial + weights.degraded * sum.degraded,
    }
  })
  const worst = Math.max(...months.map(({ lost }) => lost))
  return months.toReversed().map(({ month, uptime, sum, lost }) => ({
    month,
    uptime: uptimeWords(uptime, reader) ?? reader.say('bars.unmeasured'),
    lost: lostWords(sum, reader) || null,
    share: worst > 0 ? Math.ceil((lost / worst) * 100) : 0,
  }))
}

function added(sum: Day, day: Day): Day {
  return {
    day: day.day,
    seconds: sum.seconds + day.seconds,
    major: sum.major + day.major,
    partial: sum.partial + day.partial,
    degraded: sum.degraded + day.degraded,
    maintenance: sum.maintenance + day.maintenance,
    unknown: sum.unknown + day.unknown,
  }
}
