import type { FastifyInstance } from 'fastify'
import type { Metric, Point } from '../../domain/metrics/metric.ts'
import { type Values, readPoint, takeValues } from '../../domain/metrics/points.ts'
import { metricIfThere } from '../../domain/metrics/queries.ts'
import { Invalid, NotFound } from '../../lib/errors.ts'
import { tokens } from '../shared/access.ts'
import type { Api } from './entrance.ts'

const limits = { bodyLimit: 256 * 1024, config: { access: tokens('measure', 'disclose', 'manage') } }
const mostPoints = 3000

/** Values that somebody else measured: one, or many of several metrics at once. */
export function metricRoutes(face: FastifyInstance, api: Api): void {
  for (const end of ['', '.json']) {
    face.post<{ Params: { metric: string } }>(
      `/pages/:page/metrics/:metric/data${end}`,
      limits,
      async (request, reply) => {
        const { zone } = await api.enter(request)
        const metric = await metricOf(api, request.params.metric)
        const point = readPoint(dataOf(request.body), 'data', api.clock)
        await takeValues(api.db, [{ metric, points: [point] }], zone)
        return reply.code(201).send({ data: shapeOf(point) })
      },
    )

    face.post(`/pages/:page/metrics/data${end}`, limits, async (request, reply) => {
      const { zone } = await api.enter(request)
      const wished = await readAll(api, dataOf(request.body))
      await takeValues(api.db, wished, zone)
      const data = Object.fromEntries(wished.map(({ metric, points }) => [metric.id, points.map(shapeOf)]))
      return reply.code(202).send({ data })
    })
  }
}

async function metricOf({ db }: Api, id: string): Promise<Metric> {
  const metric = await metricIfThere(db, id)
  if (!metric) throw new NotFound('There is no such metric.')
  return metric
}

/** All of it, or nothing: a program that is told of one fault may send everything again. */
async function readAll(api: Api, data: unknown): Promise<Values[]> {
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
    const metric = await metricIfThere(api.db, id)
    if (!metric) throw new Invalid('is no metric of this page', field)
    wished.push({ metric, points: list.map((one, at) => readPoint(one, `${field}[${at}]`, api.clock)) })
  }
  return wished
}

/** JSON, or the fields `data[timestamp]` and `data[value]` of a form. */
function dataOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) throw new Invalid('is missing', 'data')
  const { data, ...fields } = body as { readonly data?: unknown; readonly [field: string]: unknown }
  if (data !== undefined) return data
  if (!('data[timestamp]' in fields) && !('data[value]' in fields)) throw new Invalid('is missing', 'data')
  return { timestamp: fields['data[timestamp]'], value: fields['data[value]'] }
}

function shapeOf({ second, value }: Point): object {
  return { timestamp: second, value }
}
