import { type Instant, millisecondsOf } from './clock.ts'
import { type DayName, addDays, dayOf } from './days.ts'
import { minutesAhead } from './local-times.ts'
import { recentlyKnown } from './recently-known.ts'

/**
 * Instants, days and amounts as a reader says them: their language, their calendar and digits, the zone always known. In the
 * reader's own zone the page's script says instants the same (`views/assets/public/wording.js`).
 */
export interface DateWords {
  /** `14:30` */
  time(instant: Instant): string
  /** As short as `today` allows: `14:30`, `20 November, 14:30`, `20 November 2025, 14:30`. */
  moment(instant: Instant, today: DayName): string
  /** `14:30 CET`; on another day with the day. */
  clock(instant: Instant, today: DayName): string
  /** `20 November 2026, 14:30 CET`: to be cited. */
  exact(instant: Instant): string
  /** The window of planned work: `20 November 2026, 22:00 – 23:30 CET`. */
  window(from: Instant, until: Instant): string
  /** `Friday 20 November 2026` */
  day(day: DayName): string
  /** `Friday 20 November` */
  dayOfYear(day: DayName): string
  /** `Fri` */
  weekday(day: DayName): string
  /** `20`, as the reader's calendar counts. */
  dayNumber(day: DayName): string
  /** The month of the reader's calendar that a day lies in: `November 2026`, `آبان ۱۴۰۵`. */
  monthOf(day: DayName): string
  /** A month of an address, `2026-11`; in another calendar the days it reaches over. */
  month(month: string): string
  /** `20 Nov`, as short as it can be said. */
  dayTick(day: DayName): string
  /** A month of an address as short as can be, `Nov`; in another calendar the day on which it begins. */
  monthTick(month: string): string
  /** Where a day stands in its week as the reader's calendar draws it, from 0. */
  placeInWeek(day: DayName): number
  /** The zone in full: `Central European Time`. */
  readonly zoneName: string
  /** `1 hour, 12 minutes`: the two largest units. */
  duration(seconds: number): string
  /** `184 ms`, `1.2s` */
  milliseconds(count: number): string
  /** `99.97%`, of a percentage that is rounded already. */
  percent(percentage: number): string
  number(value: number): string
  /** With so many digits behind the comma. */
  decimal(value: number, digits: number): string
}

/** Each takes 0.4 MB, nearly all of it beside the heap; there are 600 zones, which readers may write in whatever case. */
const known = recentlyKnown<DateWords>(100)

/** `formats` is the BCP 47 tag that says how, `en-GB` for English. */
export function dateWords(formats: string, zone: string): DateWords {
  const key = `${formats} ${zone}`
  const words = known.get(key) ?? make(formats, zone)
  known.set(key, words)
  return words
}

const hours = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const date = { day: 'numeric', month: 'long' } as const

function make(formats: string, zone: string): DateWords {
  const inZone = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(formats, { ...options, timeZone: zone })
  const ofDay = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(formats, { ...options, timeZone: 'UTC' })
    return remembered((day) => format.format(noon(day)))
  }
  const time = inZone(hours)
  const sameYear = inZone({ ...date, ...hours })
  const otherYear = inZone({ ...date, year: 'numeric', ...hours })
  const zoned = inZone({ ...hours, timeZoneName: 'short' })
  const exact = inZone({ ...date, year: 'numeric', ...hours, timeZoneName: 'short' })
  const dates = new Intl.DateTimeFormat(formats, { ...date, year: 'numeric', timeZone: 'UTC' })
  const yearOf = remembered((day) => partOf(dates, day, 'year'))
  const percent = new Intl.NumberFormat(formats, { style: 'percent', maximumFractionDigits: 2 })
  const number = new Intl.NumberFormat(formats)
  const decimals = (digits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(formats, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const milliseconds = new Intl.NumberFormat(formats, { style: 'unit', unit: 'millisecond' })
  const seconds = new Intl.NumberFormat(formats, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'narrow',
    maximumFractionDigits: 1,
  })
  const calendar = dates.resolvedOptions().calendar
  // ICU writes days of the Persian calendar backwards as soon as they have a year, `۱۴۰۵ آبان ۲۹, جمعه`: ours is in order.
  const withYear = (short: Intl.DateTimeFormatOptions): ((day: DayName) => string) => {
    if (calendar !== 'persian') return ofDay({ ...short, year: 'numeric' })
    const words = ofDay(short)
    return (day) => `${words(day)} ${yearOf(day)}`
  }
  // Where names of days are not shortened, their letters are.
  const short = ofDay({ weekday: 'short' })
  const weekday = short('2026-11-25').length > 5 ? ofDay({ weekday: 'narrow' }) : short
  const monthOf = withYear({ month: 'long' })
  const tick = calendar === 'gregory' ? ofDay({ month: 'short' }) : ofDay(date)
  const firstDay = firstDayOfWeek(formats)

  return {
    time: (instant) => time.format(millisecondsOf(instant)),
    moment(instant, today) {
      const day = dayOf(instant, zone)
      if (day === today) return time.format(millisecondsOf(instant))
      // A year ends when the reader's calendar says so.
      return (yearOf(day) === yearOf(today) ? sameYear : otherYear).format(millisecondsOf(instant))
    },
    clock: (instant, today) => (dayOf(instant, zone) === today ? zoned : exact).format(millisecondsOf(instant)),
    exact: (instant) => exact.format(millisecondsOf(instant)),
    window: windows({ exact, unzoned: inZone({ ...date, year: 'numeric', ...hours }), nought: number.format(0) }, zone),
    day: withYear({ weekday: 'long', ...date }),
    dayOfYear: ofDay({ weekday: 'long', ...date }),
    weekday,
    dayNumber: remembered((day) => partOf(dates, day, 'day')),
    monthOf,
    month(month) {
      const first = `${month}-01`
      if (calendar === 'gregory') return monthOf(first)
      return dates.formatRange(noon(first), noon(lastOf(month)))
    },
    dayTick: ofDay({ day: 'numeric', month: 'short' }),
    monthTick: (month) => tick(`${month}-01`),
    placeInWeek: (day) => (new Date(noon(day)).getUTCDay() - (firstDay % 7) + 7) % 7,
    zoneName: zoneNameOf(inZone),
    duration: durations(formats),
    milliseconds: (count) => (count < 1000 ? milliseconds.format(Math.round(count)) : seconds.format(count / 1000)),
    percent: (percentage) => percent.format(percentage / 100),
    number: (value) => number.format(value),
    decimal: (value, digits) => decimals(digits).format(value),
  }
}

