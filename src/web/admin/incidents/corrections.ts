import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Update } from '../../../domain/incidents/incident.ts'
import { readIncidentOrDraft } from '../../../domain/incidents/queries.ts'
import { readMaintenance } from '../../../domain/maintenances/queries.ts'
import { isFresh } from '../../../domain/revisions/revision.ts'
import { correctUpdate, withdrawUpdate } from '../../../domain/revisions/words.ts'
import { Conflict, Invalid, NotFound } from '../../../lib/errors.ts'
import { markdown } from '../../../lib/markdown.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, only, text } from '../../shared/forms.ts'
import { isOvertaken } from '../as-seen.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { apart, translationValues } from '../translations.ts'
import type { Corrected, Theirs } from '../views.ts'
import { correctionWhom, withdrawalWhom } from '../whom.ts'
import { begun, said, withoutScratch, writingOn } from '../writing.ts'

/** Correcting and withdrawing what was said, on an incident or a maintenance. */
export function correctionRoutes(face: FastifyInstance, desk: Desk): void {
  wordsOf(face, desk, 'incidents')
  wordsOf(face, desk, 'maintenances')
}

interface Found {
  readonly thing: Corrected
  readonly update: Update
  readonly path: string
}

function wordsOf(face: FastifyInstance, desk: Desk, nouns: 'incidents' | 'maintenances'): void {
  const found = async (request: FastifyRequest): Promise<Found> => {
    const { id, update: wanted } = request.params as { id: string; update: string }
    const thing = await (nouns === 'incidents' ? readIncidentOrDraft : readMaintenance)(desk.db, id)
    const update = thing?.updates.find((one) => one.id === wanted && one.displayedAt !== null)
    if (thing?.withdrawn.some((one) => one.id === wanted)) throw new Conflict('This update was withdrawn already.')
    if (!thing || !update) throw new NotFound('There is no such update.')
    return { thing, update, path: `/admin/${nouns}/${id}` }
  }
  const noun = nouns === 'incidents' ? 'incident' : 'maintenance'
  const address = `/${nouns}/:id/updates/:update`

  const subjectFor = (request: FastifyRequest, what: 'correction' | 'withdrawal') => {
    const { id, update } = request.params as { id: string; update: string }
    return `${noun === 'incident' ? what : (`work-${what}` as const)}:${id}/${update}`
  }

  const correcting = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { thing, update, path } = await found(request)
    return desk.show(request, reply, 'admin/words/correct', {
      title: 'Correct the words',
      model: {
        thing,
        update,
        path,
        state,
        theirs: theirsOf(thing, update, state),
        isFresh: isFresh(update.displayedAt, desk.clock.now()),
        writing: await writingOn(desk, request, subjectFor(request, 'correction'), {
          isAgain: state.fault !== null,
        }),
        whom: await correctionWhom(desk, { noun, id: thing.id }, update.id),
      },
      status,
    })
  }

  face.get(`${address}/correct`, { config: { access: operators('disclose') } }, async (request, reply) => {
    const { update } = await found(request)
    const values = { body: update.body, ...translationValues(update.translations) }
    return correcting(request, reply, await begun(desk, request, subjectFor(request, 'correction'), values), 200)
  })

  face.post(`${address}/correct`, { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { update, path } = await found(request)
        const { rest, translations, reasons } = apart(withoutScratch(given))
        const { body, reason, typing, seen } = only(rest, ['body', 'reason', 'typing', 'seen'])
        if (body.trim() === '') throw new Invalid('Write what it should say, or withdraw the update.', 'body')
        await desk.change(signedIn(request).actor, async (it) => {
          await correctUpdate(it, update.id, { body, translations, reason, reasons, typing, seen })
          await said(it, request, subjectFor(request, 'correction'))
        })
        return done(path, 'corrected')
      },
      (state, status) => correcting(request, reply, state, status),
    ),
  )

  const withdrawing = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { thing, update, path } = await found(request)
    return desk.show(request, reply, 'admin/words/withdraw', {
      title: 'Withdraw an update',
      model: {
        thing,
        update,
        path,
        state,
        html: markdown(update.body),
        isIncident: noun === 'incident',
        writing: await writingOn(desk, request, subjectFor(request, 'withdrawal'), { isAgain: state.fault !== null }),
        whom: await withdrawalWhom(desk, { noun, id: thing.id }, update.id),
      },
      status,
    })
  }

  face.get(`${address}/withdraw`, { config: { access: operators('disclose') } }, async (request, reply) =>
    withdrawing(request, reply, await begun(desk, request, subjectFor(request, 'withdrawal'), {}), 200),
  )

  face.post(`${address}/withdraw`, { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { update, path } = await found(request)
        const { rest, reasons } = apart(withoutScratch(given))
        const { reason, seen } = only(rest, ['reason', 'seen'])
        await desk.change(signedIn(request).actor, async (it) => {
          await withdrawUpdate(it, update.id, { reason, reasons, seen })
          await said(it, request, subjectFor(request, 'withdrawal'))
        })
        return done(path, 'taken-down')
      },
      (state, status) => withdrawing(request, reply, state, status),
    ),
  )
}

/** What somebody else made of the word meanwhile, beside what was written here. */
function theirsOf({ revisions }: Corrected, update: Update, { values }: FormState): Theirs | null {
  if (!isOvertaken(values, update.updatedAt)) return null
  const last = revisions.findLast(({ subject }) => subject === update.id)
  return {
    said: [
      {
        by: last?.author ?? 'Somebody',
        at: update.updatedAt,
        what: 'Corrected',
        html: markdown(update.body),
      },
    ],
    html: markdown(text(values, 'body')),
  }
}
