// The languages, and the choice of light or dark, which is kept on this device and only once it was made.
import { add, all, keep, kept, root } from './page.js'

const [menu] = all('.languages')
const [theme] = all('.theme select')

const shine = (chosen) => {
  if (chosen) root.dataset.theme = chosen
  else delete root.dataset.theme
}

// Whoever reads another of the page's languages rather than this one finds it in sight, by its own name.
const links = all('a', menu)
const primary = (tag) => tag.split('-')[0]
const offered = (tag) =>
  links.find(({ lang }) => lang === tag) ?? links.find(({ lang }) => primary(lang) === primary(tag))
export const showOwnLanguage = () => {
  const own = navigator.languages.map(offered).find(Boolean)
  if (own && !own.hasAttribute('aria-current')) menu.before(add(own.cloneNode(true), menu))
}

export const watchMenus = () => {
  theme.value = kept('theme') ?? ''
  shine(theme.value)
  theme.addEventListener('change', () => {
    keep('theme', theme.value)
    shine(theme.value)
  })
  addEventListener('click', (event) => menu.contains(event.target) || (menu.open = false))
  menu.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    menu.open = false
    menu.querySelector('summary').focus()
  })
}