interface OfWindows {
  readonly exact: Intl.DateTimeFormat
  /** The same without the zone. */
  readonly unzoned: Intl.DateTimeFormat
  readonly nought: string
}

/**
 * A day is said once for both ends of a window, and the zone once: but not over a night in which clocks change, where half
 * past midnight and half past two are three hours apart.
 */
function windows({ exact, unzoned, nought }: OfWindows, zone: string): DateWords['window'] {
  return (from, until) => {
    const [begins, ends] = [millisecondsOf(from), millisecondsOf(until)]
    const isOneZone = minutesAhead(from, zone) === minutesAhead(until, zone)
    if (isOneZone && dayOf(from, zone) === dayOf(until, zone)) {
      // Within one day some languages leave the nought away that stands before every other hour.
      return exact
        .formatRangeToParts(begins, ends)
        .map(({ type, value }) => (type === 'hour' && value.length === 1 ? `${nought}${value}` : value))
        .join('')
    }
    // What stands between two ends that share nothing.
    const apart = unzoned.formatRangeToParts(begins, begins + 5 * 86_400_000)
    const between = apart.flatMap(({ source, value }) => (source === 'shared' ? value : [])).join('')
    return [(isOneZone ? unzoned : exact).format(begins), exact.format(ends)].join(between)
  }
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

function durations(formats: string): DateWords['duration'] {
  const formatOf = (unit: string) => new Intl.NumberFormat(formats, { style: 'unit', unit, unitDisplay: 'long' })
  const formatted = { day: formatOf('day'), hour: formatOf('hour'), minute: formatOf('minute') }
  const inSeconds = formatOf('second')
  const list = new Intl.ListFormat(formats, { type: 'unit', style: 'long' })
  return (seconds) => {
    if (Math.round(seconds) < 60) return inSeconds.format(Math.max(0, Math.round(seconds)))
    // To the minute first, so that 59 minutes 50 seconds become an hour and not 60 minutes.
    let rest = Math.round(seconds / 60) * 60
    const parts = units.flatMap(([unit, size]): { text: string; count: number }[] => {
      const count = Math.floor(rest / size)
      rest -= count * size
      return [{ text: formatted[unit].format(count), count }]
    })
    const first = parts.findIndex((part) => part.count > 0)
    return list.format(
      parts
        .slice(first, first + 2)
        .filter((part) => part.count > 0)
        .map((part) => part.text),
    )
  }
}

/** Without summer or winter, where the zone has such a name. */
function zoneNameOf(inZone: (options: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat): string {
  const named = (timeZoneName: 'longGeneric' | 'long'): string =>
    partOf(inZone({ timeZoneName }), '2000-01-01', 'timeZoneName')
  return /\d|[۰-۹]/.test(named('longGeneric')) ? named('long') : named('longGeneric')
}

/** A page says the same days hundreds of times, and a format takes microseconds for each: a year of them is kept. */
function remembered(say: (day: DayName) => string): (day: DayName) => string {
  const known = new Map<DayName, string>()
  return (day) => {
    const words = known.get(day) ?? say(day)
    if (known.size >= mostDays) known.clear()
    known.set(day, words)
    return words
  }
}

const mostDays = 400

function partOf(format: Intl.DateTimeFormat, day: DayName, type: Intl.DateTimeFormatPartTypes): string {
  return format.formatToParts(noon(day)).find((part) => part.type === type)?.value ?? ''
}

function noon(day: DayName): number {
  return millisecondsOf(`${day}T12:00:00.000Z` as Instant)
}

function lastOf(month: string): DayName {
  return addDays(`${nextMonth(month)}-01`, -1)
}

/** `2026-12` after `2026-11`. */
export function nextMonth(month: string): string {
  return addDays(`${month}-28`, 5).slice(0, 7)
}

/** `2026-10` before `2026-11`. */
export function monthBefore(month: string): string {
  return addDays(`${month}-01`, -1).slice(0, 7)
}

/** 1 Monday to 7 Sunday. */
function firstDayOfWeek(formats: string): number {
  const locale = new Intl.Locale(formats) as Intl.Locale & { getWeekInfo(): { readonly firstDay: number } }
  return locale.getWeekInfo().firstDay
}
