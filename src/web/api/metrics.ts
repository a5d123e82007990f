import type { Change } from '../../domain/changes/change.ts'
import { changeMetric, removeMetric } from '../../domain/metrics/commands.ts'
import type { Metric, Point } from '../../domain/metrics/metric.ts'
import { type Values, readPoint, takeValues } from '../../domain/metrics/points.ts'
import { listMetrics, metricIfThere, readMetric } from '../../domain/metrics/queries.ts'
import { Invalid, NotFound } from '../../lib/errors.ts'
import { amongOthers, anything, described, fields, line, map, optional, unchecked } from '../../lib/fields.ts'
import { type Call, reads, writes } from './call.ts'
import { type MetricAnswer, many, metric as metricSchema, point } from './documents.ts'
import { managers, measurers, readers } from './scopes.ts'
import { toTheSecond } from './shapes.ts'

const noun = 'Metrics'
const mostPoints = 3000
const points = many(point)

const renaming = amongOthers(fields({ metric: amongOthers(fields({ name: optional(line(100)) })) }))

/** Figures, and the values of them that somebody else measured: one, or many of several metrics at once. */
export const metricCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages/:page/metrics',
    scopes: readers,
    summary: 'All metrics',
    answer: many(metricSchema),
    read: async ({ db }) => (await listMetrics(db)).map(metricAnswer),
  }),
  reads({
    noun,
    path: '/pages/:page/metrics/:metric',
    scopes: readers,
    summary: 'A metric',
    answer: metricSchema,
    read: async ({ db }, { params }) => metricAnswer(await readMetric(db, params.metric)),
  }),
  ...(['PATCH', 'PUT'] as const).map((method) =>
    writes({
      noun,
      method,
      path: '/pages/:page/metrics/:metric',
      scopes: managers,
      summary: 'Call a metric by another name',
      body: renaming,
      answer: metricSchema,
      write: async (change, { params, body: { metric: wished } }) => {
        const { translations, suffix, decimals, componentId, shown } = await readMetric(change.tx, params.metric)
        if (wished.name) {
          const rest = { translations, suffix, decimals, componentId, shown }
          await changeMetric(change, params.metric, { name: wished.name, ...rest })
        }
        return metricAnswer(await readMetric(change.tx, params.metric))
      },
    }),
  ),
  writes({
    noun,
    method: 'DELETE',
    path: '/pages/:page/metrics/:metric',
    scopes: managers,
    summary: 'Remove a metric, and its values with it',
    answer: metricSchema,
    write: async (change, { params }) => {
      const before = metricAnswer(await readMetric(change.tx, params.metric))
      await removeMetric(change, params.metric)
      return before
    },
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/metrics/:metric/data',
    scopes: measurers,
    summary: 'Send a value of a metric',
    detail: 'Of the last seven days. One second has one value: the last that was sent.',
    body: unchecked(fields({ data: point })),
    status: 201,
    answer: fields({ data: point }),
    write: async (change, { site, params, body }) => {
      const metric = await metricOf(change, params.metric)
      const read = readPoint(dataOf(body), 'data', change.now)
      await takeValues(change, [{ metric, points: [read] }], site.zone)
      return { data: pointAnswer(read) }
    },
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/metrics/data',
    scopes: measurers,
    summary: 'Send many values of several metrics',
    detail: 'All of them are taken, or none.',
    body: described(unchecked(fields({ data: map(points, mostPoints) })), `At most ${mostPoints} values, by metric.`),
    status: 202,
    answer: fields({ data: map(points, mostPoints) }),
    write: async (change, { site, body }) => {
      const wished = await readAll(change, dataOf(body))
      await takeValues(change, wished, site.zone)
      return { data: Object.fromEntries(wished.map(({ metric, points: all }) => [metric.id, all.map(pointAnswer)])) }
    },
  }),
  reads({
    noun,
    path: '/pages/:page/metrics_providers',
    scopes: readers,
    summary: 'Where metrics come from: whoever sends them',
    answer: many(anything),
    read: async () => [],
  }),
]

async function metricOf({ tx }: Change, id: string): Promise<Metric> {
  const metric = await metricIfThere(tx, id)
  if (!metric) throw new NotFound('There is no such metric.')
  return metric
}

/** All of it, or nothing: a program that is told of one fault may send everything again. */
async function readAll(change: Change, data: unknown): Promise<Values[]> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new Invalid('must hold a list of values for each metric', 'data')
  }
  const wished: Values[] = []
  let count = 0
  for (const [id, list] of Object.entries(data)) {
    const field = `data.${id.slice(0, 40)}`
    if (!Array.isArray(list)) throw new Invalid('must be a list of values', field)
    count += list.length
    if (count > mostPoints) throw new Invalid(`must hold at most ${mostPoints} values`, 'data')
    const metric = await metricIfThere(change.tx, id)
    if (!metric) throw new Invalid('is no metric of this page', field)
    wished.push({ metric, points: list.map((one, at) => readPoint(one, `${field}[${at}]`, change.now)) })
  }
  return wished
}

function dataOf(body: unknown): unknown {
  const { data } = (typeof body === 'object' && body !== null ? body : {}) as { readonly data?: unknown }
  if (data === undefined) throw new Invalid('is missing', 'data')
  return data
}

function pointAnswer({ second, value }: Point) {
  return { timestamp: second, value }
}

function metricAnswer(metric: Metric): MetricAnswer {
  return {
    id: metric.id,
    metrics_provider_id: null,
    metric_identifier: null,
    name: metric.name,
    display: metric.shown === 'yes',
    tooltip_description: null,
    backfilled: false,
    y_axis_min: null,
    y_axis_max: null,
    y_axis_hidden: false,
    suffix: metric.suffix,
    decimal_places: metric.decimals,
    most_recent_data_at: null,
    created_at: toTheSecond(metric.createdAt),
    updated_at: toTheSecond(metric.updatedAt),
    last_fetched_at: null,
    backfill_percentage: null,
    reference_name: null,
  }
}
