import { readFileSync, readdirSync } from 'node:fs'
import { minified } from '../../lib/css.ts'

const folder = new URL('../../../views/assets/public/', import.meta.url)

/** What the front page does without, because it is read most, and on the worst days. */
const beyondFront: readonly string[] = [
  'charts.css',
  'corrections.css',
  'developers.css',
  'instances.css',
  'ledger.css',
  'pages.css',
  'record.css',
  'reviews.css',
  'subscribe.css',
]

/**
 * The sheets of `views/assets/public/`, in the order of their names, in few bytes. What changes with the way of reading comes
 * in a layer after them. It is a tenth of a second of work: a bundle has the answer ready (`scripts/make-bundle.js`).
 */
export function ownSheets(): { readonly front: string; readonly beyond: string } {
  const front = joined((name) => !beyondFront.includes(name))
  const beyond = joined((name) => beyondFront.includes(name))
  return {
    front: minified(`@layer page{${front}}@layer ways{${read('ways.css')}}`),
    beyond: minified(`@layer page{${beyond}}`),
  }
}

function joined(isMeant: (name: string) => boolean): string {
  const sheets = readdirSync(folder).filter((name) => name.endsWith('.css') && name !== 'ways.css')
  return sheets.filter(isMeant).toSorted().map(read).join('')
}

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8')
}
