// Comfort for the desk. Everything here works without it; nothing is decided here.

const long = new Intl.DurationFormat('en', { style: 'long' })

/** The two largest units, as the server words them. */
function duration(seconds) {
  if (seconds < 60) return long.format({ seconds: Math.max(1, seconds) })
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return long.format({ minutes })
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return long.format(minutes % 60 ? { hours, minutes: minutes % 60 } : { hours })
  const days = Math.floor(hours / 24)
  return long.format(days < 7 && hours % 24 ? { days, hours: hours % 24 } : { days })
}

/** Ages and countdowns go on while the page stands open. */
function tick() {
  const now = Date.now()
  for (const element of document.querySelectorAll('[data-since]')) {
    if (element.dataset.since)
      element.textContent = duration(Math.floor((now - Date.parse(element.dataset.since)) / 1000))
  }
  for (const element of document.querySelectorAll('[data-until]')) {
    const left = Math.floor((Date.parse(element.dataset.until) - now) / 1000)
    const { words } = element.dataset
    if (words) element.textContent = left > 0 ? `${words} in ${duration(left)}` : `${words} now`
    else element.textContent = left > 0 ? `That is in ${duration(left)}.` : `That was ${duration(-left)} ago.`
    if (left <= 0) element.closest('.promise')?.classList.add('late')
  }
}
tick()
setInterval(tick, 5000)

/** Fields that only some choices need: the hour of a promise, the reason for none. */
function showWhatIsNeeded(form) {
  const chosen = new Set(new FormData(form).values())
  for (const element of form.querySelectorAll('[data-shown-for]')) {
    element.hidden = !element.dataset.shownFor.split(' ').some((value) => chosen.has(value))
  }
}
for (const form of document.forms) {
  if (!form.querySelector('[data-shown-for]')) continue
  showWhatIsNeeded(form)
  form.addEventListener('change', () => showWhatIsNeeded(form))
}

/** Ctrl or Cmd with Enter sends what one writes. */
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
  const form = event.target instanceof Element ? event.target.closest('form[data-composer]') : null
  if (!form) return
  event.preventDefault()
  form.requestSubmit(form.querySelector('.primary'))
})

/** An impatient thumb sends a form once. The page that comes back, from the server or from the cache, sends again. */
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = 'yes'
})
window.addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent
})

/** The zone of this browser, where nobody has chosen one yet. */
for (const select of document.querySelectorAll('select[data-guess="zone"]')) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const isThere = [...select.options].some(({ value }) => value === timeZone)
  if (isThere && select.selectedIndex === 0) select.value = timeZone
}

/** What is shown once is selected with one tap, to be copied. */
for (const input of document.querySelectorAll('input[data-copy]')) {
  input.addEventListener('focus', () => input.select())
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.addEventListener('click', async () => {
    input.select()
    await navigator.clipboard?.writeText(input.value)
    button.textContent = 'Copied'
  })
  input.after(button)
}

/** The first run waits for its first checks. */
const waiting = document.querySelector('[data-refresh]')
if (waiting) setTimeout(() => location.reload(), Number(waiting.dataset.refresh) * 1000)

document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
