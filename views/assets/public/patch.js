// Brings what is on the screen from one edition of the page to the next. `was` is the edition as it came, `live` what
// became of it, `next` the new one: only where the two editions differ is anything touched, so that what is open, focused,
// selected or added by a script stays.
import { all, isAdded } from './page.js'

export const patch = (live, was, next) => {
  if (was.isEqualNode(next)) return
  if (was.nodeType !== Node.ELEMENT_NODE) {
    live.data = next.data
    return
  }
  attributes(live, was, next)
  const nexts = [...next.childNodes]
  let [lives, before] = [[...live.childNodes].filter((node) => !isAdded(node)), [...was.childNodes]]
  // Somebody else changed the page, a translator perhaps: then this part is taken over whole.
  const isOurs =
    lives.length === before.length && lives.every((node, at) => (node.stood ?? node.nodeName) === before[at].nodeName)
  if (!isOurs) return live.replaceChildren(...nexts.map(adopt))
  const stays = before.map((old) => !nameOf(old) || nexts.some((node) => isSame(old, node)))
  lives = lives.filter((node, at) => stays[at] || node.remove())
  before = before.filter((_, at) => stays[at])
  let at = 0
  for (const node of nexts) {
    const found = find(node, before, at)
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

// What has a name is looked for behind all else; what has none only up to the next that has one; text only here.
const find = (node, before, at) => {
  for (let index = at; index < before.length; index++) {
    if (isSame(before[index], node)) return index
    if (node.nodeType === Node.TEXT_NODE || (!nameOf(node) && nameOf(before[index]))) return -1
  }
  return -1
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

const isSame = (old, node) => old.nodeName === node.nodeName && nameOf(old) === nameOf(node)

// What comes and goes among others of its kind is known by its id, its heading, or where it leads first.
const nameOf = (node) => {
  if (node.id || !/^(SECTION|ARTICLE|DETAILS|LI)$/.test(node.nodeName)) return node.id
  return all('h2', node)[0]?.textContent ?? all('a', node)[0]?.getAttribute('href')
}
