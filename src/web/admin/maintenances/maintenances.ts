import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Change } from '../../../domain/changes/change.ts'
import {
  beginMaintenance,
  cancelMaintenance,
  completeMaintenance,
  postMaintenanceUpdate,
} from '../../../domain/maintenances/commands.ts'
import type { Maintenance } from '../../../domain/maintenances/maintenance.ts'
import { openMaintenances, readMaintenance, recentMaintenances } from '../../../domain/maintenances/queries.ts'
import { NotFound } from '../../../lib/errors.ts'
import { markdown } from '../../../lib/markdown.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, only } from '../../shared/forms.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { tellingOf } from '../telling.ts'
import { type Done, done } from '../done.ts'
import { planRoutes } from './plans.ts'
import { extend, longerChoices, seriesLines, seriesOf, seriesRoutes } from './series.ts'
import { seriesChangeRoutes } from './series-change.ts'
import { type GivenTranslations, apart } from '../translations.ts'
import { begun, said, withoutScratch, writingOn } from '../writing.ts'
import { maintenanceWhom } from '../whom.ts'

/** Planned work: announced, begun, ended; each with a word to readers. */
export function maintenanceRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/maintenances', { config: { access: operators('see') } }, async (request, reply) => {
    const open = await openMaintenances(desk.db)
    const isOpen = new Set(open.map(({ id }) => id))
    const past = (await recentMaintenances(desk.db, 50)).filter(({ id }) => !isOpen.has(id))
    return desk.show(request, reply, 'admin/maintenances/list', {
      title: 'Maintenance',
      model: { open, past, series: await seriesLines(desk) },
    })
  })

  planRoutes(face, desk)
  seriesRoutes(face, desk)
  seriesChangeRoutes(face, desk)
  wordRoutes(face, desk)
}

interface Word {
  readonly body: string
  readonly translations: GivenTranslations | undefined
}

const verbs: Record<
  string,
  { readonly say: (change: Change, id: string, word: Word) => Promise<unknown>; readonly what: Done }
> = {
  begin: { say: beginMaintenance, what: 'began' },
  verify: { say: (it, id, word) => postMaintenanceUpdate(it, id, { stage: 'verifying', ...word }), what: 'updated' },
  complete: { say: completeMaintenance, what: 'completed' },
  cancel: { say: cancelMaintenance, what: 'cancelled' },
}

function wordRoutes(face: FastifyInstance, desk: Desk): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const maintenance = await existing(desk, idOf(request))
    const updates = maintenance.updates.map((update) => ({ ...update, html: markdown(update.body) }))
    return desk.show(request, reply, 'admin/maintenances/one', {
      title: maintenance.name,
      model: {
        maintenance,
        updates,
        state,
        longer: longerChoices,
        series: await seriesOf(desk, maintenance),
        telling: await tellingOf(desk, { noun: 'maintenance', id: maintenance.id }),
        whom: await maintenanceWhom(desk, maintenance),
        writing: await writingOn(desk, request, `work:${maintenance.id}`, { isAgain: state.fault !== null }),
      },
      status,
    })
  }

  face.get('/maintenances/:id', { config: { access: operators('see') } }, async (request, reply) =>
    page(request, reply, await begun(desk, request, `work:${idOf(request)}`, {}), 200),
  )

  face.post('/maintenances/:id/updates', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const id = idOf(request)
        const { rest, translations } = apart(withoutScratch(given))
        const { body, verb, longer } = only(rest, ['body', 'verb', 'longer'])
        const word = { body, translations }
        const chosen = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
        await desk.change(signedIn(request).actor, async (it) => {
          await said(it, request, `work:${id}`)
          if (chosen) return chosen.say(it, id, word)
          const maintenance = await readMaintenance(it.tx, id)
          if (!maintenance) throw new NotFound('There is no such maintenance.')
          if (verb === 'extend') return extend(it, maintenance, { ...word, longer })
          // A word in between says the stage that is.
          return postMaintenanceUpdate(it, id, { stage: maintenance.stage, ...word })
        })
        return done(`/admin/maintenances/${id}`, chosen?.what ?? 'updated')
      },
      (state, status) => page(request, reply, state, status),
    ),
  )
}

async function existing({ db }: Desk, id: string): Promise<Maintenance> {
  const maintenance = await readMaintenance(db, id)
  if (!maintenance) throw new NotFound('There is no such maintenance.')
  return maintenance
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
