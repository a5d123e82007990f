import { type Instant, millisecondsOf } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'

/** Times as feeds of Statuspage write them, with the marks around day and time that readers of such feeds look for. */
export interface FeedDates {
  /** `May <var data-var='date'>28</var>, <var data-var='time'>16:30</var> UTC` */
  moment(instant: Instant): string
  /** A window of time: `May 28, 03:00 - 04:00 UTC`, or two moments where it ends on another day. */
  window(from: Instant, until: Instant): string
}

const known = new Map<string, FeedDates>()

export function feedDates(formats: string, zone: string): FeedDates {
  const key = `${formats} ${zone}`
  const dates = known.get(key) ?? make(formats, zone)
  known.set(key, dates)
  return dates
}

function make(formats: string, zone: string): FeedDates {
  const format = new Intl.DateTimeFormat(formats, {
    timeZone: zone,
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  const moment = (instant: Instant): string => marked(format.formatToParts(millisecondsOf(instant)))
  return {
    moment,
    window(from, until) {
      if (dayOf(from, zone) !== dayOf(until, zone)) return `${moment(from)} &nbsp;-&nbsp; ${moment(until)}`
      const clock = marked(
        format.formatToParts(millisecondsOf(until)).filter(({ type }) => type === 'hour' || type === 'minute'),
      )
      return moment(from).replace(/<\/var>(?![^]*<\/var>)/, `</var> - ${clock}`)
    },
  }
}

/** The day padded to two places, hours and minutes as one. */
function marked(parts: readonly Intl.DateTimeFormatPart[]): string {
  const isClock = (part: Intl.DateTimeFormatPart | undefined): boolean =>
    part?.type === 'hour' || part?.type === 'minute'
  const hour = parts.find(({ type }) => type === 'hour')?.value ?? ''
  const minute = parts.find(({ type }) => type === 'minute')?.value ?? ''
  return parts
    .map((part, index) => {
      if (part.type === 'day') return `<var data-var='date'>${escaped(part.value.padStart(2, ' '))}</var>`
      if (part.type === 'hour') return `<var data-var='time'>${escaped(`${hour}:${minute}`)}</var>`
      const isBetween = isClock(parts[index - 1]) && isClock(parts[index + 1])
      return part.type === 'minute' || isBetween ? '' : escaped(part.value)
    })
    .join('')
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
