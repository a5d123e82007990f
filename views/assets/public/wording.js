// Instants as the server says them (src/lib/dates.ts), in whatever zone; nothing here knows of a page.
const hours = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
const date = { ...hours, day: 'numeric', month: 'long' }
const year = { ...date, year: 'numeric' }
const zoned = { timeZoneName: 'short' }
const formatters = {}

export const formatter = (locale, options, timeZone) =>
  (formatters[JSON.stringify([locale, options, timeZone])] ??= new Intl.DateTimeFormat(locale, {
    ...options,
    timeZone,
  }))

export const partOf = (format, wanted, at) => format.formatToParts(at).find(({ type }) => type === wanted)?.value

// `2026-11-21 14:30`: to compare with.
const stamp = (at, timeZone) => formatter('sv', { dateStyle: 'short', timeStyle: 'short' }, timeZone).format(at)
const dayOf = (at, timeZone) => stamp(at, timeZone).slice(0, 10)

// What says an instant, or a window where there is an end, in a zone: the machine's own where that is undefined. It
// answers null where the clocks of the site's zone show the same.
export const wording = (formats, site, zone) => {
  const words = (options) => formatter(formats, options, zone)
  const exact = words({ ...year, ...zoned })
  const offset = (at) => partOf(formatter('en', { timeZoneName: 'longOffset' }, zone), 'timeZoneName', at)
  // A year ends when the reader's calendar says so.
  const yearOf = (at, timeZone) => partOf(formatter(formats, { year: 'numeric' }, timeZone), 'year', at)

  const ofWindow = (from, until) => {
    const isOneZone = offset(from) === offset(until)
    if (isOneZone && dayOf(from, zone) === dayOf(until, zone)) {
      const nought = new Intl.NumberFormat(formats).format(0)
      return exact
        .formatRangeToParts(from, until)
        .map(({ type, value }) => (type === 'hour' && !value[1] ? nought + value : value))
        .join('')
    }
    const unzoned = words(year)
    const between = unzoned
      .formatRangeToParts(from, from + 432e6)
      .map(({ source, value }) => (source === 'shared' ? value : ''))
      .join('')
    return (isOneZone ? unzoned : exact).format(from) + between + exact.format(until)
  }

  return (form, from, until, now) => {
    if ([from, until || from].every((at) => stamp(at, zone) === stamp(at, site))) return null
    if (until) return ofWindow(from, until)
    // The page is of today, but a time of day stands beside the day that it has in the zone of the site.
    const beside = form === 'day' ? [from, site] : [now, zone]
    const isThatDay = form !== 'full' && dayOf(from, zone) === dayOf(...beside)
    if (form === 'full' || form === 'zoned') return (isThatDay ? words({ ...hours, ...zoned }) : exact).format(from)
    if (isThatDay) return words(hours).format(from)
    return words(yearOf(from, zone) === yearOf(...beside) ? date : year).format(from)
  }
}
