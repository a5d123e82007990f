import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import { monthBefore } from '../../lib/dates.ts'
import { dayOf } from '../../lib/days.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { gravestFirst } from '../public/gravest-first.ts'
import { blocks, escaped, link, list } from './text.ts'
import { twinOf } from './twins.ts'

/** `/llms.txt`: where a program that reads text finds what, in the form that llmstxt.org describes. */
export function llms({ site, today, openIncidents, recentIncidents }: Snapshot, reader: Reader, url: string): string {
  const { say, dates } = reader
  const name = reader.name(site, 'name').text
  const month = today.slice(0, 7)
  const monthOf = (instant: Instant): string => dayOf(instant, site.zone).slice(0, 7)
  const before = monthBefore(month)
  const isRecorded =
    monthOf(site.createdAt) < month || recentIncidents.some(({ beganAt }) => monthOf(beganAt) === before)
  const months = (isRecorded ? [month, before] : [month]).map((one) =>
    link(say('twin.month', { month: dates.month(one) }), twinOf(`/history/${one}`, reader, url)),
  )
  return blocks(
    `# ${escaped(name)}`,
    `> ${escaped(say('twin.about', { site: name }))}`,
    escaped(say('twin.how')),
    `## ${escaped(say('nav.status'))}`,
    list([
      link(say('twin.front'), twinOf('/', reader, url)),
      ...gravestFirst(openIncidents).map((incident) =>
        link(reader.name(incident, 'name', incident.locale).text, twinOf(`/incidents/${incident.id}`, reader, url)),
      ),
    ]),
    `## ${escaped(say('nav.history'))}`,
    list(months),
    '## API',
    list([
      link(say('twin.state'), `${url}/summary.json`),
      link(say('twin.api'), `${url}/api/v2/summary.json`),
      link(say('twin.feed'), `${url}${reader.href('/feed.json')}`),
    ]),
  )
}
