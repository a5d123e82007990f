import { Parser } from 'htmlparser2'
import { locales } from '../../src/domain/site/site.ts'
import type { Ask, Asker } from './asking.ts'
import type { Chance } from './chance.ts'
import { mangled, mangledBytes, nastyText, nastyWord } from './nasty.ts'
import type { Site } from './site.ts'

/** A form of the desk as a browser would send it. */
interface Form {
  readonly action: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** Every form and every address that the desk and the pages lead to. */
export async function formsOf(site: Site, { ask }: Asker): Promise<{ forms: Form[]; paths: string[] }> {
  const { cookie } = await site.session()
  const forms = new Map<string, Form>()
  const seen = new Set<string>()
  const waiting = ['/', '/admin', '/report', '/history/search?q=cards', '/admin/sign-in']
  for (let path = waiting.shift(); path !== undefined && seen.size < 160; path = waiting.shift()) {
    if (seen.has(path)) continue
    seen.add(path)
    const answer = await ask({ of: 'crawl', method: 'GET', path, headers: headersFor(site, cookie) })
    if (!answer.headers['content-type']?.startsWith('text/html')) continue
    const page = read(answer.body, path)
    for (const form of page.forms) forms.set(`${form.action} ${form.fields.map(([name]) => name).join()}`, form)
    waiting.push(...page.links.filter((link) => !/^\/(fa|fr|pt-BR|zh-Hant|en)(\/|$)/.test(link)))
  }
  return { forms: [...forms.values()], paths: [...seen] }
}

function read(html: string, from: string): { forms: Form[]; links: string[] } {
  const forms: Form[] = []
  const links: string[] = []
  let open: { action: string; fields: [string, string][] } | null = null
  let area: [string, string] | null = null
  const inside = (href: string): string[] => {
    const url = URL.canParse(href, `http://status.example${from}`)
      ? new URL(href, `http://status.example${from}`)
      : null
    return url?.host === 'status.example' ? [url.pathname + url.search] : []
  }
  new Parser({
    onopentag(name, { href, action, name: field, value = '', method }) {
      if (name === 'a' && href !== undefined) links.push(...inside(href))
      if (name === 'form' && method === 'post') open = { action: inside(action ?? '')[0] ?? from, fields: [] }
      if (!open || field === undefined) return
      if (name === 'input' || name === 'button') open.fields.push([field, value])
      if (name === 'textarea') open.fields.push((area = [field, '']))
      if (name === 'select') area = null
      if (name === 'select') open.fields.push([field, ''])
    },
    ontext(text) {
      if (area) area[1] += text
    },
    onclosetag(name) {
      if (name === 'textarea') area = null
      if (name === 'form' && open) {
        forms.push(open)
        open = null
      }
    },
  }).end(html)
  return { forms, links }
}

function headersFor(site: Site, cookie: string): Record<string, string> {
  return { host: site.host, cookie, 'sec-fetch-site': 'same-origin' }
}

/** What would end the session that asks, or send somebody else a letter: it is tried in tests of its own. */
const left = /sign-out|\/sessions|\/import/

export interface Real {
  readonly site: Site
  readonly forms: readonly Form[]
  readonly paths: readonly string[]
  readonly signedIn: { readonly cookie: string; readonly token: string }
}

/** A real request, and one thing about it is not as it should be. Sometimes nothing. */
export function fromReal(real: Real, by: Chance): Ask {
  const kind = by.of([
    'form',
    'form',
    'form',
    'path',
    'route',
    'route',
    'heartbeat',
    'metrics',
    'place',
    'search',
  ] as const)
  const { site, signedIn } = real
  const headers = headersFor(site, by.is(0.9) ? signedIn.cookie : `candor_session=${nastyWord(by)}`)
  if (kind === 'form') return form(real, headers, by)
  if (kind === 'path') return { of: 'a page', method: 'GET', path: bent(by.of(real.paths), by), headers }
  if (kind === 'search')
    return {
      of: 'search',
      method: 'GET',
      path: `/${by.of(['history/search', 'find', 'fa/history/search'])}?q=${nastyWord(by)}&page=${nastyWord(by)}`,
      headers,
    }
  if (kind === 'heartbeat') {
    const path = `/hb/${by.is(0.7) ? site.heartbeat.split('/hb/').at(-1) : nastyWord(by).slice(0, 190)}${by.of(['', '/start', '/fail', '/log', '/0', '/256', `/${nastyWord(by)}`])}`
    return {
      of: 'a heartbeat',
      method: by.of(['GET', 'POST', 'HEAD']),
      path,
      headers: { host: site.host },
      ...(by.is(0.5) ? { body: nastyText(by).toWellFormed() } : {}),
    }
  }
  if (kind === 'metrics') {
    const token = by.of(Object.values(site.tokens))
    return {
      of: 'metrics',
      method: 'GET',
      path: bent('/metrics', by),
      headers: {
        host: site.host,
        authorization: by.is(0.5) ? `Bearer ${token}` : nastyWord(by),
        accept: by.of(['*/*', 'application/openmetrics-text;version=1.0.0', nastyWord(by)]),
      },
    }
  }
  if (kind === 'place') {
    const path = `/api/places/v1/${by.of(['sessions', 'probes', 'reports', nastyWord(by)])}`
    const said = {
      'candor-place': by.of(['1', '2', '-1', nastyWord(by)]),
      'candor-time': by.of(['0', '1763726400000', nastyWord(by)]),
      'candor-signature': nastyWord(by),
    }
    return {
      of: 'a place',
      method: by.of(['GET', 'POST']),
      path,
      headers: { host: site.host, ...said },
      body: mangled('{"session":"a","batch":1,"results":[]}', by).toWellFormed(),
    }
  }
  return route(real, headers, by)
}

function form({ forms, signedIn }: Real, headers: Record<string, string>, by: Chance): Ask {
  const { action, fields } = by.of(forms.filter((one) => !left.test(one.action)))
  const body = new URLSearchParams()
  for (const [name, value] of fields) {
    if (name === 'token') body.append(name, by.is(0.95) ? signedIn.token : nastyText(by))
    else if (by.is(0.75)) body.append(name, by.is(0.3) ? nastyText(by).toWellFormed() : value)
    if (by.is(0.03)) body.append(name, nastyText(by).toWellFormed())
  }
  if (by.is(0.1)) body.append(nastyText(by).toWellFormed(), nastyText(by).toWellFormed())
  const text = body.toString()
  return {
    of: `the form of ${action}`,
    method: 'POST',
    path: by.is(0.93) ? action : bent(action, by),
    headers: {
      ...headers,
      'content-type': by.is(0.95)
        ? 'application/x-www-form-urlencoded'
        : by.of(['application/json', 'multipart/form-data; boundary=b', 'text/plain', 'a/b']),
    },
    body: by.is(0.1) ? mangledBytes(text, by) : text,
  }
}

/** Any route that there is, with something in the place of each parameter. */
function route({ site, signedIn }: Real, headers: Record<string, string>, by: Chance): Ask {
  const { method, url } = by.of(site.routes)
  const path = url
    .replace(/:locale\([^)]*\)/, () => by.of(locales))
    .replaceAll(/:\w+|\*/g, () => (by.is(0.6) ? by.of(site.ids) : nastyWord(by)))
  const post =
    method === 'GET' || method === 'HEAD'
      ? {}
      : { body: `token=${encodeURIComponent(signedIn.token)}&${nastyWord(by)}=${nastyWord(by)}` }
  const isApi = /^\/(api\/)?v1\//.test(url)
  return {
    of: `${method} ${url}`,
    method,
    path: bent(left.test(path) ? '/admin' : path, by),
    headers: {
      ...headers,
      'content-type': 'application/x-www-form-urlencoded',
      ...(isApi ? { authorization: `OAuth ${site.tokens.manage}` } : {}),
    },
    ...post,
  }
}

function bent(path: string, by: Chance): string {
  switch (by.below(8)) {
    case 0:
      return `${path}${path.includes('?') ? '&' : '?'}${nastyWord(by)}=${nastyWord(by)}`
    case 1:
      return `${path}/${nastyWord(by)}`
    case 2:
      return path.replace(/[^/]+$/, () => nastyWord(by))
    case 3:
      return `${path}${by.of(['/', '//', '/.', '/..', ';a', '%2e', '%00', '.json', '.md', '%2f', '?', '?a[b]=c&a=d'])}`
    default:
      return path
  }
}
