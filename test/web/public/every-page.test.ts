import { expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { messages, patterns } from '../../../src/lib/messages.ts'
import { zoneGroups } from '../../../src/web/public/subscribing/zones.ts'
import { northwind } from '../northwind.ts'
import { type Reading, reading } from './reading.ts'

const home = 'http://status.example'

/** Of days all are alike: more than these are not followed. */
const followedDays = 2

/** What speaks no language, or says which itself. */
const neutral = /^\/(?:api|assets|badges?|logo|ledger|record|summary\.json|favicon|llms\.txt|robots\.txt)/

interface Answer {
  readonly status: number
  readonly type: string
  readonly page: Reading | null
}

async function product() {
  const here = await northwind()
  for (const instanceKey of ['EU7', 'NA3']) {
    const groupId = await here.does((it) => createGroup(it, { name: instanceKey, instanceKey, location: 'EU' }))
    await here.does((it) => createComponent(it, { name: 'Search', groupId }))
  }
  const { app, publication } = await here.app()
  await publication.refresh()
  return { ...here, get: getting(app) }
}

function getting(app: FastifyInstance): (path: string) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>()
  const ask = async (path: string): Promise<Answer> => {
    const { statusCode, headers, body } = await app.inject(path)
    const type = String(headers['content-type'] ?? '').split(';')[0] ?? ''
    return { status: statusCode, type, page: type === 'text/html' ? reading(body) : null }
  }
  return (path) => {
    const before = known.get(path) ?? ask(path)
    known.set(path, before)
    return before
  }
}

/** Every page that can be reached from these without changing the language, with what it leads to. */
async function crawl(starts: readonly string[], get: (path: string) => Promise<Answer>): Promise<Map<string, Reading>> {
  const pages = new Map<string, Reading>()
  const days = new Map<string, number>()
  const waiting = [...starts]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (pages.has(path)) continue
    const { status, page } = await get(path)
    expect(status, path).toBe(200)
    if (!page) continue
    pages.set(path, page)
    for (const to of page.links
      .filter(({ isOfLanguages }) => !isOfLanguages)
      .flatMap(({ href }) => inside(href, path))) {
      const day = /^(.*\/components\/[^/]+)\/\d{4}-\d\d-\d\d$/.exec(to)?.[1]
      if (day !== undefined) days.set(day, (days.get(day) ?? 0) + 1)
      if (day === undefined || (days.get(day) ?? 0) <= followedDays) waiting.push(to)
    }
  }
  return pages
}

/** The path of an address of ours, without what only the browser looks at. */
function inside(href: string, from: string): string[] {
  if (/^(?:mailto|data|webcal):/.test(href)) return []
  const url = new URL(href, home + from)
  return url.origin === home && url.pathname + url.search !== from ? [url.pathname + url.search] : []
}

function prefixOf(locale: string): string {
  return locale === 'en' ? '' : `/${locale}`
}

