// Times in the reader's own zone, and how far away they are.
import { add, all, keep, kept, make, now, words } from './page.js'

const { formats, zone } = words
const hours = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
const date = { day: 'numeric', month: 'long' }
const year = { ...date, year: 'numeric' }
const formatters = {}

export const format = (options, timeZone, locale = formats) =>
  (formatters[JSON.stringify([options, timeZone, locale])] ??= new Intl.DateTimeFormat(locale, {
    ...options,
    timeZone,
  }))

// `2026-11-21 14:30`: to compare with.
const stamp = (at, timeZone) => format({ dateStyle: 'short', timeStyle: 'short' }, timeZone, 'sv').format(at)

const zoneIn = (named, at) => named.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value

// In the reader's zone, as the server would say it (src/lib/dates.ts); null where that is the same.
const inOwnZone = ({ dateTime, dataset: { form, until } }) => {
  const at = Date.parse(dateTime)
  const [here, there] = [stamp(at), stamp(at, zone)]
  if (here === there) return null
  const beside = form === 'day' ? there : stamp(now())
  const isZoned = form === 'zoned' || form === 'full'
  const isThatDay = form !== 'full' && here.slice(0, 10) === beside.slice(0, 10)
  const day = isThatDay ? {} : isZoned || here.slice(0, 4) !== beside.slice(0, 4) ? year : date
  const said = format({ ...day, ...hours, ...(isZoned && { timeZoneName: 'short' }) })
  const end = Date.parse(until)
  if (!until) return said.format(at)
  if (here.slice(0, 10) === stamp(end).slice(0, 10) || zoneIn(said, at) !== zoneIn(said, end)) {
    return said.formatRange(at, end)
  }
  // Over midnight the zone once.
  const bare = format({ ...day, ...hours })
  const between = bare
    .formatRangeToParts(at, at + 432e6)
    .flatMap(({ source, value }) => (source === 'shared' ? value : []))
  return bare.format(at) + between.join('') + said.format(end)
}

let awaited = []

export const wordTimes = () => {
  const isWanted = kept('zone') !== 'site'
  let differ = false
  for (const time of all('time[datetime*=T]')) {
    const own = inOwnZone(time)
    if (own) differ = true
    // What the server said stays one step away.
    if (time.textContent !== time.said) time.site = time.textContent
    time.said = (isWanted && own) || time.site
    if (time.textContent !== time.said) time.firstChild.data = time.said
  }
  const isOwn = differ && isWanted
  all('.in-site')[0].hidden = isOwn
  all('.in-own')[0].hidden = !isOwn
  all('.in-site button')[0].hidden = !differ
  all('.own-zone')[0].textContent = zoneIn(format({ timeZoneName: 'long' }), now())
  awaited = all('.promise time, .when time, .window.open time')
}

export const chooseZone = ({ target }) => {
  const chosen = target.dataset?.zones
  if (!chosen) return
  keep('zone', chosen === 'site' && chosen)
  wordTimes()
  all(`[data-zones]:not([data-zones=${chosen}])`)[0].focus()
}

const nearby = new Intl.RelativeTimeFormat(formats, { numeric: 'auto' })
const away = (milliseconds) => {
  const seconds = Math.round(milliseconds / 1000)
  const size = Math.abs(seconds)
  if (size >= 172_800) return nearby.format(Math.round(seconds / 86_400), 'day')
  if (size >= 7200) return nearby.format(Math.round(seconds / 3600), 'hour')
  // Seconds count where something is awaited.
  if (size >= 60 || seconds <= 0) return nearby.format(Math.round(seconds / 60) || 0, 'minute')
  return nearby.format(seconds, 'second')
}

let last = null

// Every second. Answers whether a moment has come that the page was waiting for.
export const tick = () => {
  const at = now()
  let came = false
  for (const time of awaited) {
    const [from, until] = [Date.parse(time.dateTime), Date.parse(time.dataset.until)]
    const isRunning = from <= at && until
    const said = away((isRunning ? until : from) - at)
    time.near ??= time.parentNode.appendChild(add(make('span', 'near'), time))
    const near = isRunning ? words.ends.replace('{when}', said) : said
    if (time.near.textContent !== near) time.near.textContent = near
    came ||= [from, until].some((moment) => last < moment && moment <= at)
  }
  for (const promise of all('.open[data-by]')) promise.classList.toggle('overdue', at >= Date.parse(promise.dataset.by))
  came &&= last !== null
  last = at
  return came
}
