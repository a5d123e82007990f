import { type CountedSeverity, type Figures, countedSeverities } from '../../domain/record/record.ts'
import type { RecordMonth } from '../../domain/record/queries.ts'
import { monthBefore } from '../../lib/dates.ts'
import type { Reader, Words } from '../../domain/site/reader.ts'
import { type Tone, toneOfSeverity } from '../shared/marks.ts'

/** Twelve months side by side: as columns, in words, and in the table below. */
export interface Columns {
  readonly title: string
  /** For those who do not see it. */
  readonly label: string
  readonly summary: readonly Words[]
  readonly legend: readonly { readonly kind: Kind; readonly word: string }[]
  /** In a box of 1200 × 200, from the ground up. */
  readonly bars: readonly Bar[]
  /** From top to ground. */
  readonly scale: readonly string[]
  /** Each at the beginning of a quarter of the whole. */
  readonly ticks: readonly string[]
}

/** Names its colour in `record.css`. */
type Kind = Tone | 'median' | 'worst' | 'kept' | 'missed'

interface Bar {
  readonly kind: Kind
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const places = 12
const [step, gap, height] = [100, 16, 200]

/** `months` as the record has them, newest first; where it has fewer than twelve, those before are empty. */
export function chartsOfRecord(months: readonly RecordMonth[], whole: Figures, reader: Reader): Columns[] {
  const { say, phrase } = reader
  const ordered = months.toReversed()
  const first = places - ordered.length
  const ticks = ticksOf(months[0]?.month ?? '', reader)
  const { told, promises, incidents } = whole
  const most = (of: (figures: Figures) => number): number => Math.max(0, ...ordered.map((one) => of(one.figures)))
  const stack = (top: number, of: (figures: Figures) => readonly Part[]): Bar[] =>
    ordered.flatMap(({ figures }, index) => stacked(of(figures), { place: first + index, top }))
  const charts: Columns[] = []

  const topCount = evenTop(most((one) => one.incidents.total))
  charts.push({
    title: say('record.incidents'),
    label: say('record.byMonth', { what: say('record.incidents') }),
    summary: [phrase('record.bySeverity', { ...bySeverity(incidents) })],
    legend: countedSeverities
      .filter((severity) => incidents[severity] > 0)
      .map((severity) => ({ kind: toneOfSeverity(severity), word: say(`severity.${severity}`) })),
    bars: stack(topCount, (figures) =>
      countedSeverities.map((severity) => ({ kind: toneOfSeverity(severity), value: figures.incidents[severity] })),
    ),
    scale: [topCount, topCount / 2, 0].map((count) => reader.dates.number(count)),
    ticks,
  })
  if (told.median !== null && told.worst !== null) {
    const top = delayTop(most((one) => one.told.worst ?? 0))
    charts.push({
      title: say('record.told'),
      label: say('record.byMonth', { what: say('record.told') }),
      summary: [
        phrase('record.toldSummary', {
          counted: told.counted,
          median: reader.dates.duration(told.median),
          worst: reader.dates.duration(told.worst),
        }),
        ...leftOutWords(whole, reader),
      ],
      legend: [
        { kind: 'median', word: say('record.median') },
        { kind: 'worst', word: say('record.worst') },
      ],
      // The worst behind, the middle in front of it.
      bars: ordered.flatMap(({ figures }, index) =>
        (['worst', 'median'] as const).flatMap((kind) =>
          stacked([{ kind, value: figures.told[kind] ?? 0 }], { place: first + index, top }),
        ),
      ),
      scale: [top, top / 2, 0].map((seconds) => reader.dates.duration(seconds)),
      ticks,
    })
  }
  if (promises.made > 0) {
    const top = evenTop(most((one) => one.promises.made))
    charts.push({
      title: say('record.promises'),
      label: say('record.byMonth', { what: say('record.promises') }),
      summary: [phrase('record.keptSummary', { ...promises })],
      legend: [
        { kind: 'kept', word: say('record.kept') },
        { kind: 'missed', word: say('record.missed') },
      ],
      bars: stack(top, (figures) => [
        { kind: 'kept', value: figures.promises.kept },
        { kind: 'missed', value: figures.promises.made - figures.promises.kept },
      ]),
      scale: [top, top / 2, 0].map((count) => reader.dates.number(count)),
      ticks,
    })
  }
  return charts
}

/** Incidents of which nobody knows when they were noticed: that is said, and they are not taken for quick ones. */
export function leftOutWords({ told }: Figures, reader: Reader): Words[] {
  const count = told.imported + told.unknown
  return count === 0 ? [] : [reader.phrase('record.leftOut', { count })]
}

export function bySeverity(incidents: Figures['incidents']): Record<CountedSeverity, number> {
  const { critical, major, minor, none } = incidents
  return { critical, major, minor, none }
}

interface Part {
  readonly kind: Kind
  readonly value: number
}

function stacked(parts: readonly Part[], { place, top }: { readonly place: number; readonly top: number }): Bar[] {
  let ground = height
  return parts.flatMap(({ kind, value }) => {
    if (value === 0) return []
    // What there was is to be seen.
    const tall = Math.max(3, Math.round((value / top) * height))
    ground -= tall
    return [{ kind, x: place * step + gap / 2, y: ground, width: step - gap, height: tall }]
  })
}

/** Every third month, from the first of the twelve on. */
function ticksOf(last: string, reader: Reader): string[] {
  const all = Array.from({ length: places }).reduce<string[]>(
    (months) => [months[0] ? monthBefore(months[0]) : last, ...months],
    [],
  )
  return all.filter((_, index) => index % 3 === 0).map((month) => reader.dates.monthTick(month))
}

/** The next even number that is easy to read, so that its half is one too. */
function evenTop(count: number): number {
  const steps = [2, 4, 6, 10, 20, 40, 60, 100]
  const power = 10 ** Math.max(0, Math.ceil(Math.log10(Math.max(1, count / 100))))
  return steps.map((one) => one * power).find((top) => top >= count) ?? count
}

/** Of which the half is as easy to read: minutes, hours, days. */
function delayTop(seconds: number): number {
  const minutes = [1, 2, 4, 10, 20, 30, 60, 120, 240, 480, 720, 1440, 2880]
  return (minutes.find((one) => one * 60 >= seconds) ?? Math.ceil(seconds / 172_800) * 2880) * 60
}