test.each(locales)(
  '%s: every page is in the language, complete, and leads on in it',
  async (locale) => {
    const { get } = await product()
    const prefix = prefixOf(locale)
    const pages = await crawl([`${prefix}/`, `${prefix}/instances`], get)
    for (const kind of kinds) expect([...pages.keys()], String(kind)).toContainEqual(expect.stringMatching(kind))
    for (const [path, page] of pages) {
      expect([page.lang, page.dir], path).toEqual([locale, messages(locale)('language.direction')])
      expect(page.untimed, path).toBe(0)
      expect(unspoken(page).join('\n'), path).toBe('')
      if (isPseudo(locale)) expect(english(page).join('\n'), path).toBe('')
      for (const to of page.links
        .filter(({ isOfLanguages }) => !isOfLanguages)
        .flatMap(({ href }) => inside(href, path))) {
        const where = `${to} on ${path}`
        if (neutral.test(to)) expect((await get(to)).status, where).toBe(200)
        else expect(to.startsWith(`${prefix}/`) && !isOfAnother(to, locale), where).toBe(true)
      }
    }
    const missing = await get(`${prefix}/nothing-of-the-kind`)
    expect([missing.status, missing.page?.lang]).toEqual([404, locale])
    if (missing.page && isPseudo(locale)) expect(english(missing.page).join('\n')).toBe('')
    for (const [path, page] of [...pages].filter(([one]) => !/\d\d-\d\d$/.test(one)).slice(0, 8)) {
      const alternates = alternatesOf(page)
      expect([...alternates.keys()].toSorted(), path).toEqual([...locales, 'x-default'].toSorted())
      expect(alternates.get(locale), path).toBe(page.links.find(({ rel }) => rel === 'canonical')?.href)
      for (const other of alternates.values()) {
        const there = (await get(new URL(other).pathname)).page
        expect(there && alternatesOf(there), `${other} of ${path}`).toEqual(alternates)
      }
    }
  },
  60_000,
)

const kinds = [
  /\/$/,
  /\/history$/,
  /\/history\/2026-10$/,
  /\/incidents\/\w+$/,
  /\/history\/search\?/,
  /\/instances$/,
  /\/instances\/\w+$/,
  /\/maintenances$/,
  /\/maintenances\/\w+$/,
  /\/components\/[\w-]+$/,
  /\/components\/[\w-]+\/2026-11-\d\d$/,
]

function isOfAnother(path: string, locale: string): boolean {
  const first = path.split('/')[1] ?? ''
  return first !== locale && locales.includes(first)
}

/** The page in every language, as its head says. */
function alternatesOf({ links }: Reading): Map<string, string> {
  return new Map(
    links.flatMap(({ rel, hreflang, href }) => (rel === 'alternate' && hreflang ? [[hreflang, href]] : [])),
  )
}

test.each(locales)('%s: offers its own feeds, and they are in its language', async (locale) => {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  const prefix = prefixOf(locale)
  const { links } = reading((await app.inject(`${prefix}/`)).body)
  for (const feed of ['/history.atom', '/history.rss', '/feed.json']) {
    expect(
      links.filter(({ href }) => href === prefix + feed).map(({ rel }) => rel),
      feed,
    ).toContain('alternate')
    const { body, statusCode } = await app.inject(prefix + feed)
    expect(statusCode).toBe(200)
    expect(body).toMatch(new RegExp(`(?:xml:lang="|<language>|"language":")${locale}["<]`))
  }
})

/** Names of messages where their words should be. */
function unspoken({ own }: Reading): string[] {
  const text = own.join(' ')
  return [...patterns('en').keys()].filter((key) => text.includes(key))
}

/** No letter of these is English: `test/languages.test.ts` makes them. */
function isPseudo(locale: string): boolean {
  return /-X[AB]$/.test(locale)
}

function english({ own }: Reading): string[] {
  const ours = own.map((text) => [...zones, ...names].reduce((rest, name) => rest.replaceAll(name, ''), text))
  return ours.flatMap((text) => text.match(/[A-Za-z]{2,}.{0,30}/g) ?? [])
}

/** What `Intl` calls zones and parts of the world: in a language that it does not know, what it does in English. */
const zones = zoneGroups('en', 'UTC', 'UTC')
  .flatMap(({ label, zones }) => [label ?? '', ...zones.map(({ word }) => word)])
  .filter((name) => name !== '')
  .toSorted((a, b) => b.length - a.length)

/** What operators called things, longest first, and what has no other name anywhere. */
// prettier-ignore
const names = [
  'A larger search index', 'Moving the archive', 'Cards are declined', 'Search is slow', 'Card payments', 'New ledgers',
  'New cables', 'Northwind', 'Payments', 'Payouts', 'Search', 'Help', 'Ada', 'GMT', 'UTC',
  'EU7', 'NA3', 'EU',
]
