import type { MetricCharted } from '../../domain/metrics/charting.ts'
import { type Amount, type Metric, together } from '../../domain/metrics/metric.ts'
import type { Range } from '../../domain/probes/checks/charting.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { type TicksAt, rowOf, ticksOf, whenOf } from './measured-charts.ts'
import { type Box, band, columns, roundTop, stepLine } from './plot.ts'

/** A figure that somebody else measured: as a picture, in words, and in numbers one step away. */
export interface MetricChart {
  readonly id: Range
  readonly title: string
  readonly label: string
  readonly summary: string
  readonly average: string
  /** From the lowest to the highest of each step. */
  readonly between: string
  readonly gaps: readonly Box[]
  readonly scale: readonly string[]
  readonly ticks: readonly string[]
  readonly ticksAt: TicksAt
  readonly rows: readonly {
    readonly when: Words
    readonly average: string
    readonly low: string
    readonly high: string
  }[]
}

type Named = Pick<Metric, 'suffix' | 'decimals'> & { readonly name: string }

/** Ranges in which something came in, from the shortest on; one that shows no more than the one before is left out. */
export function metricCharts(
  metric: Named,
  { charted, zone }: { readonly charted: readonly MetricCharted[]; readonly zone: string },
  reader: Reader,
): MetricChart[] {
  let before: Instant | null = null
  return charted.flatMap((one) => {
    const began = one.bounds[one.steps.findIndex((amount) => amount !== null)]
    const whole = together(one.steps.flatMap((amount) => amount ?? []))
    if (began === undefined || !whole || (before !== null && began >= before)) return []
    before = one.bounds[0] ?? null
    return [chartOf(metric, one, { whole, zone }, reader)]
  })
}

function chartOf(
  metric: Named,
  { range, bounds, steps }: MetricCharted,
  { whole, zone }: { readonly whole: Amount; readonly zone: string },
  reader: Reader,
): MetricChart {
  const [ground, top] = scaleOf(whole)
  const above = (of: (amount: Amount) => number): (number | null)[] =>
    steps.map((amount) => (amount ? of(amount) - ground : null))
  const say = (value: number): string => valueWords(metric, value, reader)
  const title = reader.say(`chart.${range}`)
  const rows = steps.flatMap((amount, step) => (amount ? [{ amount, at: bounds[step] as Instant }] : []))
  return {
    id: range,
    title,
    label: `${metric.name}, ${title}`,
    summary: reader.say('metric.summary', {
      average: say(whole.sum / whole.count),
      low: say(whole.low),
      high: say(whole.high),
    }),
    average: stepLine(
      above(({ sum, count }) => sum / count),
      top - ground,
    ),
    between: band(
      above(({ low }) => low),
      above(({ high }) => high),
      top - ground,
    ),
    gaps: columns(steps.map((amount) => amount === null)),
    scale: [top, (top + ground) / 2, ground].map(say),
    ...ticksOf(range, bounds, zone, reader),
    rows: [...Map.groupBy(rows, ({ at }) => rowOf(range, at, zone, reader))].toReversed().map(([row, those]) => {
      const amount = together(those.map((one) => one.amount)) ?? whole
      return {
        when: whenOf(range, row, reader),
        average: say(amount.sum / amount.count),
        low: say(amount.low),
        high: say(amount.high),
      }
    }),
  }
}

/** From 0 where nothing lies below it: a picture that begins elsewhere exaggerates. */
function scaleOf({ low, high }: Amount): [ground: number, top: number] {
  const ground = low < 0 ? -roundTop(-low, 1) : 0
  const top = high > 0 ? roundTop(high, 0.01) : 0
  return [ground, top > ground ? top : ground + 1]
}

/** `312 ms`, `99.4%` */
export function valueWords(
  { suffix, decimals }: Pick<Metric, 'suffix' | 'decimals'>,
  value: number,
  reader: Reader,
): string {
  const number = reader.dates.decimal(value, decimals)
  if (suffix === '') return number
  return suffix === '%' ? `${number}%` : `${number}\u{a0}${suffix}`
}
