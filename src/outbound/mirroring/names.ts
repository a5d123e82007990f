import { extname } from 'node:path'

/** Decides nothing here: `/components/api/2026-11-21` has no extension, and `/components/node.js` is a page. */
const html = 'text/html'

/**
 * The file of a document, as static servers look for it: `history.html` for `/history`, `fa/index.html` for `/fa/`. Null
 * for a path that no file may be called.
 */
export function fileOf(path: string, contentType: string): string | null {
  const parts = decoded(path)?.slice(1).split('/')
  if (!parts) return null
  const last = parts.pop() ?? ''
  if (parts.some((part) => !isName(part))) return null
  if (last === '') return [...parts, 'index.html'].join('/')
  if (!isName(last)) return null
  const isPage = contentType.startsWith(html) && extname(last) !== '.html'
  return [...parts, isPage ? `${last}.html` : last].join('/')
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path.replaceAll(/%2f/gi, '%00'))
  } catch {
    return null
  }
}

/** Neither a way out of the folder nor one of the mirror's own. */
function isName(part: string): boolean {
  return part !== '' && !part.startsWith('.') && !part.includes('\0') && Buffer.byteLength(part) <= 200
}
