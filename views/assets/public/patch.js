// Brings what is on the screen from one edition of the page to the next. `was` is the edition as it came, `live` what
// became of it, `next` the new one: only where the two editions differ is anything touched, so that what is open, focused,
// selected or added by a script stays.
import { isAdded } from './page.js'

export const patch = (live, was, next) => {
  if (was.isEqualNode(next)) return
  if (was.nodeType !== Node.ELEMENT_NODE) {
    live.data = next.data
    return
  }
  attributes(live, was, next)
  const [lives, before] = [[...live.childNodes].filter((node) => !isAdded(node)), [...was.childNodes]]
  // Somebody else changed the page, a translator perhaps: then this part is taken over whole.
  const isOurs =
    lives.length === before.length && lives.every((node, at) => (node.stood ?? node.nodeName) === before[at].nodeName)
  if (!isOurs) return live.replaceChildren(...[...next.childNodes].map(adopt))
  let at = 0
  for (const node of next.childNodes) {
    const found = before.findIndex((old, index) => index >= at && isSame(old, node))
    if (found < 0) {
      live.insertBefore(adopt(node), lives[at] ?? null)
      continue
    }
    for (; at < found; at++) lives[at].remove()
    patch(lives[at], before[at], node)
    at++
  }
  for (; at < lives.length; at++) lives[at].remove()
}

const attributes = (live, was, next) => {
  for (const { name, value } of next.attributes) {
    if (was.getAttribute(name) !== value) live.setAttribute(name, value)
  }
  for (const { name } of was.attributes) {
    // What the reader looks into is not folded away under their eyes.
    if (!next.hasAttribute(name) && name !== 'open') live.removeAttribute(name)
  }
}

const adopt = (node) => document.importNode(node, true)

const isSame = (old, node) => old.nodeName === node.nodeName && old.id === node.id
