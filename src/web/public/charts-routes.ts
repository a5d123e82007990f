import type { Db } from '../../database/database.ts'
import {
  type ChartFacts,
  type Range,
  chartFacts,
  probesOfComponent,
  ranges,
} from '../../domain/probes/checks/charting.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader } from '../../domain/site/reader.ts'
import type { Params } from '../shared/paths.ts'
import type { Read } from '../shared/publication.ts'
import type { Render } from '../shared/views.ts'
import { addresses } from './addresses.ts'
import { chartsModel } from './charts-page.ts'
import { metricModel, readMetricFacts } from './metric-page.ts'
import type { PublicViews } from './views.ts'

type Draw = (snapshot: Snapshot, reader: Reader, params: Params, read: Read) => Promise<string | null>

/** What was measured for up to a year: of a system by our own probes, of the site by others. */
export function chartPages({ view, url }: { readonly view: Render<PublicViews>; readonly url: string }) {
  const charts: Draw = async (snapshot, reader, { slug }, read) => {
    const component = snapshot.listed.find((one) => one.slug === slug)
    const facts = component && (await measuredOf(component.id, snapshot, read, ranges))
    return facts ? view('public/charts', chartsModel({ component, facts }, snapshot, reader, url)) : null
  }
  const metric: Draw = async (snapshot, reader, { id = '' }, read) => {
    const facts = await readMetricFacts(id, snapshot, read)
    return facts && view('public/metric', metricModel(facts, snapshot, reader, url))
  }
  return {
    '/charts/:id': { draw: metric, all: addresses.metrics },
    '/components/:slug/charts': { draw: charts, all: addresses.charts },
  }
}

/** Sums of hours, which the clock makes: so the page is made anew with the hour. Null where readers do not see it. */
export function measuredOf(
  componentId: string,
  { site, hour }: Snapshot,
  read: Read,
  of: readonly Range[],
): Promise<ChartFacts | null> {
  if (site.measuring.shown === 'no') return Promise.resolve(null)
  return read(['probe', 'place'], chartsOf, componentId, { now: hour, zone: site.zone, of })
}

async function chartsOf(
  db: Db,
  componentId: string,
  asked: Parameters<typeof chartFacts>[2],
): ReturnType<typeof chartFacts> {
  return chartFacts(db, await probesOfComponent(db, componentId), asked)
}
