// What is being read, or has the focus, stays where it is on the screen while the page changes around it. Browsers do
// this too, some of them; with script they leave it to us, so that it is not done twice.
import { all } from './page.js'

export const hold = () => {
  const places = [document.activeElement, ...all('main :is(h1, h2, h3, h4, p, li)')]
    .map((element) => [element, element.getBoundingClientRect().top])
    .filter(([element, top]) => element !== document.body && element.offsetWidth && top >= 0 && top < innerHeight)
  return () => {
    const [element, top] = places.find(([element]) => element.isConnected && element.offsetWidth) ?? []
    if (element && scrollY > 0) scrollBy({ top: element.getBoundingClientRect().top - top, behavior: 'instant' })
  }
}
