import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeTerms } from '../../domain/promises/change-terms.ts'
import { readSite } from '../../domain/site/queries.ts'
import { operators } from '../shared/access.ts'
import { type FormState, filled, only } from '../shared/forms.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'

/** What is promised where nobody chooses otherwise: the next update, and reviews. */
export function termsRoutes(face: FastifyInstance, desk: Desk): void {
  const form = (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/terms', { title: 'What you promise', model: { state }, status })

  face.get('/settings/promises', { config: { access: operators('configure') } }, async (request, reply) => {
    const { update, review, finalReview } = (await readSite(desk.db)).terms
    const values = {
      updateCritical: String(update.critical),
      updateMajor: String(update.major),
      updateMinor: String(update.minor),
      reviewCritical: String(review.critical),
      reviewMajor: String(review.major),
      finalReviewCritical: String(finalReview.critical),
      finalReviewMajor: String(finalReview.major),
    }
    return form(request, reply, filled(values), 200)
  })

  face.post('/settings/promises', { config: { access: operators('configure') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const terms = only(given, [
          'updateCritical',
          'updateMajor',
          'updateMinor',
          'reviewCritical',
          'reviewMajor',
          'finalReviewCritical',
          'finalReviewMajor',
        ])
        await desk.change(signedIn(request).actor, (it) => changeTerms(it, terms))
        return done('/admin/settings/promises', 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}
