import { type MetricCharted, chartedMetric } from '../../domain/metrics/charting.ts'
import type { Metric } from '../../domain/metrics/metric.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader } from '../../domain/site/reader.ts'
import { type MetricChart, metricCharts } from '../shared/metric-charts.ts'
import type { Read } from '../shared/publication.ts'
import { type Frame, frameOf } from './frame.ts'

export interface MetricModel {
  readonly frame: Frame
  readonly name: NamePart
  /** What it is a figure of; null: of the whole site. */
  readonly component: { readonly href: string; readonly name: NamePart } | null
  readonly charts: readonly MetricChart[]
}

/** A figure that readers may look up: its name and where. */
export interface MetricLink {
  readonly href: string
  readonly name: NamePart
}

/** Those of a component, or those that are the site's. */
export function metricLinks({ metrics }: Pick<Snapshot, 'metrics'>, of: string | null, reader: Reader): MetricLink[] {
  return metrics
    .filter(({ componentId }) => componentId === of)
    .map((metric) => ({ href: reader.href(`/charts/${metric.id}`), name: reader.name(metric, 'name') }))
}

/** Values come by the minute; the page is made anew with the hour. Null: readers do not see such a metric. */
export async function readMetricFacts(
  id: string,
  { metrics, hour, site }: Pick<Snapshot, 'metrics' | 'hour' | 'site'>,
  read: Read,
): Promise<{ readonly metric: Metric; readonly charted: readonly MetricCharted[] } | null> {
  const metric = metrics.find((one) => one.id === id)
  if (!metric) return null
  const charted = await read([id], chartedMetric, metric.number, { now: hour, zone: site.zone })
  return { metric, charted }
}

export function metricModel(
  { metric, charted }: { readonly metric: Metric; readonly charted: readonly MetricCharted[] },
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): MetricModel {
  const { site, listed } = snapshot
  const name = reader.name(metric, 'name')
  const component = listed.find(({ id }) => id === metric.componentId)
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/charts/${metric.id}`,
      title: reader.say('incident.title', { name: name.text, site: reader.name(site, 'name').text }),
      description: name,
    }),
    name,
    component: component
      ? { href: reader.href(`/components/${component.slug}`), name: reader.name(component, 'name') }
      : null,
    charts: metricCharts({ ...metric, name: name.text }, { charted, zone: site.zone }, reader),
  }
}
