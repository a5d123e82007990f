// What a page says about itself. No word for readers stands in a script: all of them are rendered in the page.
export const root = document.documentElement
export const main = document.getElementById('main')
export const words = document.getElementById('news').dataset
export const all = (selector, within = document) => [...within.querySelectorAll(selector)]
export const isTurned = root.dir === 'rtl'

// What scripts added, each with the thing of the page that it belongs to: gone with it, and never taken for the page.
const added = new Map()
export const isAdded = (node) => added.has(node)
export const add = (node, owner) => {
  added.set(node, owner)
  return node
}
export const forgetLost = () => {
  for (const [node, owner] of added) {
    if (owner.isConnected) continue
    node.remove()
    added.delete(node)
  }
}

export const make = (name, className, attributes = {}) => {
  const element = document.createElement(name)
  element.className = className
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}

// The reader's clock may be wrong, the server's is not. Only its first answer may set the time back: a cache that repeats
// an old one for ever must not keep a page young.
let ahead = null
export const now = () => Date.now() + (ahead ?? 0)
export const takeTime = ({ headers }) => {
  const said = Date.parse(headers.get('date')) + 1000 * headers.get('age') - Date.now()
  if (said) ahead = Math.max(said, ahead ?? said)
}

// Storage may be denied; then a choice holds for this page.
export const kept = (name) => {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}
export const keep = (name, value) => {
  try {
    if (value) localStorage.setItem(name, value)
    else localStorage.removeItem(name)
  } catch {}
}
