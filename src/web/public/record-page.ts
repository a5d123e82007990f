import type { ComponentRecord, MonthTally } from '../../domain/record/components.ts'
import type { RecordMonth, TrackRecord } from '../../domain/record/queries.ts'
import type { Figures, Kept } from '../../domain/record/record.ts'
import { isQuiet, weights } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { dayOf } from '../../lib/days.ts'
import type { NamePart, Reader, Words } from '../../domain/site/reader.ts'
import { lostWords, uptimeWords } from './bars.ts'
import { type Frame, frameOf } from './frame.ts'
import { type Columns, chartsOfRecord } from './record-charts.ts'

export interface RecordModel {
  readonly frame: Frame
  readonly since: Words
  readonly figures: readonly Figure[]
  readonly charts: readonly Columns[]
  readonly months: readonly MonthRow[]
  readonly whole: MonthRow
  readonly uptime: UptimeTable | null
  readonly formula: string
  readonly files: readonly { readonly href: string; readonly word: string }[]
}

export interface Figure {
  readonly label: string
  readonly value: string
}

/** A month, or all of them, in the words of the table. */
interface MonthRow {
  readonly href: string | null
  readonly month: string
  readonly cells: readonly string[]
}

interface UptimeTable {
  /** Those that lost anything, those that lost most first. */
  readonly rows: readonly UptimeRow[]
  /** Who lost nothing; null where there is nobody. */
  readonly flawless: Words | null
  /** By position, with a figure for each month. */
  readonly all: readonly UptimeRow[]
  /** Newest first, each with its address. */
  readonly months: readonly { readonly href: string; readonly word: string }[]
  /** That more systems are in the files. */
  readonly rest: string | null
}

interface UptimeRow {
  readonly name: NamePart
  readonly href: string | null
  readonly uptime: string
  readonly lost: string
  /** A column for each of twelve months, newest last, in a box of 120 × 20. */
  readonly bars: readonly {
    readonly x: number
    readonly y: number
    readonly height: number
    readonly kind: 'lost' | 'calm'
  }[]
  readonly months: readonly string[]
}

/** What is not known, or was not there. */
const nothing = '–'
/** Where there are more, those that lost most are read; all are in the files. */
const mostSystems = 60

export function recordModel(record: TrackRecord, snapshot: Snapshot, reader: Reader, url: string): RecordModel {
  const { say, phrase, dates } = reader
  const { site } = snapshot
  const title = say('record.title')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/record',
      title: say('incident.title', { name: title, site: reader.name(site, 'name').text }),
      description: say('record.lead'),
    }),
    since: [
      ...phrase('record.since', { day: dates.day(dayOf(record.since, site.zone)) }),
      say('language.gap'),
      ...phrase('record.counted', { when: [reader.exact(snapshot.hour)] }),
    ],
    figures: figuresShown(record.whole, reader),
    charts: chartsOfRecord(record.months, record.whole, reader),
    months: record.months.map(({ month, figures }) => ({
      href: reader.href(`/record/${month}`),
      month: dates.month(month),
      cells: cellsOf(figures, reader),
    })),
    whole: { href: null, month: say('record.whole'), cells: cellsOf(record.whole, reader) },
    uptime: uptimeTable(record, reader),
    formula: say('record.formula', weights),
    files: [
      { href: '/record.json', word: say('record.json') },
      { href: '/record.csv', word: say('record.csv') },
      { href: '/record/uptime.csv', word: say('record.csvUptime') },
    ],
  }
}

/** The four that say most; those of which there is nothing to tell are left out. */
export function figuresShown(figures: Figures, reader: Reader): Figure[] {
  const { say, dates } = reader
  const { told, promises, reviews, incidents } = figures
  return [
    ...(told.median === null ? [] : [{ label: say('record.told'), value: dates.duration(told.median) }]),
    ...(promises.made === 0 ? [] : [{ label: say('record.promises'), value: ratio(promises, reader) }]),
    ...(reviews.made === 0 ? [] : [{ label: say('record.reviews'), value: ratio(reviews, reader) }]),
    { label: say('record.incidents'), value: dates.number(incidents.total) },
  ]
}

