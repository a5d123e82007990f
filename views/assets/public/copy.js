// A link to every incident and every word on it, to be copied. Browsers let only secure pages do that.
import { say } from './news.js'
import { add, all, make, words } from './page.js'

export const dressCopies = () => {
  if (!navigator.clipboard) return
  for (const place of all('article :is(.head h3, .kind, .said .stage)')) {
    if (place.copied?.isConnected) continue
    place.copied = add(make('button', 'copy', { type: 'button', 'aria-label': words.copy, title: words.copy }), place)
    place.copied.innerHTML = '<svg aria-hidden="true"><use href="#link"/></svg>'
    // A button is no part of a heading.
    if (place.localName === 'h3') place.after(place.copied)
    else place.append(place.copied)
  }
}

const linkFor = (button) => {
  const link = all('.head a', button.closest('article'))[0]
  const address = new URL(link?.href ?? location.href)
  address.hash = button.closest('.said')?.id ?? ''
  return address.href
}

export const copyLink = async ({ target }) => {
  const button = target.closest?.('.copy')
  if (!button) return
  await navigator.clipboard.writeText(linkFor(button))
  button.dataset.done = words.copied
  say(words.copied)
  setTimeout(() => delete button.dataset.done, 2000)
}
