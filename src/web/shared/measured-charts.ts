import {
  type ChartFacts,
  type Charted,
  type PlaceSteps,
  type Range,
  availabilityOf,
  together,
} from '../../domain/probes/checks/charting.ts'
import { here, unnamed } from '../../domain/places/place.ts'
import { percentileOf } from '../../domain/probes/checks/latency.ts'
import { type Sum, addSum, noSum } from '../../domain/probes/checks/sums.ts'
import { flooredPercent } from '../../domain/status/days.ts'
import type { Instant } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { type Box, band, bars, columns, roundTop, stepLine } from './plot.ts'

/** How fast something answered, and how much of the time: as a picture, in words, and in numbers one step away. */
export interface MeasuredChart {
  readonly id: Range
  readonly title: string
  /** For those who do not see it. */
  readonly label: string
  readonly summary: string
  /** Null: nothing answered. */
  readonly plot: Plot | null
  readonly ticks: readonly string[]
  readonly ticksAt: TicksAt
  /** One for each place. */
  readonly strips: readonly Strip[]
  readonly rows: readonly Row[]
}

/** Whether ticks stand at points from one end to the other, or at the beginning of equal parts. */
export type TicksAt = 'points' | 'parts'

interface Plot {
  /** What half of the answers took at most; up to what 95 % took, an area; and what 99 % took. */
  readonly half: string
  readonly most: string
  readonly nearly: string
  readonly gaps: readonly Box[]
  /** From top to ground. */
  readonly scale: readonly string[]
}

/** Whether it answered. */
interface Strip {
  /** The number of the place. */
  readonly id: number
  /** Null where there is only one place. */
  readonly place: string | null
  readonly answered: string
  readonly label: string
  readonly failures: readonly Box[]
  readonly gaps: readonly Box[]
}

interface Row {
  readonly when: Words
  readonly half: string
  readonly most: string
  readonly nearly: string
  readonly slowest: string
  readonly answered: string
}

interface Facts extends ChartFacts {
  readonly zone: string
}

/** Ranges in which something was measured, from the shortest on; one that shows no more than the one before is left out. */
export function measuredCharts({ charted, places, zone }: Facts, reader: Reader): MeasuredChart[] {
  let before: Instant | null = null
  return charted.flatMap((one) => {
    const first = one.places.length === 0 ? -1 : together(one.places).findIndex((sum) => sum !== null)
    const began = one.bounds[first]
    if (began === undefined || (before !== null && began >= before)) return []
    before = one.bounds[0] ?? null
    return [chartOf(one, { places, zone }, reader)]
  })
}

function chartOf(
  { range, bounds, places }: Charted,
  { places: names, zone }: Omit<Facts, 'charted'>,
  reader: Reader,
): MeasuredChart {
  const steps = together(places)
  const whole = sumOf(steps)
  const title = reader.say(`chart.${range}`)
  const figures = figuresOf(whole, reader)
  return {
    id: range,
    title,
    label: `${reader.say('chart.title')}, ${title}`,
    summary: figures === null ? reader.say('chart.noAnswer') : reader.say('chart.percentiles', { ...figures }),
    plot: plotOf(steps, reader),
    ...ticksOf(range, bounds, zone, reader),
    strips: places.map((one) => stripOf(one, places.length > 1 ? (names.get(one.place) ?? '…') : null, reader)),
    rows: rowsOf(range, { steps, bounds, zone }, reader),
  }
}

function sumOf(steps: readonly (Sum | null)[]): Sum {
  const whole = noSum()
  for (const sum of steps) if (sum) addSum(whole, sum)
  return whole
}

const shares = { half: 0.5, most: 0.95, nearly: 0.99 } as const

function figuresOf({ counts, msMax }: Sum, { dates }: Reader): Record<keyof typeof shares | 'slowest', string> | null {
  const [half, most, nearly] = Object.values(shares).map((share) => percentileOf(counts, msMax, share)?.ms)
  if (half === undefined || most === undefined || nearly === undefined) return null
  const say = (ms: number): string => dates.milliseconds(ms)
  return { half: say(half), most: say(most), nearly: say(nearly), slowest: say(msMax) }
}

