import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listComponents } from '../../../domain/components/queries.ts'
import { chartedMetric, latestPoint } from '../../../domain/metrics/charting.ts'
import { changeMetric, createMetric, removeMetric } from '../../../domain/metrics/commands.ts'
import type { Metric } from '../../../domain/metrics/metric.ts'
import { listMetrics, readMetric } from '../../../domain/metrics/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { instantOf, millisecondsOf } from '../../../lib/clock.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, only } from '../../shared/forms.ts'
import { metricCharts, valueWords } from '../../shared/metric-charts.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import type { MetricPage } from './measured-models.ts'
import { deskReader } from './probe-charts.ts'
import { apart, translationValues } from '../translations.ts'

const usual = filled({ name: '', suffix: '', decimals: '0', componentId: '', shown: 'no' })

/** Figures that others measure and send in. */
export function metricRoutes(face: FastifyInstance, desk: Desk): void {
  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    metric: Metric | null,
    state: FormState,
    status: number,
  ) => showMetric(request, reply, desk, { metric, state, status })

  face.get('/metrics', { config: { access: operators('see') } }, async (request, reply) => {
    const names = new Map((await listComponents(desk.db)).map(({ id, name }) => [id, name]))
    const metrics = (await listMetrics(desk.db)).map((metric) => ({
      metric,
      of: metric.componentId === null ? 'the whole site' : (names.get(metric.componentId) ?? '…'),
    }))
    return desk.show(request, reply, 'admin/metrics/list', { title: 'Metrics', model: { metrics } })
  })

  face.get('/metrics/new', { config: { access: operators('probe') } }, (request, reply) =>
    show(request, reply, null, usual, 200),
  )

  face.post('/metrics', { config: { access: operators('probe') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const id = await desk.change(signedIn(request).actor, (it) => createMetric(it, wishIn(given)))
        return done(`/admin/metrics/${id}`, 'created')
      },
      (state, status) => show(request, reply, null, state, status),
    ),
  )

  face.get('/metrics/:id', { config: { access: operators('probe') } }, async (request, reply) => {
    const metric = await readMetric(desk.db, idOf(request))
    return show(request, reply, metric, filled(valuesOf(metric)), 200)
  })

  face.post('/metrics/:id', { config: { access: operators('probe') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, (it) => changeMetric(it, idOf(request), wishIn(given)))
        return done(`/admin/metrics/${idOf(request)}`, 'changed')
      },
      async (state, status) => show(request, reply, await readMetric(desk.db, idOf(request)), state, status),
    ),
  )

  face.post('/metrics/:id/remove', { config: { access: operators('probe') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, (it) => removeMetric(it, idOf(request)))
    return reply.redirect(done('/admin/metrics', 'removed'), 303)
  })
}

async function showMetric(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { metric, state, status }: { metric: Metric | null; state: FormState; status: number },
): Promise<FastifyReply> {
  const { id: page, zone } = await readSite(desk.db)
  const reader = await deskReader(desk)
  const components = (await listComponents(desk.db)).map(({ id, name }) => ({ value: id, label: name }))
  // Whole hours, as readers see them.
  const now = instantOf(Math.floor(millisecondsOf(desk.clock.now()) / 3_600_000) * 3_600_000)
  const last = metric && (await latestPoint(desk.db, metric.number))
  const charted = metric ? await chartedMetric(desk.db, metric.number, { now, zone }) : []
  const model: MetricPage = {
    metric,
    state,
    components: [{ value: '', label: 'The whole site' }, ...components],
    charts: metric ? metricCharts(metric, { charted, zone }, reader) : [],
    say: reader.say,
    last: metric && last ? { at: instantOf(last.second * 1000), value: valueWords(metric, last.value, reader) } : null,
    address: metric && `${desk.config.url}/v1/pages/${page}/metrics/${metric.id}/data`,
  }
  return desk.show(request, reply, 'admin/metrics/edit', { title: metric?.name ?? 'A new metric', model, status })
}

function wishIn(given: Form) {
  const { rest, translations } = apart(given)
  const { componentId, suffix, ...wish } = only(rest, ['name', 'suffix', 'decimals', 'componentId', 'shown'])
  return {
    ...wish,
    suffix: suffix.trim() === '' ? null : suffix,
    componentId: componentId === '' ? null : componentId,
    translations,
  }
}

function valuesOf({ name, suffix, decimals, componentId, shown, translations }: Metric): Form {
  const values = { name, suffix, decimals: String(decimals), componentId: componentId ?? '', shown }
  return { ...values, ...translationValues(translations) }
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
