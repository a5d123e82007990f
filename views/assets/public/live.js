// Asks for the page's own address again, and takes over what is new in it.
import { dressBars, holdDay } from './bars.js'
import { dressCopies } from './copy.js'
import { newsOf, say } from './news.js'
import { hold } from './hold.js'
import { all, forgetLost, root, takeTime } from './page.js'
import { patch } from './patch.js'
import { checkAge, setTried, takeHead } from './stale.js'
import { tick, wordTimes } from './times.js'

const [soon, calm, seldom] = [15_000, 60_000, 300_000]
let was = null
let wait = soon
let timer = 0
let asking = false
let tag = null

// Only while somebody looks, and not all readers at once.
const plan = (time) => {
  clearTimeout(timer)
  if (!document.hidden && root.dataset.asOf) timer = setTimeout(ask, time * (0.9 + Math.random() / 5))
}

const ask = async () => {
  if (asking) return
  asking = true
  const patience = setTimeout(setTried, 4000, true)
  try {
    // The browser asks with the ETag of the bytes it has, and is mostly answered that nothing is new.
    const answer = await fetch(location.href, {
      cache: 'no-cache',
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(10_000),
    })
    if (!answer.ok) throw new Error(answer.status)
    const isNews = answer.headers.get('etag') !== tag && take(await answer.text())
    tag = answer.headers.get('etag') ?? NaN
    takeTime(answer)
    wait = isNews ? soon : Math.min(wait * 1.5, calm)
  } catch {
    wait = Math.min(wait * 2, seldom)
  }
  clearTimeout(patience)
  asking = false
  setTried(true)
  plan(wait)
}

const nameOf = (page) => all('link[rel=canonical]', page)[0]?.href

// Answers whether it says anything that the edition before did not.
const take = (html) => {
  const next = new DOMParser().parseFromString(html, 'text/html')
  const { asOf } = next.documentElement.dataset
  // A portal of some network is not our page, and an older edition of it is no news.
  if (nameOf(next) !== nameOf(document)) throw new Error(location.href)
  if (asOf < root.dataset.asOf) return false
  const news = newsOf(was, next.body)
  const [stay, stand] = [hold(), holdDay()]
  patch(document.body, was, next.body)
  was = next.body
  // What is over is rendered no more, and asks no more.
  if (asOf) root.dataset.asOf = asOf
  else delete root.dataset.asOf
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
  if (!document.hidden && root.dataset.asOf) void ask()
}

export const live = () => {
  was = document.body.cloneNode(true)
  dress()
  setInterval(() => {
    checkAge()
    if (!document.hidden && tick()) plan(2000)
  }, 1000)
  for (const name of ['visibilitychange', 'online', 'pageshow']) addEventListener(name, wake)
  plan(soon)
}
