import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { Invalid } from './errors.ts'

/** A rule of RFC 5545 that runs by the clock on a wall. */
export interface Recurrence {
  /** `FREQ=MONTHLY;BYDAY=1SU` */
  readonly rule: string
  /** From when on it is counted, `2026-12-01T02:00`; the first occurrence is the first time from here on that fits. */
  readonly from: string
  /** An IANA zone. */
  readonly zone: string
}

/**
 * The next times that fit after `after`, oldest first, as the clock on the wall shows them. They are names of times and
 * not yet instants: one may fall into the hour that a clock change skips or repeats, and whoever resolves it
 * (`instantOfLocal`) moves the first by the gap and takes the first of the second. The library would leave the first out,
 * as RFC 5545 has it; planned work that is silently not planned is worse than work an hour later.
 */
export function occurrencesAfter({ rule, from, zone }: Recurrence, after: string, most: number): string[] {
  const times: string[] = []
  try {
    const rules = new RRuleTemporal({
      rruleString: inWallTime(rule, zone),
      dtstart: onTheWall(from),
      strict: true,
      cache: false,
      ...bounds,
    })
    for (let at = rules.next(onTheWall(after)); at && times.length < most; at = rules.next(at)) {
      times.push(at.toString().slice(0, 16))
    }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    if (/maximum/i.test(words)) throw new Invalid('No day fits this rule.', 'rule')
    throw new Invalid(`This is not a rule that we can follow: ${words}.`, 'rule')
  }
  return times
}

/** A rule that never fits must not be looked for for ever. */
const bounds = { maxIterations: 10_000, maxCandidateEvaluations: 100_000 } as const

/** In UTC no hour is skipped or repeated: there the library counts days and nothing else. */
function onTheWall(time: string): Temporal.ZonedDateTime {
  return Temporal.PlainDateTime.from(time).toZonedDateTime('UTC')
}

/** An end is an instant, or a day of the zone with its whole length. */
function inWallTime(rule: string, zone: string): string {
  return rule.replace(
    /UNTIL=(\d{8})(T\d{6})?(Z)?/,
    (_, day: string, time: string | undefined, utc: string | undefined) => {
      if (time === undefined) return `UNTIL=${day}T235959Z`
      if (utc === undefined) return `UNTIL=${day}${time}Z`
      const there = Temporal.Instant.from(`${day}${time}Z`).toZonedDateTimeISO(zone).toPlainDateTime()
      return `UNTIL=${there.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}Z`
    },
  )
}

/** Reads a rule as somebody wrote it; answers it in its plainest form, or says what is wrong with it. */
export function readRule(text: string): string {
  const rule = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replaceAll(/\s/g, '')
    .replace(/(?<!;);+$/, '')
  const parts = rule.split(';').map((part): [string, string] => {
    const at = part.indexOf('=')
    return at < 1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
  })
  const seen = new Set<string>()
  for (const [name, value] of parts) {
    const fault = seen.has(name) ? `it says ${name} twice` : faultOf(name, value)
    if (fault) throw new Invalid(`This is not a rule that we can follow: ${fault.slice(0, 200)}.`, 'rule')
    seen.add(name)
  }
  if (!seen.has('FREQ')) throw new Invalid('A rule says how often: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.', 'rule')
  if (seen.has('COUNT') && seen.has('UNTIL')) {
    throw new Invalid('A rule ends after a COUNT or at an UNTIL, not at both.', 'rule')
  }
  return parts.map(([name, value]) => `${name}=${value}`).join(';')
}

const days = '(MO|TU|WE|TH|FR|SA|SU)'
const numbers = (least: number, most: number) => ({ least, most })
const accepted: Readonly<Record<string, RegExp | { readonly least: number; readonly most: number }>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^([1-9]\d{0,2})$/,
  COUNT: /^([1-9]\d{0,2})$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  BYDAY: new RegExp(`^([+-]?([1-9]|[1-4]\\d|5[0-3]))?${days}(,([+-]?([1-9]|[1-4]\\d|5[0-3]))?${days}){0,20}$`),
  WKST: new RegExp(`^${days}$`),
  BYMONTHDAY: numbers(1, 31),
  BYYEARDAY: numbers(1, 366),
  BYWEEKNO: numbers(1, 53),
  BYSETPOS: numbers(1, 366),
  BYMONTH: numbers(1, 12),
}

/** Hours and minutes are those of the window: it is one window a day at most. */
function faultOf(name: string, value: string): string | null {
  if (/^BY(HOUR|MINUTE|SECOND)$/.test(name)) return `${name} is said by the window’s own time, leave it out`
  if (name === 'FREQ' && /^(HOURLY|MINUTELY|SECONDLY)$/.test(value)) return 'maintenance repeats once a day at most'
  const form = Object.hasOwn(accepted, name) ? accepted[name] : undefined
  if (!form) return `nobody knows “${name || ';'}”`
  if (value === '') return `${name} says nothing`
  const fits = form instanceof RegExp ? form.test(value) : value.split(',').every((one) => isNumber(one, name, form))
  return fits ? null : `${name}=${value} cannot be read`
}

function isNumber(text: string, name: string, { least, most }: { least: number; most: number }): boolean {
  if (!/^[+-]?\d{1,3}$/.test(text)) return false
  const size = Number(text)
  // Days and weeks are also counted from the end; months are not.
  return Math.abs(size) >= least && Math.abs(size) <= most && (size > 0 || name !== 'BYMONTH')
}
