import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { Notice } from '../../domain/notices/notice.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { withReview } from '../../domain/reviews/told.ts'
import { type Revision, correctionsIn } from '../../domain/revisions/revision.ts'
import { type Locale, type Site, inLocale } from '../../domain/site/site.ts'
import { changedAt } from '../../domain/status/changed-at.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import { markdownIn } from '../../lib/markdown.ts'
import { type Say, messages } from '../../lib/messages.ts'
import { directionOf } from '../../domain/site/reader.ts'
import { type FeedDates, escaped, feedDates } from './dates.ts'

/** One list, in three formats. */
export interface Entries {
  readonly title: string
  readonly about: string
  readonly author: string
  readonly locale: Locale
  readonly host: string
  /** The page in this language, without a slash at its end. */
  readonly home: string
  readonly updated: Instant
  readonly list: readonly Entry[]
}

export interface Entry {
  /** Stable for ever, so that readers never show the same incident twice. */
  readonly id: string
  readonly link: string
  readonly title: string
  /** When its newest word was said; of work that has not begun, when it will. */
  readonly published: Instant
  readonly updated: Instant
  readonly html: string
}

/** As many as the feeds of Statuspage have. */
const count = 25

/** Incidents, maintenances and notices mixed, those with the newest word first. */
export function entriesOf(snapshot: Snapshot, locale: Locale, url: string): Entries {
  const { site } = snapshot
  const say = messages(locale)
  const name = inLocale(site, 'name', locale, site.locale).text
  const home = locale === site.locale ? url : `${url}/${locale}`
  const host = new URL(url).hostname
  const words: Words = { say, locale, dates: feedDates(say('feeds.formats'), site.zone) }
  const id = ({ number }: Incident | Maintenance): string => `tag:${host},2005:Incident/${number}`
  const maintenances = new Map(
    [...snapshot.recentMaintenances, ...snapshot.openMaintenances].map((maintenance) => [maintenance.id, maintenance]),
  )
  const happened = [
    ...snapshot.recentIncidents.map((incident) => ({
      thing: incident,
      id: id(incident),
      updated: incident.updatedAt,
      path: `incidents/${incident.id}`,
      published: incident.latestUpdateAt ?? incident.createdAt,
      html: () => paragraphs(withReview(incident), incident, words),
    })),
    ...[...maintenances.values()].map((maintenance) => ({
      thing: maintenance,
      id: id(maintenance),
      updated: maintenance.updatedAt,
      path: `maintenances/${maintenance.id}`,
      published:
        maintenance.stage === 'scheduled'
          ? maintenance.plannedFrom
          : (maintenance.latestUpdateAt ?? maintenance.createdAt),
      html: () => window(maintenance, words) + paragraphs(maintenance.updates, maintenance, words),
    })),
    ...snapshot.recentNotices.map((notice) => ({
      thing: notice,
      id: `tag:${host},2005:Notice/${notice.id}`,
      // One that was written beforehand is news when it is shown.
      updated: notice.updatedAt > notice.shownFrom ? notice.updatedAt : notice.shownFrom,
      path: `notices/${notice.id}`,
      published: notice.shownFrom,
      html: () => message(notice, locale),
    })),
  ]
    .toSorted((a, b) => compare(b.published, a.published) || compare(b.id, a.id))
    .slice(0, count)
  const list = happened.map(({ thing, path, published, updated, html, ...rest }): Entry => ({
    id: rest.id,
    link: `${home}/${path}`,
    title: inLocale(thing, 'name', locale, thing.locale).text,
    published,
    updated,
    html: once(thing, `${locale} ${site.zone}`, html),
  }))
  return {
    title: say('feeds.title', { name }),
    about: say('feeds.about', { name }),
    author: name,
    locale,
    host,
    home,
    updated: changedAt(snapshot),
    list,
  }
}

/** How the feed of a language tells of one incident: for the desk, before it is told. */
export function incidentInFeed(incident: Incident, { zone }: Site, locale: Locale): Pick<Entry, 'title' | 'html'> {
  const say = messages(locale)
  return {
    title: inLocale(incident, 'name', locale, incident.locale).text,
    html: paragraphs(withReview(incident), incident, { say, locale, dates: feedDates(say('feeds.formats'), zone) }),
  }
}

