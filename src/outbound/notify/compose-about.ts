import { LRUCache } from 'lru-cache'
import type { Payload } from '../../domain/deliveries/message.ts'
import { type Reader, readerOf } from '../../domain/site/reader.ts'
import { type Site, inLocale } from '../../domain/site/site.ts'
import { type LinkPurpose, linkToken } from '../../domain/subscribers/links.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import type { Vault } from '../../lib/vault.ts'
import { line } from './compose-line.ts'
import type { Letter } from './letter.ts'
import type { Recipient } from './recipient.ts'

/** What the words of every letter need beside the message. */
export interface About {
  readonly site: Site
  /** Of the page, without a slash at its end. */
  readonly url: string
  readonly vault: Vault
  /** Where mail to leave is taken in; null: not at all. */
  readonly leaveTo: string | null
  readonly now: Instant
}

/** A letter that is being written: to whom, and in which words. */
export interface Writing extends About {
  readonly recipient: Recipient
  readonly reader: Reader
  readonly siteName: string
  /** When what is said happened. */
  readonly at: Instant
}

/** What a kind of letter says for itself; the frame is the same for all. */
export type Content = Omit<Letter, 'key' | 'thread' | 'isFirst' | 'locale' | 'dir' | 'site' | 'leave' | 'told'>

export type Of<Kind extends Payload['kind']> = Extract<Payload, { kind: Kind }>

export function writingTo(recipient: Recipient, at: Instant, about: About): Writing {
  const { site } = about
  const reader = readerFor(recipient, about)
  const siteName = line(inLocale(site, 'name', recipient.locale, site.locale).text)
  return { ...about, recipient, reader, siteName, at }
}

/** Making one costs milliseconds, and thousands of letters are read in the same few languages and zones. */
function readerFor({ locale, zone }: Recipient, { site, now }: About): Reader {
  const today = dayOf(now, zone)
  const key = [site.locale, locale, zone, today].join(' ')
  const known = readers.get(key)
  if (known) return known
  const reader = readerOf({ site: { ...site, zone }, today }, locale)
  readers.set(key, reader)
  return reader
}

const readers = new LRUCache<string, Reader>({ max: 200 })

/** How long a link that shows somebody's subscription works: a mail may be passed on. */
const manageDays = 30

/** To change a subscription, not for ever; to leave, always. */
export function linkTo(purpose: Exclude<LinkPurpose, 'ask'>, { vault, url, recipient, at }: Writing): string {
  const days = { confirm: 1, manage: manageDays, leave: null }[purpose]
  const until = days === null ? null : later(at, days * 86_400)
  return `${url}/subscriptions/${purpose}/${linkToken(vault, purpose, recipient, until)}`
}

/** A page in the reader's language. */
export function pageAt(path: string, { url, reader }: Writing): string {
  return url + reader.href(path)
}
