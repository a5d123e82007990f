// Times in the reader's own zone, and how far away they are.
import { add, all, keep, kept, make, now, words } from './page.js'
import { formatter, partOf, wording } from './wording.js'

const { formats, zone } = words
const inOwnZone = wording(formats, zone)

let awaited = []

export const wordTimes = () => {
  const isWanted = kept('zone') !== 'site'
  let differ = false
  for (const time of all('time[datetime*=T]')) {
    const { form, until } = time.dataset
    const own = inOwnZone(form, Date.parse(time.dateTime), Date.parse(until), now())
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
  all('.own-zone')[0].textContent = partOf(formatter(formats, { timeZoneName: 'long' }), 'timeZoneName', now())
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
