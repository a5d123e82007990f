import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import Parser from 'rss-parser'
import { describe, expect, test } from 'vitest'
import type { Incident } from '../../../src/domain/incidents/incident.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { entriesOf } from '../../../src/web/feeds/entries.ts'
import { atom, jsonFeed, rss } from '../../../src/web/feeds/formats.ts'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { anyCharacter } from '../../any-character.ts'
import { northwind } from '../northwind.ts'
import { wireOf } from '../wire.ts'

const url = 'http://status.example'

interface AtomEntry {
  readonly id: string
  readonly published: string
  readonly updated: string
  readonly title: string
  readonly content: { readonly '#text': string; readonly '@_type': string }
  readonly link: { readonly '@_href': string; readonly '@_rel': string; readonly '@_type': string }
}

const xml = new XMLParser({ ignoreAttributes: false, trimValues: false, parseTagValue: false })

function entriesIn(body: string): AtomEntry[] {
  return (xml.parse(body) as { feed: { entry: AtomEntry[] } }).feed.entry
}

describe('/history.atom', () => {
  test('has incidents and maintenances mixed, those with the newest word first, work to come at its beginning', async () => {
    const app = await wireOf(await northwind())
    const entries = entriesIn((await app.inject('/history.atom')).body)
    expect(entries.map(({ title, published }) => [title, published])).toEqual([
      ['A larger search index', '2026-11-25T23:00:00Z'],
      ['Cards are declined', '2026-11-21T11:50:00Z'],
      ['New ledgers', '2026-11-21T11:40:00Z'],
      ['New cables', '2026-11-12T03:45:00Z'],
      ['Moving the archive', '2026-11-12T03:45:00Z'],
      ['Search is slow', '2026-10-29T15:05:06Z'],
    ])
  })

  test('says each update as readers of such feeds know it', async () => {
    const app = await wireOf(await northwind())
    const { body, headers } = await app.inject('/history.atom')
    const slow = entriesIn(body).find(({ title }) => title === 'Search is slow')
    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8')
    expect(slow?.content['@_type']).toBe('html')
    expect(slow?.content['#text'].split('</p>')).toEqual([
      "<p><small>Oct <var data-var='date'>29</var>, <var data-var='time'>11:05</var> EDT</small><br><strong>Resolved</strong> - Searches are as fast as before.",
      "<p><small>Oct <var data-var='date'>29</var>, <var data-var='time'>10:45</var> EDT</small><br><strong>Monitoring</strong> - It is rebuilt.",
      "<p><small>Oct <var data-var='date'>29</var>, <var data-var='time'>10:25</var> EDT</small><br><strong>Update</strong> - We found <strong>one</strong> slow index.",
      "<p><small>Oct <var data-var='date'>29</var>, <var data-var='time'>10:05</var> EDT</small><br><strong>Investigating</strong> - Searches take 20 seconds.<br />We are looking into it.",
      '',
    ])
  })

  test('begins a maintenance with its window, on one day or on two', async () => {
    const app = await wireOf(await northwind())
    const entries = entriesIn((await app.inject('/history.atom')).body)
    const windowOf = (name: string): string =>
      /^<p><strong>(.*?)<\/strong><\/p>/.exec(
        entries.find(({ title }) => title === name)?.content['#text'] ?? '',
      )?.[1] ?? ''
    expect(windowOf('New ledgers')).toBe(
      "THIS IS A SCHEDULED EVENT Nov <var data-var='date'>21</var>, <var data-var='time'>06:40</var> - <var data-var='time'>08:00</var> EST",
    )
    expect(windowOf('A larger search index')).toBe(
      "THIS IS A SCHEDULED EVENT Nov <var data-var='date'>25</var>, <var data-var='time'>18:00</var> EST &nbsp;-&nbsp; Nov <var data-var='date'>26</var>, <var data-var='time'>01:00</var> EST",
    )
  })

  test('keeps the id of an incident when it is updated, and moves it to the front', async () => {
    const here = await northwind()
    const before = entriesIn((await (await wireOf(here)).inject('/history.atom')).body)
    const [open] = (await here.readSnapshot()).openIncidents
    here.clock.advance('10m')
    await here.does((it) => postUpdate(it, open?.id ?? '', { stage: 'monitoring', body: 'Both take cards again.' }))
    const after = entriesIn((await (await wireOf(here)).inject('/history.atom')).body)
    const find = (entries: AtomEntry[]) => entries.find(({ title }) => title === 'Cards are declined')
    expect(find(after)?.id).toBe(find(before)?.id)
    expect(find(after)?.id).toMatch(/^tag:status\.example,2005:Incident\/\d+$/)
    expect(find(after)?.updated).toBe('2026-11-21T12:10:00Z')
  })
})