function ratio({ made, kept }: Kept, { say }: Reader): string {
  return made === 0 ? nothing : say('record.ratio', { kept, made })
}

/** In the order of the table's heads. */
function cellsOf({ incidents, told, promises, reviews, maintenances, falseAlarms }: Figures, reader: Reader): string[] {
  const { say, dates } = reader
  const { held, overrun } = maintenances
  return [
    dates.number(incidents.total),
    told.median === null || told.worst === null
      ? nothing
      : say('record.spread', { median: dates.duration(told.median), worst: dates.duration(told.worst) }),
    ratio(promises, reader),
    ratio(reviews, reader),
    held === 0 ? nothing : say('record.held', { held, overran: overrun.count }),
    dates.number(falseAlarms),
  ]
}

function uptimeTable({ components, months }: TrackRecord, reader: Reader): UptimeTable | null {
  if (components.length === 0) return null
  const worst = worstFirst(components)
  const listed = components.length <= mostSystems ? components : worst.slice(0, mostSystems)
  return {
    rows: worst.slice(0, mostSystems).map((component) => uptimeRow(component, months, reader)),
    flawless: flawlessWords(components, reader),
    all: listed.map((component) => uptimeRow(component, months, reader)),
    months: months.map(({ month }) => ({ href: reader.href(`/record/${month}`), word: reader.dates.month(month) })),
    rest: listed.length < components.length ? reader.say('record.rest', { count: listed.length }) : null,
  }
}

export function worstFirst(components: readonly ComponentRecord[]): ComponentRecord[] {
  return components
    .filter(({ whole }) => !isQuiet(whole))
    .toSorted((a, b) => (a.whole.uptime ?? 1) - (b.whole.uptime ?? 1) || lostIn(b.whole) - lostIn(a.whole))
}

/** Who lost nothing, in a sentence; null where there is nobody. */
export function flawlessWords(components: readonly ComponentRecord[], reader: Reader): Words | null {
  const flawless = components.filter(({ whole }) => isQuiet(whole))
  if (flawless.length === 0) return null
  const named = flawless.length <= mostSystems
  const names = named ? flawless.map((component) => [reader.name(component, 'name')]) : []
  return reader.phrase('record.flawless', {
    count: flawless.length,
    named: named ? 'yes' : 'no',
    names: reader.list(names),
  })
}

function uptimeRow(component: ComponentRecord, months: readonly RecordMonth[], reader: Reader): UptimeRow {
  const byMonth = new Map(component.months.map((tally) => [tally.month, tally]))
  return {
    ...systemCell(component, reader),
    uptime: uptimeWords(component.whole.uptime, reader) ?? reader.say('bars.unmeasured'),
    lost: lostWords({ ...component.whole, day: '' }, reader) || nothing,
    bars: months.flatMap(({ month }, index) => {
      const tally = byMonth.get(month)
      return tally ? [{ x: (11 - index) * 10 + 1, ...heightOf(tally) }] : []
    }),
    months: months.map(({ month }) => {
      const tally = byMonth.get(month)
      return tally ? (uptimeWords(tally.uptime, reader) ?? reader.say('bars.unmeasured')) : nothing
    }),
  }
}

export function systemCell(component: ComponentRecord, reader: Reader): Pick<UptimeRow, 'name' | 'href'> {
  return {
    name: reader.name(component, 'name'),
    href: component.slug === null ? null : reader.href(`/components/${component.slug}`),
  }
}

/** As the bars of days: by the square root of the share, so that minutes are to be seen; a month without loss is a line. */
function heightOf(tally: MonthTally): Omit<UptimeRow['bars'][number], 'x'> {
  const lost = tally.major + tally.partial + tally.degraded
  const height = lost === 0 ? 2 : Math.max(4, Math.ceil(20 * Math.sqrt(lost / Math.max(lost, tally.seconds))))
  return { y: 20 - height, height, kind: lost === 0 ? 'calm' : 'lost' }
}

/** As uptime weighs it. */
function lostIn({ major, partial, degraded }: ComponentRecord['whole']): number {
  return weights.major * major + weights.partial * partial + weights.degraded * degraded
}
