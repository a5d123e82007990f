import type { TrackRecord } from '../../domain/record/queries.ts'
import { flooredPercent } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { dayOf } from '../../lib/days.ts'
import { figuresShown } from '../public/record-page.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { blocks, escaped, link, list, sentence } from './text.ts'

/** `/record.md`: the record as text, month by month, with what each system lost. */
export function recordTwin(record: TrackRecord, { site, hour }: Snapshot, reader: Reader, url: string): string {
  const { say, dates } = reader
  const figures = (of: TrackRecord['whole']): string =>
    figuresShown(of, reader)
      .map(({ label, value }) => `${label}: ${value}`)
      .join(' · ')
  return blocks(
    `# ${escaped(say('record.title'))}`,
    escaped(say('record.lead')),
    `${sentence(reader.phrase('record.since', { day: dates.day(dayOf(record.since, site.zone)) }))} ${sentence(reader.phrase('record.counted', { when: [reader.exact(hour)] }))}`,
    escaped(figures(record.whole)),
    `## ${escaped(say('record.months'))}`,
    list(
      record.months.map(
        ({ month, figures: its }) =>
          `${link(dates.month(month), `${url}${reader.href(`/record/${month}`)}`)}: ${escaped(figures(its))}`,
      ),
    ),
    `## ${escaped(say('record.uptime'))}`,
    list(
      record.components.map((component) => {
        const { uptime } = component.whole
        const share = uptime === null ? say('bars.unmeasured') : dates.percent(flooredPercent(uptime))
        return escaped(`${reader.name(component, 'name').text}: ${share}`)
      }),
    ),
    '---',
    list([
      link(say('record.json'), `${url}/record.json`),
      link(say('record.csv'), `${url}/record.csv`),
      link(say('record.csvUptime'), `${url}/record/uptime.csv`),
      say('twin.page', { url: `<${url}${reader.href('/record')}>` }),
    ]),
  )
}
