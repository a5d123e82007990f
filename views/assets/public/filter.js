// Finds an instance among those that a page lists while its key is typed. What is not listed, a domain or an account,
// the form finds.
import { all } from './page.js'

export const watchFilter = () => {
  const [input] = all('[data-find] input')
  const regions = all('[data-region]')
  const opened = regions.map(({ open }) => open)
  const lines = regions.flatMap((region) => all('.keys li', region))
  const filter = () => {
    const typed = input.value.trim().toLowerCase()
    const isFound = (line) => `${line.textContent} ${line.firstElementChild.title}`.toLowerCase().includes(typed)
    const found = new Set(lines.filter(isFound))
    for (const line of lines) line.hidden = found.size > 0 && !found.has(line)
    for (const list of all('[data-region] .keys')) {
      list.hidden = !all('li:not([hidden])', list)[0]
      if (list.previousElementSibling.matches('.family')) list.previousElementSibling.hidden = list.hidden
    }
    for (const [at, region] of regions.entries()) {
      region.hidden = !all('li:not([hidden])', region)[0]
      region.open = typed && found.size > 0 ? !region.hidden : opened[at]
    }
  }
  if (lines.length > 0) input?.addEventListener('input', filter)
}
