import type { Db } from '../../database/database.ts'
import { type Instant, instantOf, millisecondsOf } from '../../lib/clock.ts'
import { probesOfComponent } from './charting.ts'
import { percentileOf } from './latency.ts'
import { sumsByHour } from './roll-ups.ts'
import { addSum, noSum } from './sums.ts'

/** What the probes of a component found in an hour, taken together. */
export interface AnsweredHour {
  readonly hour: Instant
  readonly checks: number
  readonly failed: number
  readonly ms: number | null
  readonly slowest: number | null
}

export async function answersOfComponent(
  db: Db,
  componentId: string,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): Promise<AnsweredHour[]> {
  const [first, end] = [Math.floor(millisecondsOf(from) / 3_600_000), Math.ceil(millisecondsOf(until) / 3_600_000)]
  const sums = await sumsByHour(db, await probesOfComponent(db, componentId), { first, end })
  return [...Map.groupBy(sums, ({ period }) => period)].map(([hour, those]) => {
    const whole = noSum()
    for (const { sum } of those) addSum(whole, sum)
    const ms = percentileOf(whole.counts, whole.msMax, 0.5)?.ms ?? null
    const at = instantOf(hour * 3_600_000)
    return { hour: at, checks: whole.checks, failed: whole.failed, ms, slowest: ms === null ? null : whole.msMax }
  })
}