function plotOf(steps: readonly (Sum | null)[], reader: Reader): Plot | null {
  const values = (share: number): (number | null)[] =>
    steps.map((sum) => (sum ? (percentileOf(sum.counts, sum.msMax, share)?.ms ?? null) : null))
  const [half, most, nearly] = [values(shares.half), values(shares.most), values(shares.nearly)]
  const slowest = nearly.filter((ms) => ms !== null).toSorted((a, b) => a - b)
  if (slowest.length === 0) return null
  // A rare peak of the slowest hundredth is cut off at the top, or nothing else would be seen; the numbers have it.
  const usual = slowest[Math.floor(0.9 * (slowest.length - 1))] ?? 0
  const highest = slowest.at(-1) ?? 0
  const top = roundTop(Math.max(highest > 2 * usual ? usual : highest, ...most.map((ms) => ms ?? 0)), 10)
  return {
    half: stepLine(half, top),
    most: band(half, most, top),
    nearly: stepLine(nearly, top),
    gaps: columns(steps.map((sum) => !isMeasured(sum))),
    scale: [top, top / 2, 0].map((ms) => reader.say('chart.ms', { ms })),
  }
}

function isMeasured(sum: Sum | null): boolean {
  return sum !== null && sum.seconds > 0
}

function stripOf({ place: id, steps }: PlaceSteps, place: string | null, reader: Reader): Strip {
  const answered = answeredWords(sumOf(steps), reader)
  return {
    id,
    place,
    answered,
    label: [reader.say('chart.answered'), ...(place === null ? [] : [place]), answered].join(', '),
    failures: bars(steps.map((sum) => (sum && sum.seconds > 0 ? sum.failedSeconds / sum.seconds : null))),
    gaps: columns(steps.map((sum) => !isMeasured(sum))),
  }
}

function answeredWords(sum: Sum, reader: Reader): string {
  const share = availabilityOf(sum)
  return share === null ? '–' : reader.dates.percent(flooredPercent(share))
}

export function ticksOf(
  range: Range,
  bounds: readonly Instant[],
  zone: string,
  { dates }: Reader,
): { ticks: string[]; ticksAt: TicksAt } {
  const steps = bounds.length - 1
  const at = (parts: number): Instant[] =>
    Array.from({ length: parts }, (_, part) => bounds[Math.round((part * steps) / parts)] as Instant)
  if (range === 'day') {
    const points = [...at(4), bounds[steps] as Instant]
    return { ticks: points.map((instant) => dates.time(instant)), ticksAt: 'points' }
  }
  if (range === 'week') return { ticks: at(7).map((instant) => dates.weekday(dayOf(instant, zone))), ticksAt: 'parts' }
  return { ticks: at(5).map((instant) => dates.dayTick(dayOf(instant, zone))), ticksAt: 'parts' }
}

function rowsOf(
  range: Range,
  { steps, bounds, zone }: { steps: readonly (Sum | null)[]; bounds: readonly Instant[]; zone: string },
  reader: Reader,
): Row[] {
  const measured = steps.flatMap((sum, step) => (sum ? [{ sum, at: bounds[step] as Instant }] : []))
  return [...Map.groupBy(measured, ({ at }) => rowOf(range, at, zone, reader))].toReversed().map(([row, those]) => {
    const sum = sumOf(those.map((one) => one.sum))
    const none = { half: '–', most: '–', nearly: '–', slowest: '–' }
    return {
      when: whenOf(range, row, reader),
      ...(figuresOf(sum, reader) ?? none),
      answered: answeredWords(sum, reader),
    }
  })
}

/** What stands in one row of the numbers together: an hour, a day, or a month of the reader's calendar. */
export function rowOf(range: Range, at: Instant, zone: string, { dates }: Reader): string {
  if (range === 'day') return `${at.slice(0, 13)}:00:00.000Z`
  const day = dayOf(at, zone)
  return range === 'week' || range === 'month' ? dates.dayOfYear(day) : dates.monthOf(day)
}

export function whenOf(range: Range, row: string, reader: Reader): Words {
  return range === 'day' ? [reader.time(row as Instant)] : [row]
}

/** What readers call places: “Here” says nothing to somebody who is elsewhere. */
export function placesForReaders(
  places: ReadonlyMap<number, string>,
  reader: Pick<Reader, 'say'>,
): ReadonlyMap<number, string> {
  if (places.get(here) !== unnamed) return places
  return new Map([...places, [here, reader.say('chart.here')]])
}
