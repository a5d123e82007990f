import ical, { ICalEventStatus, ICalEventTransparency, escape as escaped } from 'ical-generator'
import type { Component } from '../../domain/components/component.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { type Locale, inLocale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { secondsBetween } from '../../lib/clock.ts'
import { plainText } from '../../lib/markdown.ts'
import { messages } from '../../lib/messages.ts'
import type { Rendered } from '../shared/document.ts'
import { stageWord } from '../shared/marks.ts'
import { forAllOrigins } from '../shared/page-headers.ts'

/**
 * `/calendar.ics`: planned work, for people's own calendars (RFC 5545). What is planned or under way and the 50 with the
 * latest word, so that what was called off or is over is seen to be.
 */
export function calendar(snapshot: Snapshot, locale: Locale, url: string): Rendered {
  const { openMaintenances, recentMaintenances } = snapshot
  const all = new Map([...recentMaintenances, ...openMaintenances].map((one) => [one.id, one]))
  return written([...all.values()], { snapshot, locale, url, component: null })
}

/** `/components/<slug>/calendar.ics`: the same for those who depend on one thing alone. */
export function calendarOfComponent(
  component: Pick<Component, 'slug' | 'name' | 'translations'>,
  maintenances: readonly Maintenance[],
  { snapshot, locale, url }: Place,
): Rendered {
  return written(maintenances, { snapshot, locale, url, component })
}

/**
 * `/incidents/<id>/calendar.ics`: from when to when it was, and, while it is open, when the next word is promised: a
 * calendar that has it rings then.
 */
export function calendarOfIncident(incident: Incident, { snapshot: { site }, locale, url }: Place): Rendered {
  const say = messages(locale)
  const { id, beganAt, overAt, nextUpdateBy, createdAt, updatedAt, updates } = incident
  const siteName = inLocale(site, 'name', locale, site.locale).text
  const name = inLocale(incident, 'name', locale, incident.locale).text
  const page = `${locale === site.locale ? url : `${url}/${locale}`}/incidents/${id}`
  const host = new URL(url).hostname
  const shared = {
    sequence: Math.max(0, secondsBetween(createdAt, updatedAt)),
    stamp: updatedAt,
    created: createdAt,
    lastModified: updatedAt,
    url: page,
    status: ICalEventStatus.CONFIRMED,
    transparency: ICalEventTransparency.TRANSPARENT,
  }
  const [latest] = updates
  const made = ical({
    prodId: { company: 'Candor', product: 'Status page', language: locale.toUpperCase() },
    name: escaped(legal(`${siteName}: ${name}`), false),
    url: page,
    source: `${page}/calendar.ics`,
    ttl: 300,
    events: [
      {
        ...shared,
        id: `incident-${id}@${host}`,
        start: beganAt,
        // One that goes on has no end: a calendar shows when it began.
        ...(overAt === null ? {} : { end: overAt }),
        summary: legal(`${siteName}: ${name}`),
        description: latest ? legal(plainText(inLocale(latest, 'body', locale, latest.locale).text)) : '',
      },
      ...(overAt === null && nextUpdateBy !== null
        ? [
            {
              ...shared,
              id: `incident-${id}-next@${host}`,
              start: nextUpdateBy,
              summary: legal(say('calendar.next', { name })),
            },
          ]
        : []),
    ],
  })
  return { contentType: 'text/calendar; charset=utf-8', body: `${made.toString()}\r\n`, headers: forAllOrigins }
}

export interface Place {
  readonly snapshot: Snapshot
  readonly locale: Locale
  readonly url: string
}

type Whose = Place & { readonly component: Pick<Component, 'slug' | 'name' | 'translations'> | null }

function written(maintenances: readonly Maintenance[], { snapshot, locale, url, component }: Whose): Rendered {
  const { site } = snapshot
  const say = messages(locale)
  const home = locale === site.locale ? url : `${url}/${locale}`
  const name = inLocale(site, 'name', locale, site.locale).text
  const whole = component ? `${name}: ${inLocale(component, 'name', locale, site.locale).text}` : name
  const page = component ? `${home}/components/${encodeURIComponent(component.slug)}` : home
  const made = ical({
    prodId: { company: 'Candor', product: 'Status page', language: locale.toUpperCase() },
    // The library writes these two as they are.
    name: escaped(legal(say('calendar.title', { name: whole })), false),
    description: escaped(legal(say('calendar.about', { name: whole })), false),
    url: page,
    source: `${page}/calendar.ics`,
    ttl: 3600,
    events: maintenances.toSorted(byWindow).map((maintenance) => {
      const { id, stage, plannedFrom, plannedUntil, createdAt, updatedAt } = maintenance
      return {
        id: `maintenance-${id}@${new URL(url).hostname}`,
        // Grows whenever anything is changed, as calendars ask; nobody has to count.
        sequence: Math.max(0, secondsBetween(createdAt, updatedAt)),
        // Without a method the stamp is the last change, so the same version is the same bytes.
        stamp: updatedAt,
        created: createdAt,
        lastModified: updatedAt,
        start: plannedFrom,
        end: plannedUntil,
        summary: legal(`${name}: ${inLocale(maintenance, 'name', locale, maintenance.locale).text}`),
        description: legal(wordsOf(maintenance, snapshot, locale)),
        url: `${home}/maintenances/${id}`,
        status: stage === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
        // Our work does not take the reader's time.
        transparency: ICalEventTransparency.TRANSPARENT,
      }
    }),
  })
  return {
    contentType: 'text/calendar; charset=utf-8',
    body: `${made.toString()}\r\n`,
    headers: forAllOrigins,
  }
}

/** How it stands, what was said last, and what it is about. */
function wordsOf(maintenance: Maintenance, { site, components }: Snapshot, locale: Locale): string {
  const say = messages(locale)
  const [latest] = maintenance.updates
  const affected = components
    .filter(({ id }) => maintenance.componentIds.includes(id))
    .map((component) => inLocale(component, 'name', locale, site.locale).text)
  const lists = new Intl.ListFormat(say('language.formats'))
  return [
    stageWord(maintenance.stage, say),
    ...(latest ? [plainText(inLocale(latest, 'body', locale, latest.locale).text)] : []),
    ...(affected.length > 0 ? [say('calendar.affects', { systems: lists.format(affected) })] : []),
  ].join('\n\n')
}

function byWindow(a: Maintenance, b: Maintenance): number {
  if (a.plannedFrom !== b.plannedFrom) return a.plannedFrom < b.plannedFrom ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** Without what no line of a calendar may hold (RFC 5545 § 3.1): controls, and halves of characters. */
function legal(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '')
}
