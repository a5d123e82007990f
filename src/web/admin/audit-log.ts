import type { FastifyInstance } from 'fastify'
import { eventsBefore } from '../../domain/changes/log.ts'
import { operators } from '../shared/access.ts'
import { actorInWords, eventInWords } from './audit-words.ts'
import type { Desk } from './desk.ts'

const aPage = 50

/** Everything that happened, newest first: the same table that everything else follows. */
export function auditLogRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/log', { config: { access: operators('see') } }, async (request, reply) => {
    const { before } = request.query as { readonly before?: unknown }
    const from = typeof before === 'string' && /^\d{1,15}$/.test(before) ? Number(before) : Number.MAX_SAFE_INTEGER
    const events = await eventsBefore(desk.db, from, { limit: aPage + 1 })
    const entries = events.slice(0, aPage).map((event) => ({
      seq: event.seq,
      at: event.at,
      who: actorInWords(event.actor),
      what: eventInWords(event),
    }))
    const older = events.length > aPage ? (entries.at(-1)?.seq ?? null) : null
    return desk.show(request, reply, 'admin/log', {
      title: 'Log',
      model: { entries, older, isFirst: before === undefined },
    })
  })
}
