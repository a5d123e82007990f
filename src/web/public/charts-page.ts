import type { ChartFacts } from '../../domain/probes/checks/charting.ts'
import type { ListedComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader } from '../../domain/site/reader.ts'
import { type MeasuredChart, measuredCharts, placesForReaders } from '../shared/measured-charts.ts'
import { type Frame, frameOf } from './frame.ts'

export interface ChartsModel {
  readonly frame: Frame
  readonly name: NamePart
  readonly componentHref: string
  readonly charts: readonly MeasuredChart[]
}

/** How fast a component answered, and how much of the time, for up to a year. It is made again by the hour, not by the minute. */
export function chartsModel(
  { component, facts }: { readonly component: ListedComponent; readonly facts: ChartFacts },
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): ChartsModel {
  const { site } = snapshot
  const name = reader.name(component, 'name')
  const path = `/components/${component.slug}`
  const title = reader.say('chart.pageTitle', { name: name.text })
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `${path}/charts`,
      title: reader.say('incident.title', { name: title, site: reader.name(site, 'name').text }),
      description: title,
    }),
    name,
    componentHref: reader.href(path),
    charts: measuredCharts({ ...facts, places: placesForReaders(facts.places, reader), zone: site.zone }, reader),
  }
}
