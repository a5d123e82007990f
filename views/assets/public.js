// Comfort only: everything this says stands on the page without it.
const near = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' })
const units = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
]

const away = (seconds) => {
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['minute', 60]
  return near.format(Math.round(seconds / size), unit)
}

const tick = () => {
  const now = Date.now()
  for (const time of document.querySelectorAll('.words time, .when time')) {
    const seconds = (Date.parse(time.dateTime) - now) / 1000
    if (Math.abs(seconds) > 172800) continue
    if (!time.near) {
      time.near = document.createElement('span')
      time.near.className = 'near'
      time.parentNode.append(time.near)
    }
    time.near.textContent = away(seconds)
  }
  for (const promise of document.querySelectorAll('.promise.open')) {
    if (now <= Date.parse(promise.dataset.by)) continue
    promise.classList.replace('open', 'late')
    promise.querySelector('.words').hidden = true
    promise.querySelector('span.late').hidden = false
  }
}
tick()
setInterval(tick, 20000)

const menu = document.querySelector('.languages')
addEventListener('click', (event) => menu.contains(event.target) || (menu.open = false))
menu.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return
  menu.open = false
  menu.querySelector('summary').focus()
})
