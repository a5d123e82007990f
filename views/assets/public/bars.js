// The days of a system (see views/partials/bars.eta): what is pointed at or walked to says its words on a card.
import { add, all, isTurned, make, words } from './page.js'
import { formatter } from './wording.js'

const steps = { ArrowLeft: isTurned ? 1 : -1, ArrowRight: isTurned ? -1 : 1, PageUp: -7, PageDown: 7 }
const card = make('a', 'day-card', { tabindex: -1, 'aria-hidden': true })
let shown = null
let byTouch = false

// One stop for Tab in each system: the day that was last walked to, at first today.
export const dressBars = () => {
  for (const days of all('.days')) {
    const summary = all('.scale > :is(a, b)', days.parentNode)[0]
    days.removeAttribute('aria-hidden')
    days.role = 'group'
    days.ariaLabel = summary.ariaLabel ?? summary.textContent
    if (summary.href) summary.tabIndex = -1
    if (!all('[tabindex="0"]', days)[0]) linkOf(days.lastElementChild).tabIndex = 0
  }
}

// A quiet day becomes a link when somebody gets there: most of them never are.
const linkOf = (day) => {
  if (day.said) return day
  const { of, last, worked, works } = day.closest('.bars').dataset
  const days = [...day.parentNode.children]
  const fromEnd = days.length - 1 - days.indexOf(day)
  const at = new Date(Date.parse(last) - 86_400_000 * fromEnd)
  const name = formatter(words.formats, { weekday: 'long', day: 'numeric', month: 'long' }, 'UTC').format(at)
  const link =
    day.localName === 'a' ? day : make('a', '', { href: `${of}/${at.toISOString().slice(0, 10)}`, tabindex: -1 })
  const said = day.title || words.day.replace('{day}', name).replace('{lost}', fromEnd ? worked : works)
  link.said = [name, said.startsWith(name) ? said.slice(name.length).replace(/^[\s:：،,]+/, '') : said]
  // The card says it; the browser's own would say it twice.
  link.ariaLabel = said
  link.title = ''
  if (link !== day) {
    link.stood = 'I'
    day.replaceWith(link)
  }
  return link
}

const show = (link) => {
  shown = link
  const bars = link.closest('.bars')
  card.replaceChildren(
    ...link.said.map((text, at) => Object.assign(make(at ? 'span' : 'b', ''), { textContent: text })),
  )
  card.href = link.href
  bars.append(add(card, bars))
  const [day, whole] = [link.getBoundingClientRect(), bars.getBoundingClientRect()]
  const middle = day.left + day.width / 2 - whole.left - card.offsetWidth / 2
  card.style.left = `${Math.max(0, Math.min(middle, whole.width - card.offsetWidth))}px`
}

const hide = () => {
  card.remove()
  shown = null
}

const dayAt = ({ target }) => target.closest?.('.days > :not(b)')

const walk = (event) => {
  const day = dayAt(event)
  if (!day || event.altKey || event.ctrlKey || event.metaKey) return
  const days = [...day.parentNode.children].filter((one) => one.localName !== 'b' && one.offsetWidth)
  const last = days.length - 1
  const { key } = event
  const step = steps[key]
  const to = key === 'Home' ? 0 : key === 'End' ? last : step && Math.max(0, Math.min(days.indexOf(day) + step, last))
  if (to === undefined) return
  event.preventDefault()
  day.tabIndex = -1
  const link = linkOf(days[to])
  link.tabIndex = 0
  link.focus()
}

export const watchBars = () => {
  addEventListener('pointerover', (event) => {
    byTouch = event.pointerType === 'touch'
    const day = dayAt(event)
    if (day && !byTouch) show(linkOf(day))
    else if (shown && shown !== document.activeElement && !card.contains(event.target)) hide()
  })
  // A finger does not hover: its first tap shows the day, the second opens it, and so does one on the card.
  addEventListener('click', (event) => {
    const day = byTouch && dayAt(event)
    if (!day || day === shown) return
    event.preventDefault()
    show(linkOf(day))
  })
  addEventListener('focusin', (event) => {
    const day = dayAt(event)
    if (day) show(linkOf(day))
  })
  addEventListener('focusout', (event) => dayAt(event) && hide())
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide()
    else walk(event)
  })
}

// Where somebody stood on a day that has changed under them, they stand again.
export const holdDay = () => {
  const day = dayAt({ target: document.activeElement })
  const days = day?.parentNode
  const at = days && [...days.children].indexOf(day)
  return () => {
    if (!day || day.isConnected || !days.isConnected) return
    const link = linkOf(days.children[at])
    link.tabIndex = 0
    link.focus({ preventScroll: true })
  }
}
