import type { Page } from 'playwright-core'

/**
 * What can be touched on the page and is not 44 pixels high and wide, with its size; but for links in a sentence, single
 * days, and what copies a link. All that is folded is opened before.
 */
export function hardToTouch(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`{
    document.querySelectorAll('main details').forEach((one) => (one.open = true))
    const isInSentence = (it) => it.matches('.text *') ||
      [...it.closest('p')?.childNodes ?? []].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim() !== '')
    const things = document.querySelectorAll('a, summary, button, select, textarea, input:not([type=hidden])');
    [...things].flatMap((it) => {
      if (it.matches('.days *, .copy, .skip, .honey *') || isInSentence(it)) return []
      if (!it.checkVisibility({ visibilityProperty: true })) return []
      it.scrollIntoView({ block: 'center', inline: 'center' })
      const { left, right, top, bottom } = it.getClientRects()[0]
      const [x, y] = [(left + right) / 2, (top + bottom) / 2]
      const isHit = (dx, dy) => {
        const there = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(1, x + dx)), y + dy)
        return there !== null && (it.contains(there) || there.closest('label')?.contains(it) === true)
      }
      const reach = (dx, dy) => { let far = 0; while (far < 44 && isHit(dx * (far + 1), dy * (far + 1))) far += 1; return far }
      const [wide, high] = [reach(-1, 0) + reach(1, 0) + 1, reach(0, -1) + reach(0, 1) + 1]
      const name = (it.textContent.trim() || it.name).replaceAll(/\\s+/g, ' ').slice(0, 30)
      return wide >= 44 && high >= 44 ? [] : [it.tagName.toLowerCase() + ' “' + name + '” ' + wide + '×' + high]
    })
  }`)
}
