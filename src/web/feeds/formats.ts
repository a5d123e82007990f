import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith'
import { type Instant, instantOf, millisecondsOf } from '../../lib/clock.ts'
import type { Rendered } from '../shared/document.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import type { Entries, Entry } from './entries.ts'

/** `/history.atom` */
export function atom(entries: Entries): Rendered {
  const { host, path } = entries
  const page = entries.home + path
  const xml = generateAtomFeed({
    id: `tag:${host},2005:${path}/history`,
    title: { value: legal(entries.title) },
    updated: dateOf(entries.updated),
    xml: { lang: entries.locale },
    links: [
      { rel: 'alternate', type: 'text/html', href: page },
      { rel: 'self', type: 'application/atom+xml', href: `${page}/history.atom` },
    ],
    authors: [{ name: legal(entries.author) }],
    entries: entries.list.map((entry) => ({
      id: entry.id,
      published: dateOf(entry.published),
      updated: dateOf(entry.updated),
      links: [{ rel: 'alternate', type: 'text/html', href: entry.link }],
      title: { value: titleOf(entry) },
      content: { type: 'html', value: legal(entry.html) },
    })),
  })
  const inSeconds = xml.replaceAll(/(<(?:published|updated)>[^<]+)\.000Z</g, '$1Z<')
  return { contentType: 'application/atom+xml; charset=utf-8', body: tightened(inSeconds), headers: forAllOrigins }
}

/** `/history.rss`. The guid is the incident's address, so an update does not make a new item. */
export function rss(entries: Entries): Rendered {
  const xml = generateRssFeed({
    title: legal(entries.title),
    link: entries.home + entries.path,
    description: legal(entries.about),
    language: entries.locale,
    pubDate: dateOf(entries.updated),
    items: entries.list.map((entry) => ({
      title: titleOf(entry),
      description: legal(entry.html),
      pubDate: dateOf(entry.published),
      link: entry.link,
      guid: { value: entry.link },
    })),
  })
  const withOffset = xml.replaceAll(/ GMT<\/pubDate>/g, ' +0000</pubDate>')
  return { contentType: 'application/rss+xml; charset=utf-8', body: tightened(withOffset), headers: forAllOrigins }
}

/** `/feed.json`: JSON Feed 1.1. */
export function jsonFeed(entries: Entries): Rendered {
  const feed = generateJsonFeed({
    title: entries.title,
    home_page_url: entries.home + entries.path,
    feed_url: `${entries.home}${entries.path}/feed.json`,
    description: entries.about,
    language: entries.locale,
    authors: [{ name: entries.author, url: entries.home }],
    items: entries.list.map((entry) => ({
      id: entry.id,
      url: entry.link,
      title: entry.title,
      content_html: entry.html,
      date_published: dateOf(entry.published),
      date_modified: dateOf(entry.updated),
    })),
  })
  return { contentType: 'application/feed+json; charset=utf-8', body: JSON.stringify(feed), headers: forAllOrigins }
}

/** A name of nothing that XML can carry is still an entry. */
function titleOf(entry: Entry): string {
  return legal(entry.title).trim() || entry.link
}

/** To the second, as feeds tell time. */
function dateOf(instant: Instant): Instant {
  return instantOf(Math.floor(millisecondsOf(instant) / 1000) * 1000)
}

/** Without the characters that no XML document may hold, escaped or not. */
function legal(text: string): string {
  return text.toWellFormed().replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
}

/**
 * The library indents CDATA, each in a line of its own; for readers that do not trim, a title is its text and nothing around
 * it. A title is one line, so nothing of it looks like that.
 */
function tightened(xml: string): string {
  return xml.replaceAll(/>\n *<!\[CDATA\[/g, '><![CDATA[').replaceAll(/\]\]>\n *<\//g, ']]></')
}
