import type { Reader } from '../../domain/site/reader.ts'

/** Where programs read on about one thing. */
export interface FeedLink {
  readonly href: string
  readonly word: string
  /** Of what is behind it, as browsers look for it. */
  readonly type: string
}

/** The feeds of a system or an incident, by the path of its page: `/components/search`. */
export function feedLinks(path: string, reader: Reader): FeedLink[] {
  const { say } = reader
  const link = (file: string, word: string, type: string): FeedLink => ({
    href: reader.href(`${path}/${file}`),
    word,
    type,
  })
  return [
    link('history.atom', say('footer.atom'), 'application/atom+xml'),
    link('history.rss', say('footer.rss'), 'application/rss+xml'),
    link('feed.json', say('footer.json'), 'application/feed+json'),
    link('calendar.ics', say('footer.calendar'), 'text/calendar'),
  ]
}
