import { readFileSync } from 'node:fs'
import type { Access, DeclaredRoute } from '../../../src/web/shared/access.ts'

/** A line of `routes.txt`: who may, in the words of that file. */
export interface Line {
  readonly methods: string
  readonly path: string
  readonly who: string
}

/** The table that people wrote and read: see its head for what its words mean. */
export function writtenTable(): Line[] {
  return readFileSync(new URL('routes.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [methods = '', path = '', who = ''] = line.trim().split(/ {2,}/)
      return { methods, path, who }
    })
}

/** What the code declares, in the words of the same file. */
export function declaredTable(routes: readonly DeclaredRoute[]): Line[] {
  const all = new Map(routes.map((route) => [`${route.method} ${route.url}`, whoOf(route.access)]))
  const isTwin = (method: string, url: string, who: string, twin: string): boolean =>
    twin !== url && all.get(`${method} ${twin}`) === who
  const lines = new Map<string, { methods: string[]; path: string; who: string }>()
  for (const { method, url, access } of routes) {
    const who = whoOf(access)
    const twins = [
      // Each language has the pages of the site's own.
      url.replace(/^\/:locale\([^)]*\)/, '') || '/',
      // Both are the same API, and its addresses may end in `.json`.
      url.replace(/^\/v1\//, '/api/v1/'),
      /^\/(api\/)?v1\//.test(url) ? url.replace(/\.json$/, '') : url,
      // Made by Fastify.
      url.length > 1 ? url.replace(/\/$/, '') : url,
    ]
    if (twins.some((twin) => isTwin(method, url, who, twin))) continue
    if (method === 'HEAD' && all.get(`GET ${url}`) === who) continue
    const line = lines.get(`${url} ${who}`) ?? { methods: [], path: url, who }
    line.methods.push(method)
    lines.set(`${url} ${who}`, line)
  }
  return [...lines.values()]
    .map(({ methods, ...line }) => ({ methods: methods.toSorted().join(' '), ...line }))
    .toSorted((a, b) => (inOrder(a) < inOrder(b) ? -1 : 1))
}

function inOrder({ path, methods }: Line): string {
  return `${path} ${methods}`
}

function whoOf(access: Access): string {
  switch (access.to) {
    case 'everyone':
      return 'everyone'
    case 'operators':
      return access.fresh ? `${access.deed}, fresh` : access.deed
    case 'tokens':
      return `token ${access.scopes.join(' ')}`
    case 'holders':
      return `holder of ${access.of}`
  }
}
