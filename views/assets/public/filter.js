// Finds an instance among those that a page lists while its key is typed. What is not listed, a domain or an account,
// the form finds. Lists and regions without any go by themselves (comfort.css).
import { all } from './page.js'

export const watchFilter = () => {
  const [input] = all('[data-find] input')
  const regions = all('[data-region]').map((region) => [region, region.open])
  const lines = all('[data-region] li')
  input?.addEventListener('input', () => {
    const typed = input.value.trim().toLowerCase()
    const found = new Set(
      lines.filter((line) => `${line.textContent} ${line.firstElementChild.title}`.toLowerCase().includes(typed)),
    )
    for (const line of lines) line.hidden = found.size > 0 && !found.has(line)
    for (const [region, wasOpen] of regions) region.open = wasOpen || (typed && found.size > 0)
  })
}
