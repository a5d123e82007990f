import type { Incident } from '../../domain/incidents/incident.ts'
import type { Component } from '../../domain/components/component.ts'
import type { Notice } from '../../domain/notices/notice.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { withReview } from '../../domain/reviews/told.ts'
import { type Locale, type Site, inLocale } from '../../domain/site/site.ts'
import { changedAt } from '../../domain/status/changed-at.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import { messages } from '../../lib/messages.ts'
import { feedDates } from './dates.ts'
import { type Words, labelOf, message, paragraphs, window } from './paragraphs.ts'

/** One list, in three formats. */
export interface Entries {
  readonly title: string
  readonly about: string
  readonly author: string
  readonly locale: Locale
  readonly host: string
  /** The page in this language, without a slash at its end. */
  readonly home: string
  /** What of it this is about: `` for all of it, `/components/search`, `/incidents/a1b2c3`. */
  readonly path: string
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
  const place = placeOf(snapshot.site, locale, url)
  const maintenances = new Map(
    [...snapshot.recentMaintenances, ...snapshot.openMaintenances].map((maintenance) => [maintenance.id, maintenance]),
  )
  const { say, name, host } = place
  return {
    ...addressed(place, ''),
    title: say('feeds.title', { name }),
    about: say('feeds.about', { name }),
    updated: changedAt(snapshot),
    list: newest([
      ...snapshot.recentIncidents.map((incident) => ofIncident(incident, place)),
      ...[...maintenances.values()].map((maintenance) => ofMaintenance(maintenance, place)),
      ...snapshot.recentNotices.map((notice) =>
        entry(notice, place, {
          id: `tag:${host},2005:Notice/${notice.id}`,
          // One that was written beforehand is news when it is shown.
          updated: later(notice.updatedAt, notice.shownFrom),
          path: `notices/${notice.id}`,
          published: notice.shownFrom,
          html: () => message(notice, locale),
        }),
      ),
    ]),
  }
}

/** What touched one system, for those who depend on nothing else. */
export function entriesOfComponent(
  component: Pick<Component, 'slug' | 'name' | 'translations' | 'createdAt'>,
  happened: { readonly incidents: readonly Incident[]; readonly maintenances: readonly Maintenance[] },
  { site }: Pick<Snapshot, 'site'>,
  locale: Locale,
  url: string,
): Entries {
  const place = placeOf(site, locale, url)
  const name = `${place.name}: ${inLocale(component, 'name', locale, site.locale).text}`
  const things = [...happened.incidents, ...happened.maintenances]
  return {
    ...addressed(place, `/components/${encodeURIComponent(component.slug)}`),
    title: place.say('feeds.title', { name }),
    about: place.say('feeds.about', { name }),
    updated: things.map(({ updatedAt }) => updatedAt).reduce(later, component.createdAt),
    list: newest([
      ...happened.incidents.map((incident) => ofIncident(incident, place)),
      ...happened.maintenances.map((maintenance) => ofMaintenance(maintenance, place)),
    ]),
  }
}

/** Each word on one incident as an entry of its own: a reader of feeds shows every one, and not the first alone. */
export function entriesOfIncident(
  incident: Incident,
  { site }: Pick<Snapshot, 'site'>,
  locale: Locale,
  url: string,
): Entries {
  const place = placeOf(site, locale, url)
  const { say, host } = place
  const title = inLocale(incident, 'name', locale, incident.locale).text
  const path = `incidents/${incident.id}`
  const words = withReview(incident)
  const list = words.map((update, index): Entry => {
    const at = update.displayedAt ?? update.createdAt
    const label = say(`feeds.stages.${labelOf(update.stage, words[index + 1]?.stage)}`)
    return {
      id: `tag:${host},2005:Update/${update.id}`,
      link: `${place.home}/${path}#${update.id}`,
      title: `${label}: ${title}`,
      published: at,
      updated: later(at, update.updatedAt),
      html: paragraphs([update], incident, place),
    }
  })
  return {
    ...addressed(place, `/${path}`),
    title: `${place.name}: ${title}`,
    about: say('feeds.aboutIncident', { name: title }),
    updated: incident.updatedAt,
    list: newest(list),
  }
}

interface Place extends Words {
  /** Of the site. */
  readonly name: string
  readonly home: string
  readonly host: string
  readonly zone: string
}

function placeOf(site: Site, locale: Locale, url: string): Place {
  const say = messages(locale)
  return {
    say,
    locale,
    dates: feedDates(say('feeds.formats'), site.zone),
    name: inLocale(site, 'name', locale, site.locale).text,
    home: locale === site.locale ? url : `${url}/${locale}`,
    host: new URL(url).hostname,
    zone: site.zone,
  }
}

function addressed({ name, locale, host, home }: Place, path: string) {
  return { author: name, locale, host, home, path }
}

function ofIncident(incident: Incident, place: Place): Entry {
  return entry(incident, place, {
    id: `tag:${place.host},2005:Incident/${incident.number}`,
    path: `incidents/${incident.id}`,
    published: incident.latestUpdateAt ?? incident.createdAt,
    updated: incident.updatedAt,
    html: () => paragraphs(withReview(incident), incident, place),
  })
}

function ofMaintenance(maintenance: Maintenance, place: Place): Entry {
  const { stage, plannedFrom, latestUpdateAt, createdAt } = maintenance
  return entry(maintenance, place, {
    id: `tag:${place.host},2005:Incident/${maintenance.number}`,
    path: `maintenances/${maintenance.id}`,
    published: stage === 'scheduled' ? plannedFrom : (latestUpdateAt ?? createdAt),
    updated: maintenance.updatedAt,
    html: () => window(maintenance, place) + paragraphs(maintenance.updates, maintenance, place),
  })
}

function entry(
  thing: Incident | Maintenance | Notice,
  { locale, home, zone }: Place,
  { path, html, ...facts }: Omit<Entry, 'link' | 'title' | 'html'> & { readonly path: string; html(): string },
): Entry {
  return {
    ...facts,
    link: `${home}/${path}`,
    title: inLocale(thing, 'name', locale, thing.locale).text,
    html: once(thing, `${locale} ${zone}`, html),
  }
}

function newest(list: readonly Entry[]): Entry[] {
  return list.toSorted((a, b) => compare(b.published, a.published) || compare(b.id, a.id)).slice(0, count)
}

function later<T extends string>(a: T, b: T): T {
  return a > b ? a : b
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
