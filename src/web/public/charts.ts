import type { AnsweredHour } from '../../domain/probes/answers.ts'
import { type Instant, instantOf, later, millisecondsOf, secondsBetween } from '../../lib/clock.ts'
import { type DayName, addDays, dayOf, daysFrom, startOfDay } from '../../lib/days.ts'
import type { Reader, Words } from '../shared/i18n.ts'

/** How fast something answered: as a line, in words, and in numbers one step away. */
export interface Chart {
  readonly title: string
  /** For those who do not see it. */
  readonly label: string
  readonly summary: Words
  /** Null: no check failed. */
  readonly failed: string | null
  /** Steps of an hour each, in a box of 1000 × 200; hours in which nothing answered are gaps. */
  readonly line: string
  /** Hours with checks that failed: the share of them, from the ground up. */
  readonly failures: readonly {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }[]
  /** From top to ground. */
  readonly scale: readonly string[]
  readonly ticks: readonly string[]
  /** Whether ticks stand at points from one end to the other, or at the beginning of equal parts. */
  readonly ticksAt: 'points' | 'parts'
  readonly rows: readonly {
    readonly when: Words
    readonly average: string
    readonly slowest: string
    readonly failed: string
  }[]
}

export interface ChartFacts {
  /** Of the last seven days, in order. */
  readonly hours: readonly AnsweredHour[]
  readonly now: Instant
  readonly today: DayName
  readonly zone: string
}

/** From when on hours are shown. */
export function chartsBegin({ today, zone }: Pick<ChartFacts, 'today' | 'zone'>): Instant {
  return startOfDay(addDays(today, -6), zone)
}

/** The last 24 hours and the last 7 days. Nothing measured is no chart. */
export function chartsOf({ hours, now, today, zone }: ChartFacts, reader: Reader): Chart[] {
  const until = instantOf((Math.floor(millisecondsOf(now) / hourMs) + 1) * hourMs)
  const from = later(until, -24 * 3600)
  const begin = chartsBegin({ today, zone })
  return [
    ...chartOf(hours, reader, {
      title: reader.say('chart.day'),
      from,
      until,
      ticksAt: 'points',
      ticks: [0, 6, 12, 18, 24].map((hour) => reader.dates.time(later(from, hour * 3600))),
      rowOf: ({ hour }) => hour,
      wordsOf: (hour) => [reader.time(hour as Instant)],
    }),
    ...chartOf(hours, reader, {
      title: reader.say('chart.week'),
      from: begin,
      until: startOfDay(addDays(today, 1), zone),
      ticksAt: 'parts',
      ticks: daysFrom(addDays(today, -6), today).map((day) => reader.dates.weekday(day)),
      rowOf: ({ hour }) => dayOf(hour, zone),
      wordsOf: (day) => [reader.dates.dayOfYear(day)],
    }),
  ]
}

interface Plan {
  readonly title: string
  readonly from: Instant
  readonly until: Instant
  readonly ticks: readonly string[]
  readonly ticksAt: Chart['ticksAt']
  /** What stands in one row of the numbers together. */
  rowOf(hour: AnsweredHour): string
  wordsOf(row: string): Words
}

const width = 1000
const height = 200
const hourMs = 3_600_000

/** None where nothing answered. */
function chartOf(all: readonly AnsweredHour[], reader: Reader, plan: Plan): Chart[] {
  const { from, until, title, ticks, ticksAt } = plan
  const hours = all.filter(({ hour }) => hour >= from && hour < until)
  const whole = sumOf(hours)
  const slowest = hours.reduce<AnsweredHour | null>(
    (most, hour) => ((hour.ms ?? -1) > (most?.ms ?? -1) ? hour : most),
    null,
  )
  if (whole.ms === null || !slowest) return []
  const top = roundTop(slowest.ms ?? 0)
  const say = (ms: number | null): string => (ms === null ? '–' : reader.say('chart.ms', { ms }))
  const x = (hour: Instant): number => Math.round((secondsBetween(from, hour) / secondsBetween(from, until)) * width)
  const end = (hour: Instant): number => Math.min(width, x(later(hour, 3600)))
  const y = (ms: number): number => Math.round(height - (ms / top) * height)
  const summary = reader.phrase('chart.summary', {
    average: whole.ms,
    slowest: slowest.ms ?? 0,
    when: [reader.time(slowest.hour)],
  })
  return [
    {
      title,
      label: `${reader.say('chart.title')}, ${title}`,
      summary,
      failed: whole.failed === 0 ? null : reader.say('chart.failed', { failed: whole.failed, checks: whole.checks }),
      line: hours
        .flatMap(({ hour, ms }, index) => {
          if (ms === null) return []
          const before = hours[index - 1]
          const goesOn = before && before.ms !== null && later(before.hour, 3600) === hour
          return [`${goesOn ? `V${y(ms)}` : `M${x(hour)} ${y(ms)}`}H${end(hour)}`]
        })
        .join(''),
      failures: hours
        .filter(({ failed }) => failed > 0)
        .map(({ hour, failed, checks }) => {
          const tall = Math.round(height * Math.max(0.06, failed / checks))
          return { x: x(hour), y: height - tall, width: end(hour) - x(hour), height: tall }
        }),
      scale: [top, top / 2, 0].map((ms) => say(ms)),
      ticks,
      ticksAt,
      rows: [...Map.groupBy(hours, plan.rowOf)].toReversed().map(([row, those]) => {
        const { ms, slowest: worst, failed } = sumOf(those)
        return {
          when: plan.wordsOf(row),
          average: say(ms),
          slowest: say(worst),
          failed: reader.dates.number(failed),
        }
      }),
    },
  ]
}

function sumOf(hours: readonly AnsweredHour[]): Omit<AnsweredHour, 'hour'> {
  let [checks, failed, answered, sum, slowest] = [0, 0, 0, 0, 0]
  for (const hour of hours) {
    checks += hour.checks
    failed += hour.failed
    if (hour.ms === null) continue
    const passed = Math.max(1, hour.checks - hour.failed)
    answered += passed
    sum += passed * hour.ms
    slowest = Math.max(slowest, hour.slowest ?? 0)
  }
  return answered === 0
    ? { checks, failed, ms: null, slowest: null }
    : { checks, failed, ms: Math.round(sum / answered), slowest }
}

/** The next of 10, 20, 50, 100, 200, 500 … above. */
function roundTop(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(10, ms)))
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= ms) ?? ms
}
