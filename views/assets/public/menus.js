// The languages, and the choice of light or dark, which is kept on this device and only once it was made.
import { all, keep, kept, root } from './page.js'

const [menu] = all('.languages')
const [theme] = all('.theme select')

const shine = (chosen) => {
  if (chosen) root.dataset.theme = chosen
  else delete root.dataset.theme
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
