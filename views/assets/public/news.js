// Says politely, to those who listen, what has changed: in the page's own words.
import { all, make } from './page.js'

const news = document.getElementById('news')
export const say = (...texts) =>
  news.replaceChildren(...texts.map((text) => Object.assign(make('p', ''), { textContent: text.trim() })))

const textOf = (selector, within) => all(selector, within)[0]?.textContent ?? ''

// What the next edition says that the one before did not: the verdict, and every new word on an incident.
export const newsOf = (was, next) => {
  const verdict = textOf('.verdict h1', next)
  const known = new Set(all('.said', was).map(({ id }) => id))
  const said = all('.said', next).filter(({ id }) => !known.has(id))
  return [
    ...(verdict === textOf('.verdict h1', was) ? [] : [verdict]),
    ...said.flatMap((one) => [textOf('h1, h3', one.closest('article')), textOf('.stage', one), textOf('.text', one)]),
  ]
}
