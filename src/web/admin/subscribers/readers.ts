import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeReportSettings } from '../../../domain/reports/change-settings.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, filled, only } from '../../shared/forms.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'

/** Whether readers are asked, and what follows from it. */
export function readersRoutes(face: FastifyInstance, desk: Desk): void {
  const form = (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/readers', { title: 'What readers say', model: { state }, status })

  face.get('/settings/readers', { config: { access: operators('configure') } }, async (request, reply) => {
    const { asked, shown, shownFrom, burst } = (await readSite(desk.db)).reports
    const values = { asked, shown, shownFrom: String(shownFrom) }
    const counts = { burstReports: String(burst.reports), burstMinutes: String(burst.minutes) }
    return form(request, reply, filled({ ...values, ...counts }), 200)
  })

  face.post('/settings/readers', { config: { access: operators('configure') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const settings = only(given, ['asked', 'shown', 'shownFrom', 'burstReports', 'burstMinutes'])
        await desk.change(signedIn(request).actor, (it) => changeReportSettings(it, settings))
        return done('/admin/settings/readers', 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}
