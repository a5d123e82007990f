// The promise clock at the desk. Without it the banner says what was so when the page was opened.

const title = document.title
const soon = 5 * 60_000
const news = document.querySelector('#promise-news')
const banner = () => document.querySelector('main > .promise')

/** `4:59`, or `1:04:59`. */
function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000)
  const two = (number) => String(number).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** What can still be taken back: to the second, because there are two minutes of it. */
function holdTick() {
  for (const held of document.querySelectorAll('[data-held]')) {
    const left = Date.parse(held.dataset.held) - Date.now()
    if (left > 0) held.querySelector('[data-held-left]').textContent = clock(left)
    // The server refuses it from now on: the button would promise what is not so.
    else if (held.firstElementChild) held.textContent = 'It is on its way to subscribers.'
  }
}

let was = null

/** A tab that nobody looks at says it in its title; whoever listens is told once, five minutes before and at the miss. */
function tick() {
  const shown = banner()
  const left = shown ? Date.parse(shown.dataset.by) - Date.now() : Infinity
  const state = left <= 0 ? 'late' : left <= soon ? 'soon' : 'calm'
  const lead = { late: `Late by ${clock(-left)} · `, soon: `${clock(left)} left · `, calm: '' }[state]
  if (document.title !== lead + title) document.title = lead + title
  if (shown) {
    shown.classList.toggle('late', state === 'late')
    shown.querySelector('[data-left]').textContent =
      state === 'late' ? `You are ${clock(-left)} late, and your page says so.` : `That is in ${clock(left)}.`
  }
  const key = `${shown?.dataset.by} ${state}`
  if (was !== null && key !== was && shown && state !== 'calm') {
    const { name } = shown.dataset
    news.textContent =
      state === 'late'
        ? `The update promised on “${name}” is late, and your page says so.`
        : `The update promised on “${name}” is due in five minutes.`
  }
  was = key
  holdTick()
}

/** A desk that nobody has touched for so long asks no more: it would keep a forgotten browser signed in. */
const patience = 2 * 3_600_000
let touched = Date.now()

/** Somebody else may have kept it meanwhile, or a probe may have promised another one. */
async function ask() {
  if (document.hidden || Date.now() - touched > patience) return
  try {
    const answer = await fetch('/admin', { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(10_000) })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    // Not the desk: a session that ended, or somebody else's portal.
    if (!answer.ok || !page.querySelector('#promise-news')) return
    const [old, next] = [banner(), page.querySelector('main > .promise')]
    if (old?.dataset.by === next?.dataset.by && old?.dataset.name === next?.dataset.name) return
    if (old && next) old.replaceWith(document.importNode(next, true))
    else if (next) document.querySelector('main').prepend(document.importNode(next, true))
    // Whoever reads it right now is not left with nothing under their fingers.
    else if (!old.contains(document.activeElement)) old.remove()
    tick()
  } catch {
    // Without the network the banner goes on as it was.
  }
}

if (news) {
  tick()
  setInterval(tick, 1000)
  setInterval(ask, 60_000)
  for (const kind of ['pointerdown', 'keydown', 'visibilitychange'])
    document.addEventListener(kind, () => (touched = Date.now()))
  document.addEventListener('visibilitychange', ask)
}

/** What is usual follows from what is chosen: how bad it is, at its worst. */
const ranks = ['none', 'minor', 'major', 'critical']
const reached = { degraded_performance: 1, partial_outage: 2, major_outage: 3 }
const why = ['', ' for what is slow or impaired', ' for what is partly down', ' for what is down']

for (const usual of document.querySelectorAll('[data-usual]')) {
  const minutes = JSON.parse(usual.dataset.usual)
  const form = usual.closest('form')
  const say = () => {
    const chosen = [...form.querySelectorAll('select[name^="component."]')].map(({ value }) => reached[value] ?? 0)
    const worst = Math.max(0, ranks.indexOf(usual.dataset.severity), ...chosen)
    usual.textContent = `As usual${why[worst]}: in ${minutes[ranks[worst]] ?? minutes.minor} min`
  }
  say()
  form.addEventListener('change', say)
}
