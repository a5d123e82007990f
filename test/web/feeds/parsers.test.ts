import { parseFeed as parseSmith } from 'feedsmith'
import { parseFeed } from 'htmlparser2'
import Parser from 'rss-parser'
import { expect, test } from 'vitest'
import { northwind } from '../northwind.ts'
import { wireOf } from '../wire.ts'

interface Entry {
  readonly title: string | undefined
  readonly link: string | undefined
  readonly at: string | undefined
}

/** What three programs that know nothing of each other read in a feed. */
const parsers: Readonly<Record<string, (body: string) => Promise<Entry[]>>> = {
  async 'rss-parser'(body) {
    const { items } = await new Parser().parseString(body)
    return items.map(({ title, link, isoDate }) => ({ title, link, at: isoDate }))
  },
  htmlparser2: (body) =>
    Promise.resolve(
      (parseFeed(body, { xmlMode: true })?.items ?? []).map(({ title, link, pubDate }) => ({
        title,
        link,
        // Of Atom it takes the last change for the beginning.
        at: body.includes('<rss') ? pubDate?.toISOString() : undefined,
      })),
    ),
  feedsmith(body) {
    const parsed = parseSmith(body)
    if (parsed.format === 'atom') {
      return Promise.resolve(
        (parsed.feed.entries ?? []).map(({ title, links, published }) => ({
          title: typeof title === 'string' ? title : title?.value,
          link: links?.[0]?.href,
          at: instant(published),
        })),
      )
    }
    if (parsed.format !== 'rss') throw new Error(`It is taken for ${parsed.format}.`)
    return Promise.resolve(
      (parsed.feed.items ?? []).map(({ title, link, pubDate }) => ({ title, link, at: instant(pubDate) })),
    )
  },
}

function instant(text: string | undefined): string | undefined {
  return text === undefined ? undefined : new Date(text).toISOString()
}

test.each(['/history.atom', '/history.rss', '/fa/history.atom'])('three programs read the same in %s', async (path) => {
  const app = await wireOf(await northwind())
  const { body } = await app.inject(path)
  const read = await Promise.all(Object.values(parsers).map((parse) => parse(body)))
  const [first = []] = read
  expect(first).toHaveLength(6)
  for (const { title, link, at } of first) {
    expect(title).toBeTruthy()
    expect(link).toMatch(/^http:\/\/status\.example\/(fa\/)?(incidents|maintenances)\//)
    expect(at).toMatch(/^2026-/)
  }
  for (const other of read) {
    expect(other.map(({ title, link }) => [title, link])).toEqual(first.map(({ title, link }) => [title, link]))
    for (const [index, { at }] of other.entries()) if (at !== undefined) expect(at).toBe(first[index]?.at)
  }
})
