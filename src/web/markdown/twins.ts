import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { flooredPercent } from '../../domain/status/days.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import { monthBefore } from '../../lib/dates.ts'
import { dayOf } from '../../lib/days.ts'
import { gravestFirst } from '../public/gravest-first.ts'
import { withoutRepetitions } from '../public/maintenance-line.ts'
import { verdictOf } from '../public/verdict.ts'
import { type Reader, plain } from '../../domain/site/reader.ts'
import { markOf, severityMark, stageWord } from '../shared/marks.ts'
import { blocks, escaped, link, list, quoted, sentence } from './text.ts'
import { incidentText, maintenanceText } from './things.ts'
import { inLocale } from '../../domain/site/site.ts'

/** The address of a page's twin. */
export function twinOf(path: string, reader: Reader, url: string): string {
  return `${url}${reader.href(path === '/' ? '/index' : path)}.md`
}

/** `/index.md`: the front page without what only eyes need. */
export function frontTwin(snapshot: Snapshot, reader: Reader, url: string): string {
  const { site, notices, openIncidents, openMaintenances, asOf, today } = snapshot
  const { say } = reader
  const verdict = verdictOf(snapshot, reader)
  const name = (of: Incident | Maintenance): string => reader.name(of, 'name', of.locale).text
  const month = today.slice(0, 7)
  return blocks(
    `# ${escaped(reader.name(site, 'name').text)}`,
    `**${sentence(verdict.sentence)}**${verdict.rest.map((words) => ` ${sentence(words)}`).join('')}`,
    `${sentence(reader.phrase('footer.asOf', { when: [reader.exact(asOf)] }))} ${zone(reader)}`,
    ...section(
      say('front.notices'),
      notices.map((notice) =>
        blocks(
          `### ${escaped(reader.name(notice, 'name', notice.locale).text)}`,
          quoted(inLocale(notice, 'body', reader.locale, notice.locale).text),
        ).trimEnd(),
      ),
    ),
    ...section(
      say('front.incidents'),
      gravestFirst(openIncidents).map((incident) =>
        blocks(
          `### ${link(name(incident), twinOf(`/incidents/${incident.id}`, reader, url))}`,
          incidentText(incident, snapshot, reader, 'part'),
        ).trimEnd(),
      ),
    ),
    ...section(
      say('front.maintenances'),
      withoutRepetitions(openMaintenances).map((maintenance) =>
        blocks(
          `### ${link(name(maintenance), twinOf(`/maintenances/${maintenance.id}`, reader, url))}`,
          maintenanceText(maintenance, snapshot, reader, 'part'),
        ).trimEnd(),
      ),
    ),
    ...section(say('front.systems'), systemsText(snapshot, reader)),
    rule,
    list([
      link(say('history.of', { month: reader.dates.month(month) }), twinOf(`/history/${month}`, reader, url)),
      link(say('twin.state'), `${url}/summary.json`),
      pageLine(`${url}${reader.href('/')}`, reader),
    ]),
  )
}

function section(heading: string, parts: readonly string[]): string[] {
  return parts.length === 0 ? [] : [`## ${escaped(heading)}`, ...parts]
}

/** What stands in no group first, then each group under its name. */
function systemsText({ components, groups, bars, disagreements }: Snapshot, reader: Reader): string[] {
  const shown = components.filter(({ shown: when, status }) => when === 'always' || status !== 'operational')
  const line = (component: PublicComponent): string => {
    const { uptime = null, days = [] } = component.barsHiddenAt ? {} : (bars.get(component.id) ?? {})
    const share = uptime === null ? null : reader.dates.percent(flooredPercent(uptime))
    const count = days.filter((day) => day !== null).length
    const words = [
      `${reader.name(component, 'name').text}: ${markOf(component.status, reader.say).word}`,
      ...(disagreements.some(({ componentId }) => componentId === component.id) ? [reader.say('disagree.mark')] : []),
      ...(share === null ? [] : [reader.say('bars.uptime', { share, days: count })]),
    ]
    return escaped(words.join(' · '))
  }
  const members = Map.groupBy(shown, ({ groupId }) => groupId)
  const known = new Set(groups.map(({ id }) => id))
  const alone = shown.filter(({ groupId }) => groupId === null || !known.has(groupId))
  return [
    ...(alone.length === 0 ? [] : [list(alone.map(line))]),
    ...groups.flatMap((group) => {
      const its = members.get(group.id) ?? []
      return its.length === 0 ? [] : [`### ${escaped(reader.name(group, 'name').text)}\n\n${list(its.map(line))}`]
    }),
  ]
}

export function incidentTwin(incident: Incident, snapshot: Snapshot, reader: Reader, url: string): string {
  return blocks(
    `# ${escaped(reader.name(incident, 'name', incident.locale).text)}`,
    incidentText(incident, snapshot, reader, 'page'),
    rule,
    zone(reader),
    list([pageLine(`${url}${reader.href(`/incidents/${incident.id}`)}`, reader)]),
  )
}

export function maintenanceTwin(maintenance: Maintenance, snapshot: Snapshot, reader: Reader, url: string): string {
  return blocks(
    `# ${escaped(reader.name(maintenance, 'name', maintenance.locale).text)}`,
    maintenanceText(maintenance, snapshot, reader, 'page'),
    rule,
    zone(reader),
    list([pageLine(`${url}${reader.href(`/maintenances/${maintenance.id}`)}`, reader)]),
  )
}

export interface Month {
  readonly month: string
  /** The first month that has anything. */
  readonly first: string
  readonly incidents: readonly Incident[]
  readonly maintenances: readonly Maintenance[]
}

export function historyTwin(
  { month, first, incidents, maintenances }: Month,
  { site }: Pick<Snapshot, 'site'>,
  reader: Reader,
  url: string,
): string {
  const { say, dates } = reader
  const stepTo = (to: string): string =>
    link(say('history.earlier', { month: dates.month(to) }), twinOf(`/history/${to}`, reader, url))
  const line = (of: Incident | Maintenance, path: string, words: readonly string[]): string =>
    `${link(reader.name(of, 'name', of.locale).text, twinOf(path, reader, url))}: ${escaped(words.join(' · '))}`
  return blocks(
    `# ${escaped(say('history.of', { month: dates.month(month) }))}`,
    escaped(say('history.count', { count: incidents.length })),
    list(
      incidents.map((incident) =>
        line(incident, `/incidents/${incident.id}`, [
          dates.day(dayOf(incident.beganAt, site.zone)),
          severityMark(incident.severity, say).word,
          stageWord(incident.stage, say),
        ]),
      ),
    ),
    ...section(
      say('history.maintenances'),
      maintenances.length === 0
        ? []
        : [
            list(
              maintenances.map((maintenance) =>
                line(maintenance, `/maintenances/${maintenance.id}`, [
                  plain([dates.window(maintenance.plannedFrom, maintenance.plannedUntil)]),
                  stageWord(maintenance.stage, say),
                ]),
              ),
            ),
          ],
    ),
    rule,
    list([
      ...(month > first ? [stepTo(monthBefore(month))] : []),
      pageLine(`${url}${reader.href(`/history/${month}`)}`, reader),
    ]),
  )
}

/** Where what belongs together ends. */
const rule = '---'

function zone({ say, dates }: Reader): string {
  return escaped(say('footer.zone', { zone: dates.zoneName }))
}

function pageLine(url: string, reader: Reader): string {
  return reader.say('twin.page', { url: `<${url}>` })
}
