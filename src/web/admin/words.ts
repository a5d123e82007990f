import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { dayOf, startOfDay } from '../../lib/days.ts'
import { localTime, worded } from '../../lib/local-times.ts'
import { plainText } from '../../lib/markdown.ts'
import { messages } from '../../lib/messages.ts'

const say = messages('en')
let long: Intl.DurationFormat | null = null

/** Made when a duration is first said: it takes a while, and nobody is at the desk while the product starts. */
function inWords(duration: Partial<Record<Intl.DurationFormatUnit, number>>): string {
  long ??= new Intl.DurationFormat('en', { style: 'long' })
  return long.format(duration)
}

/** Times and statuses as the desk says them: in the site's zone, in English. */
export interface DeskWords {
  /** `14:30`; with the day where it is not today, and with the year where it is another. */
  time(instant: Instant): string
  /** Of a day of the calendar: `Fri 4 Dec`; with the year where it is another. */
  day(day: string): string
  /** `Saturday 21 November, 14:30:05` */
  exactly(instant: Instant): string
  /** `38 minutes`, from then until now or the other way round. */
  age(instant: Instant): string
  /** The same to the second: `1 minute, 40 seconds`. */
  exactAge(instant: Instant): string
  /** Whether it has passed. */
  isPast(instant: Instant): boolean
  /** As `<input type="datetime-local">` wants it. */
  local(instant: Instant): string
  duration(seconds: number): string
  /** The beginning of a text, in one line without its marks. */
  excerpt(body: string): string
  status(status: string): string
  stage(stage: string): string
}

const formats = new Map<string, ReturnType<typeof formatsIn>>()

function formatsIn(zone: string) {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  const dated = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  const ofOtherYear = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  const full = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'full', timeStyle: 'medium' })
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' })
  const dayOfOtherYear = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
  return { clock, dated, ofOtherYear, full, day, dayOfOtherYear }
}

export function deskWords(now: Instant, zone: string): DeskWords {
  const known = formats.get(zone) ?? formatsIn(zone)
  // Made once: it takes a third of the time of a page.
  formats.set(zone, known)
  const { clock, dated, ofOtherYear, full } = known
  const today = dayOf(now, zone)
  const isThisYear = (day: string): boolean => day.slice(0, 4) === today.slice(0, 4)
  return {
    time(instant) {
      const day = dayOf(instant, zone)
      return worded(day === today ? clock : isThisYear(day) ? dated : ofOtherYear, instant)
    },
    day: (day) => worded(isThisYear(day) ? known.day : known.dayOfOtherYear, startOfDay(day, 'UTC')),
    exactly: (instant) => worded(full, instant),
    age: (instant) => duration(Math.abs(secondsBetween(now, instant))),
    exactAge: (instant) => exactDuration(Math.abs(secondsBetween(now, instant))),
    isPast: (instant) => instant <= now,
    local: (instant) => localTime(instant, zone),
    duration,
    excerpt,
    status: (status) => say(`status.${status}` as 'status.unknown'),
    stage: stageInWords,
  }
}

export function stageInWords(stage: string): string {
  return say(`stage.${stage}` as 'stage.update')
}

function excerpt(body: string): string {
  const text = plainText(body)
  return text.length > 180 ? `${text.slice(0, 180).toWellFormed().trimEnd()}…` : text
}

/** To the second, or from an hour on to the minute, for what is a promise about us: `1 minute, 40 seconds`. Never less. */
export function exactDuration(seconds: number): string {
  if (seconds < 3600) return inWords({ minutes: Math.floor(seconds / 60), seconds: seconds % 60 })
  const minutes = Math.ceil(seconds / 60)
  return inWords({ days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 })
}

/** The two largest units: `2 hours, 5 minutes`. */
export function duration(seconds: number): string {
  if (seconds < 60) return inWords({ seconds: Math.max(1, seconds) })
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return inWords({ minutes })
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return inWords(minutes % 60 ? { hours, minutes: minutes % 60 } : { hours })
  const days = Math.floor(hours / 24)
  return inWords(days < 7 && hours % 24 ? { days, hours: hours % 24 } : { days })
}
