import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../../database/database.ts'
import type { Change } from '../../../domain/changes/change.ts'
import { changeAction, completeAction, dropAction } from '../../../domain/reviews/actions.ts'
import { readAction } from '../../../domain/reviews/queries.ts'
import type { Action } from '../../../domain/reviews/review.ts'
import { readIncident } from '../../../domain/incidents/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { dayOf } from '../../../lib/days.ts'
import { Invalid, NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, text } from '../../shared/forms.ts'
import { isOvertaken, mustBeAsSeen, seenAs } from '../as-seen.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import type { Changing } from '../models.ts'
import { apart } from '../translations.ts'
import { actionWhom } from '../whom.ts'
import { begun, said, withoutScratch, writingOn } from '../writing.ts'

/** One thing that was promised in a review: moved, done, or given up. */
export function actionRoutes(face: FastifyInstance, desk: Desk): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const action = await existing(desk.db, request)
    const incident = await readIncident(desk.db, action.incidentId)
    const { zone } = await readSite(desk.db)
    return desk.show(request, reply, 'admin/reviews/action', {
      title: action.title,
      model: {
        action,
        incident: incident?.name ?? '',
        state,
        writing: await writingOn(desk, request, `action-change:${action.id}`, { isAgain: state.fault !== null }),
        word: await writingOn(desk, request, `action:${action.id}`, { isAgain: state.fault !== null }),
        seen: seenAs(factsOf(action)),
        standing: isOvertaken(state.values, seenAs(factsOf(action))) ? standing(action) : null,
        today: dayOf(desk.clock.now(), zone),
        whom: incident && (await actionWhom(desk, incident)),
      },
      status,
    })
  }

  face.get('/actions/:id', { config: { access: operators('disclose') } }, async (request, reply) =>
    page(request, reply, filled(await bothForms(desk, request)), 200),
  )

  face.post('/actions/:id', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { id, incidentId } = await existing(desk.db, request)
        const { rest, translations } = apart(withoutScratch(given))
        const word = text(rest, 'word')
        const says = (kept: string, deed: (it: Change) => Promise<void>): Promise<void> =>
          desk.change(signedIn(request).actor, async (it) => {
            mustBeAsSeen(given, factsOf(await existing(it.tx, request)))
            await deed(it)
            await said(it, request, `${kept}:${id}`)
          })
        switch (text(rest, 'act')) {
          case 'done':
            await says('action', (it) => completeAction(it, id, { word, translations: wordsAlone(translations) }))
            break
          case 'drop':
            await says('action', (it) => dropAction(it, id, { word, translations: wordsAlone(translations) }))
            break
          case 'change': {
            const changes = { title: text(rest, 'title'), dueOn: text(rest, 'dueOn'), owner: text(rest, 'owner') }
            await says('action-change', (it) => changeAction(it, id, { ...changes, translations }))
            break
          }
          default:
            throw new Invalid('Choose what to do with it.', 'act')
        }
        return done(`/admin/incidents/${incidentId}/review`, 'changed')
      },
      async ({ values, fault }, status) =>
        page(request, reply, { values: { ...(await bothForms(desk, request)), ...values }, fault }, status),
    ),
  )
}

/** What stands in the two forms of the page: each is kept by itself, and sent by itself. */
async function bothForms(desk: Desk, request: FastifyRequest): Promise<Form> {
  const action = await existing(desk.db, request)
  const change = await begun(desk, request, `action-change:${action.id}`, valuesOf(action))
  const word = await begun(desk, request, `action:${action.id}`, {})
  return { ...change.values, ...word.values }
}

function standing({ title, owner, dueOn }: Action): Changing['standing'] {
  return [
    { label: 'What', text: title },
    { label: 'Who sees to it', text: owner ?? 'nobody' },
    { label: 'By', text: dueOn },
  ]
}

function factsOf({ title, dueOn, owner, state, translations }: Action): (string | null)[] {
  return [title, dueOn, owner, state, JSON.stringify(translations)]
}

function valuesOf(action: Action): Record<string, string> {
  const translations = Object.entries(action.translations).flatMap(([locale, texts]) =>
    Object.entries(texts ?? {}).map(([field, words]): [string, string] => [`translations.${locale}.${field}`, words]),
  )
  return { title: action.title, dueOn: action.dueOn, owner: action.owner ?? '', ...Object.fromEntries(translations) }
}

/** Its title is not what is said now. */
function wordsAlone(translations: ReturnType<typeof apart>['translations']) {
  if (!translations) return undefined
  return Object.fromEntries(Object.entries(translations).map(([locale, { word = '' }]) => [locale, { word }]))
}

async function existing(db: Db, request: FastifyRequest): Promise<Action> {
  const action = await readAction(db, (request.params as { id: string }).id)
  if (!action) throw new NotFound('There is no such action.')
  return action
}
