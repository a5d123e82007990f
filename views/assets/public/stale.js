// Never green by default: a page that has not heard from its own systems for long says so, and since when.
import { all, main, now, root } from './page.js'
import { say } from './news.js'

const limit = 180_000
const head = () => ({ title: document.title, icon: all('link[rel=icon]')[0].href })
let fresh = head()
let isTried = false

export const takeHead = (next) => {
  fresh = { title: next.title, icon: all('link[rel=icon]', next)[0].href }
}
// The page says nothing of the sort before it has asked, or has waited long for an answer.
export const setTried = (tried) => {
  isTried = tried
  checkAge()
}

export const isTooOld = () => now() - Date.parse(main.dataset.asOf) > limit

export const checkAge = () => {
  const [lost] = all('.lost-touch')
  if (!lost) return
  const isOld = isTooOld()
  // In a tab that nobody looks at, the icon and the title are the page.
  const { title, icon } = isOld && (isTried || document.hidden) ? lost.dataset : fresh
  if (document.title !== title) document.title = title
  const [link] = all('link[rel=icon]')
  if (link.href !== icon) link.href = icon
  const isShown = isOld && isTried && !document.hidden
  if (lost.hidden !== isShown) return
  lost.hidden = !isShown
  root.classList.toggle('stale', isShown)
  if (isShown) say(lost.textContent)
}
