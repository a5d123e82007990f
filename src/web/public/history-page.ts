import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Notice } from '../../domain/notices/notice.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { dayOf } from '../../lib/days.ts'
import { monthBefore, nextMonth } from '../../lib/dates.ts'
import type { NamePart, Reader, TimePart } from '../../domain/site/reader.ts'
import { monthsBetween } from './addresses.ts'
import { type AffectedLine, affectedBy } from './affected.ts'
import { type Frame, frameOf } from './frame.ts'
import { noticeLine } from './notice-page.ts'
import { type Happened, happenedIncident, happenedMaintenance } from './past-days.ts'
import { latestWords } from './said.ts'
import { type SearchForm, nothingAsked, searchForm } from './search-form.ts'

export interface HistoryModel {
  readonly frame: Frame
  readonly heading: string
  /** What there was, and what of it is not listed. */
  readonly counts: readonly string[]
  readonly form: SearchForm
  readonly days: readonly HistoryDay[]
  readonly maintenances: readonly Happened[]
  readonly notices: readonly { readonly href: string; readonly name: NamePart; readonly at: TimePart }[]
  readonly earlier: Step | null
  readonly later: Step | null
  /** Every month there is, newest first. */
  readonly months: readonly (Step & { readonly current: boolean })[]
}

interface HistoryDay {
  readonly day: string
  readonly name: string
  readonly incidents: readonly (Happened & { readonly latest: NamePart; readonly affected: readonly AffectedLine[] })[]
}

interface Step {
  readonly href: string
  readonly words: string
}

/** A busy month is read by its newest part; no page grows without end. */
export const mostListed = 200

export interface Month {
  /** `2026-11` */
  readonly month: string
  /** The first month that has anything. */
  readonly first: string
  readonly incidents: readonly Incident[]
  readonly maintenances: readonly Maintenance[]
  readonly notices: readonly Notice[]
}

export function historyModel(
  { month, first, incidents, maintenances, notices }: Month,
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): HistoryModel {
  const { site, today } = snapshot
  const heading = reader.say('history.of', { month: reader.dates.month(month) })
  const step = (to: string, key: 'history.earlier' | 'history.later'): Step => ({
    href: reader.href(`/history/${to}`),
    words: reader.say(key, { month: reader.dates.month(to) }),
  })
  const listed = incidents.slice(0, mostListed)
  const count = reader.say('history.count', { count: incidents.length })
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/history/${month}`,
      title: reader.say('incident.title', { name: heading, site: reader.name(site, 'name').text }),
      description: count,
    }),
    heading,
    counts:
      incidents.length + maintenances.length === 0
        ? [reader.say('history.calm')]
        : [
            count,
            ...(listed.length < incidents.length ? [reader.say('history.more', { count: listed.length })] : []),
            reader.say('history.countMaintenances', { count: maintenances.length }),
          ],
    form: searchForm(snapshot, nothingAsked, reader),
    days: daysOf(listed, snapshot, reader),
    maintenances: maintenances.map((maintenance) => happenedMaintenance(maintenance, 'no day', reader)),
    notices: notices.map((notice) => {
      const { href, name, at } = noticeLine(notice, reader)
      return { href, name, at }
    }),
    earlier: month > first ? step(monthBefore(month), 'history.earlier') : null,
    later: month < today.slice(0, 7) ? step(nextMonth(month), 'history.later') : null,
    months: monthsBetween(first, today.slice(0, 7)).map((to) => ({
      href: reader.href(`/history/${to}`),
      words: reader.dates.month(to),
      current: to === month,
    })),
  }
}

/** Only days on which something began: a month of "no incident" would bury what happened. */
function daysOf(incidents: readonly Incident[], snapshot: Snapshot, reader: Reader): HistoryDay[] {
  const byDay = Map.groupBy(incidents, (incident) => dayOf(incident.beganAt, snapshot.site.zone))
  return [...byDay].map(([day, those]) => ({
    day,
    name: reader.dates.dayOfYear(day),
    incidents: those.map((incident) => ({
      ...happenedIncident(incident, 'that day', reader),
      latest: latestWords(incident, reader),
      affected: affectedBy(incident, snapshot, reader),
    })),
  }))
}
