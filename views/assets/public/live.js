// Asks for the page's own address again, and takes over what is new in it.
import { dressBars, holdDay } from './bars.js'
import { dressCopies } from './copy.js'
import { newsOf, say } from './news.js'
import { hold } from './hold.js'
import { all, forgetLost, main, takeTime } from './page.js'
import { patch } from './patch.js'
import { checkAge, isTooOld, setTried, takeHead } from './stale.js'
import { tick, wordTimes } from './times.js'

const [soon, calm, seldom] = [15_000, 60_000, 300_000]
let was = null
let wait = soon
let timer = 0
let asking = false

// Only while somebody looks, and not all readers at once. A page of the past asks for nothing.
const plan = (time) => {
  clearTimeout(timer)
  if (!document.hidden && main.dataset.asOf) timer = setTimeout(ask, time * (0.9 + Math.random() / 5))
}

const ask = async () => {
  if (asking) return
  asking = true
  const patience = setTimeout(setTried, 4000, true)
  const next = await answered()
  asking = false
  clearTimeout(patience)
  wait = next ? Math.min(wait * 1.5, calm) : Math.min(wait * 2, seldom)
  plan(wait)
  if (next && take(next)) plan((wait = soon))
  setTried(true)
}

// The next edition of the page, or this one if there is none; null if nobody answers.
const answered = async () => {
  try {
    // The browser asks with the ETag of the bytes it has, and is mostly answered that nothing is new.
    const answer = await fetch(location.href, {
      cache: 'no-cache',
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(10_000),
    })
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
    // A portal of some network is not our page.
    if (!answer.ok || addressOf(next) !== addressOf(document)) return null
    takeTime(answer)
    return next
  } catch {
    return null
  }
}

const addressOf = (page) => all('link[rel=canonical]', page)[0]?.href

// Answers whether it says anything that the edition before did not. An older one is no news.
const take = (next) => {
  if (all('main', next)[0].dataset.asOf < main.dataset.asOf) return false
  const news = newsOf(was, next.body)
  const [stay, stand] = [hold(), holdDay()]
  patch(document.body, was, next.body)
  was = next.body
  takeHead(next)
  forgetLost()
  dress()
  stand()
  stay()
  if (news.length > 0) say(...news)
  return news.length > 0
}

const dress = () => {
  wordTimes()
  dressBars()
  dressCopies()
  tick()
}

const wake = () => {
  setTried(false)
  clearTimeout(timer)
  if (!document.hidden && main.dataset.asOf) void ask()
}

export const live = () => {
  was = document.body.cloneNode(true)
  dress()
  setInterval(() => {
    checkAge()
    if (!document.hidden && tick()) plan(2000)
  }, 1000)
  addEventListener('visibilitychange', wake)
  addEventListener('online', wake)
  // Shown again as it was when it was left.
  addEventListener('pageshow', ({ persisted }) => persisted && wake())
  plan(isTooOld() ? 0 : soon)
}