const made = new WeakMap<object, Map<string, string>>()

/** Three feeds say the same, and after a change most of it is what was said before: these are the same objects then. */
function once(thing: object, manner: string, make: () => string): string {
  const known = made.get(thing) ?? new Map<string, string>()
  made.set(thing, known)
  const html = known.get(manner) ?? make()
  known.set(manner, html)
  return html
}

interface Words {
  readonly say: Say
  readonly locale: Locale
  readonly dates: FeedDates
}

function message(notice: Notice, page: Locale): string {
  const said = inLocale(notice, 'body', page, notice.locale)
  const dir = directionOf(said.locale)
  const html = markdownIn(said.text, dir)
  const own = said.locale === page ? turned(page) : ` lang="${said.locale}" dir="${dir}"`
  return own === '' ? html : `<div${own}>${html}</div>`
}

function window({ plannedFrom, plannedUntil }: Maintenance, { say, locale, dates }: Words): string {
  return `<p${turned(locale)}><strong>${escaped(say('feeds.event'))} ${dates.window(plannedFrom, plannedUntil)}</strong></p>`
}

/** Newest first, each with its time and its stage, as readers and bots of such feeds know it. */
function paragraphs(updates: readonly Update[], of: Incident | Maintenance, words: Words): string {
  const { say, locale, dates } = words
  return updates
    .map((update, index) => {
      const label = escaped(say(`feeds.stages.${labelOf(update.stage, updates[index + 1]?.stage)}`))
      const at = dates.moment(update.displayedAt ?? update.createdAt)
      const said = inLocale(update, 'body', locale, update.locale)
      const head = `<small>${at}</small><br><strong>${label}</strong> - `
      const text = paragraph(head, markdownIn(said.text, directionOf(said.locale)), { page: locale, text: said.locale })
      return text + corrected(correctionsIn(of, update.id, said.locale), words)
    })
    .join('')
}

/** Apart from what was said: bots look for one time in a paragraph. */
function corrected(revisions: readonly Revision[], { say, locale, dates }: Words): string {
  const last = revisions.at(-1)
  if (!last) return ''
  const when = dates.moment(last.at).replaceAll(/<[^<>]*>/g, '')
  return `<p${turned(locale)}><small>${escaped(say('correction.once', { when }))}</small></p>`
}

/** Readers of feeds begin every paragraph at the left unless they are told. */
function turned(locale: Locale): string {
  return directionOf(locale) === 'rtl' ? ' dir="rtl"' : ''
}

const stages = [
  'investigating',
  'identified',
  'monitoring',
  'resolved',
  'postmortem',
  'scheduled',
  'in_progress',
  'verifying',
  'completed',
  'cancelled',
] as const

/** A stage that is the one before says no more than that there is an update. */
function labelOf(stage: string, before: string | undefined): (typeof stages)[number] | 'update' {
  const known = stages.find((name) => name === stage)
  return known === undefined || stage === before ? 'update' : known
}

/** Plain text goes on in the same paragraph, as feeds of this kind have it; lists and quotes follow it. */
function paragraph(
  head: string,
  html: string,
  { page, text }: { readonly page: Locale; readonly text: Locale },
): string {
  const begin = `<p${turned(page)}>${head}`
  const own = page === text ? null : `lang="${text}" dir="${directionOf(text)}"`
  const isPlain =
    /^(<p>(?:(?!<\/?p>)[^])*<\/p>\s*)*$/.test(html) && !/<(ul|ol|pre|blockquote|table|h\d|hr)\b/.test(html)
  if (!isPlain) return `${begin}</p>${own || turned(page) ? `<div ${own ?? turned(page).trim()}>${html}</div>` : html}`
  const flat = html
    .replaceAll(/<\/p>\s*<p>/g, '<br /><br />')
    .replaceAll(/<\/?p>/g, '')
    .replaceAll(/<br\s*\/?>\n?/g, '<br />')
  return `${begin}${own ? `<span ${own}>${flat}</span>` : flat}</p>`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
