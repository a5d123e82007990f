import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeMeasuring } from '../../../domain/probes/checks/change-measuring.ts'
import { type Measuring, costOf, keptWithin } from '../../../domain/probes/checks/keeping.ts'
import { measuringLoad } from '../../../domain/probes/checks/load.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, filled, only } from '../../shared/forms.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import type { MeasuringPage } from './measured-models.ts'

/** How long what was measured is kept, with what that costs, and whether readers see it. */
export function measuringRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { measuring } = await readSite(desk.db)
    const load = await measuringLoad(desk.db)
    const cost = costOf(wishedIn(state, measuring), load)
    const all = cost.hot + cost.raw + cost.hours + cost.days
    const costs = {
      hot: inMegabytes(cost.hot),
      raw: inMegabytes(cost.raw),
      hours: inMegabytes(cost.hours),
      days: inMegabytes(cost.days),
      all: inMegabytes(all),
    }
    const model: MeasuringPage = { state, within: keptWithin, probes: load.probes, costs }
    return desk.show(request, reply, 'admin/measuring', { title: 'What was measured', model, status })
  }

  face.get('/settings/measuring', { config: { access: operators('configure') } }, async (request, reply) => {
    const { shown, rawHours, hourDays, dayDays } = (await readSite(desk.db)).measuring
    const values = { rawHours: String(rawHours), hourDays: String(hourDays), dayDays: String(dayDays) }
    return form(request, reply, filled({ shown, ...values }), 200)
  })

  face.post('/settings/measuring', { config: { access: operators('configure') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const settings = only(given, ['shown', 'rawHours', 'hourDays', 'dayDays'])
        await desk.change(signedIn(request).actor, (it) => changeMeasuring(it, settings))
        return done('/admin/settings/measuring', 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

/** What stands in the form, as far as it can be counted with. */
function wishedIn({ values }: FormState, stored: Measuring): Pick<Measuring, 'rawHours' | 'hourDays' | 'dayDays'> {
  const read = (name: 'rawHours' | 'hourDays' | 'dayDays'): number => {
    const wished = Number(values[name])
    return Number.isFinite(wished) && wished > 0 ? wished : stored[name]
  }
  return { rawHours: read('rawHours'), hourDays: read('hourDays'), dayDays: read('dayDays') }
}

function inMegabytes(bytes: number): string {
  const megabytes = bytes / 1e6
  if (megabytes < 0.1) return 'less than 0.1 MB'
  return `about ${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes).toLocaleString('en-GB')} MB`
}
