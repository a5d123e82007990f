import type { FastifyInstance } from 'fastify'
import { readSite } from '../../domain/site/queries.ts'
import { formOf, text } from '../shared/forms.ts'
import { readComposer } from './composer.ts'
import type { Desk } from './desk.ts'
import { preview } from './named.ts'

/**
 * What readers will see, made by the same code that shows it to them. A page of its own for a browser without script;
 * with one, its middle stands beside the composer and follows the typing. Writes nothing.
 */
export function previewRoutes(face: FastifyInstance, desk: Desk): void {
  face.post('/preview', { config: { deed: 'disclose' } }, async (request, reply) => {
    const { zone } = await readSite(desk.db)
    const form = formOf(request.body)
    const composed = readComposer(form, { now: desk.clock.now(), zone })
    return desk.show(request, reply, 'admin/incidents/preview', {
      title: 'What they will see',
      model: { seen: await preview(desk.db, composed, text(form, 'incident'), desk.clock.now()) },
    })
  })
}