describe('every feed', () => {
  test('is read by rss-parser from a running server', async () => {
    const app = await wireOf(await northwind())
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    for (const path of ['/history.rss', '/history.atom', '/fa/history.atom', '/zh-Hant/history.rss']) {
      const feed = await new Parser().parseURL(`${address}${path}`)
      expect(feed.items).toHaveLength(6)
      expect(feed.items.map(({ title }) => title)).toContain('Cards are declined')
      expect(feed.items[1]?.link).toMatch(/\/incidents\/id\d+$/)
      expect(feed.items[1]?.content).toContain('One of two acquirers')
    }
    const { title, link } = await new Parser().parseURL(`${address}/history.rss`)
    expect([title, link]).toEqual(['Northwind Status - Incident History', 'http://status.example'])
  })

  test('says its own words in the language of its address', async () => {
    const app = await wireOf(await northwind())
    for (const locale of locales) {
      const { body, statusCode } = await app.inject(`/${locale}/history.atom`)
      expect(statusCode).toBe(200)
      expect(body).toContain(`xml:lang="${locale}"`)
    }
    expect((await app.inject('/fr/history.atom')).body).toContain('<strong>Cause identifiée</strong>')
    expect((await app.inject('/fa/history.atom')).body).toContain("<var data-var='time'>۰۶:۵۰</var>")
    expect((await app.inject('/de/history.atom')).statusCode).toBe(404)
  })

  test('marks what was said in another language, and turns paragraphs where that is written from the right', async () => {
    const app = await wireOf(await northwind())
    const persian = entriesIn((await app.inject('/fa/history.atom')).body)
    const slow = persian.find(({ title }) => title === 'Search is slow')?.content['#text'] ?? ''
    expect(slow).toMatch(/^<p dir="rtl"><small>/)
    expect(slow).toContain(' - <span lang="en" dir="ltr">It is rebuilt.</span></p>')
    expect((await app.inject('/history.atom')).body).not.toMatch(/dir=|lang=&quot;/)
  })

  test('knows an entry by the same id in every language, and leads to the page in its own', async () => {
    const app = await wireOf(await northwind())
    const [own, french] = await Promise.all(
      ['/history.atom', '/fr/history.atom'].map(async (path) => entriesIn((await app.inject(path)).body)),
    )
    expect(french?.map(({ id }) => id)).toEqual(own?.map(({ id }) => id))
    expect(french?.[1]?.link['@_href']).toBe(own?.[1]?.link['@_href'].replace(url, `${url}/fr`))
    const json = JSON.parse((await app.inject('/fr/feed.json')).body) as { language: string; home_page_url: string }
    expect(json).toMatchObject({ language: 'fr', home_page_url: `${url}/fr`, feed_url: `${url}/fr/feed.json` })
    expect((await app.inject('/fr/history.rss')).body).toContain('<language>fr</language>')
  })

  test('has at most 25 entries', async () => {
    const snapshot = await (await northwind()).readSnapshot()
    const [incident] = snapshot.recentIncidents
    const many = Array.from({ length: 50 }, (_, number) => ({ ...(incident as Incident), number, id: `n${number}` }))
    const entries = entriesOf({ ...snapshot, recentIncidents: many }, 'en', url)
    expect(entries.list).toHaveLength(25)
  })

  test('as JSON is a JSON Feed 1.1', async () => {
    const app = await wireOf(await northwind())
    const { headers, body } = await app.inject('/feed.json')
    const feed = JSON.parse(body) as { items: Record<string, unknown>[] }
    expect(headers['content-type']).toBe('application/feed+json; charset=utf-8')
    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Northwind Status - Incident History',
      home_page_url: url,
      feed_url: `${url}/feed.json`,
      language: 'en',
    })
    expect(Object.keys(feed.items[1] ?? {}).toSorted()).toEqual(
      ['content_html', 'date_modified', 'date_published', 'id', 'title', 'url'].toSorted(),
    )
  })
})

test('whatever a title or a text holds, each feed is well formed and says the title', async () => {
  const snapshot = await (await northwind()).readSnapshot()
  const [incident] = snapshot.recentIncidents as [Incident, ...Incident[]]
  const hard = fc.constantFrom(
    ']]>',
    '<![CDATA[',
    '&',
    '&amp;',
    '<b>',
    '\u0000',
    '\u000b',
    '\ufffe',
    '\ud800',
    '\r\n',
    '"',
    "'",
    '<?xml',
    '-->',
    '# x',
    '`',
  )
  const words = fc
    .array(fc.oneof(hard, fc.string({ unit: anyCharacter, maxLength: 6 })), { maxLength: 12 })
    .map((parts) => parts.join(''))
  // One line, as the field has it.
  const title = words.map((text) => text.replaceAll(/[\r\n\u0085\u2028\u2029]+/g, ' '))
  await fc.assert(
    fc.asyncProperty(title, words, async (name, text) => {
      const updates = incident.updates.map((update) => ({ ...update, body: text }))
      const odd = { ...snapshot, site: { ...snapshot.site, name }, recentIncidents: [{ ...incident, name, updates }] }
      const entries = entriesOf(odd, 'en', url)
      for (const format of [atom, rss]) {
        const body = format(entries).body as string
        expect(XMLValidator.validate(body)).toBe(true)
        expect(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(body)).toBe(false)
        const read = await new Parser().parseString(body)
        const item = read.items.find(({ link }) => link?.endsWith(`/incidents/${incident.id}`))
        expect(squeezed(item?.title ?? '')).toBe(squeezed(legal(name)) || squeezed(item?.link ?? ''))
      }
      expect(JSON.parse(jsonFeed(entries).body as string)).toBeTypeOf('object')
    }),
    { numRuns: 150, examples: [[']]> <![CDATA[', '']] },
  )
})

function legal(text: string): string {
  return text.toWellFormed().replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
}

/** Readers fold white space as they like. */
function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
