import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Change } from '../../domain/changes/change.ts'
import {
  announceMaintenance,
  beginMaintenance,
  cancelMaintenance,
  completeMaintenance,
  postMaintenanceUpdate,
} from '../../domain/maintenances/commands.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { openMaintenances, readMaintenance, recentMaintenances } from '../../domain/maintenances/queries.ts'
import { changeMaintenance } from '../../domain/maintenances/replan.ts'
import { readSite } from '../../domain/site/queries.ts'
import { Invalid, NotFound } from '../../lib/errors.ts'
import { markdown } from '../../lib/markdown.ts'
import { type Form, type FormState, filled, only, text, texts, untouched } from '../shared/forms.ts'
import { choosable, localInstant } from './composer.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { type Done, done } from './done.ts'
import { type GivenTranslations, apart, renewed, translationValues } from './translations.ts'
import { deskWords } from './words.ts'

/** Planned work: announced, begun, ended; each with a word to readers. */
export function maintenanceRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/maintenances', { config: { deed: 'see' } }, async (request, reply) => {
    const open = await openMaintenances(desk.db)
    const isOpen = new Set(open.map(({ id }) => id))
    const past = (await recentMaintenances(desk.db, 50)).filter(({ id }) => !isOpen.has(id))
    return desk.show(request, reply, 'admin/maintenances/list', { title: 'Maintenance', model: { open, past } })
  })

  planRoutes(face, desk)
  wordRoutes(face, desk)
}

function planRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { id } = request.params as { id?: string }
    const maintenance = id === undefined ? null : await existing(desk, id)
    return desk.show(request, reply, 'admin/maintenances/edit', {
      title: maintenance ? 'Change the plan' : 'Announce maintenance',
      model: { maintenance, state, systems: await choosable(desk.db, new Map()) },
      status,
    })
  }

  face.get('/maintenances/new', { config: { deed: 'disclose' } }, (request, reply) =>
    form(request, reply, filled({ runsBy: 'clock' }), 200),
  )

  face.post('/maintenances', { config: { deed: 'disclose' } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const plan = await planOf(desk, given)
        const { plannedFrom, plannedUntil } = plan
        if (!plannedFrom) throw new Invalid('Say when it begins.', 'plannedFrom')
        if (!plannedUntil) throw new Invalid('Say when it ends.', 'plannedUntil')
        const id = await desk.change(signedIn(request).actor, (it) =>
          announceMaintenance(it, { ...plan, plannedFrom, plannedUntil }),
        )
        return done(`/admin/maintenances/${id}`, 'announced')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.get('/maintenances/:id/change', { config: { deed: 'disclose' } }, async (request, reply) => {
    const maintenance = await existing(desk, idOf(request))
    const { local } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
    const values = {
      name: maintenance.name,
      plannedFrom: local(maintenance.plannedFrom),
      plannedUntil: local(maintenance.plannedUntil),
      runsBy: maintenance.runsBy,
      components: maintenance.componentIds,
      ...translationValues(maintenance.translations),
    }
    return form(request, reply, filled(values), 200)
  })

  face.post('/maintenances/:id/change', { config: { deed: 'disclose' } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const id = idOf(request)
        const maintenance = await existing(desk, id)
        const { plannedFrom, plannedUntil } = maintenance
        const plan = await planOf(desk, given)
        const { local } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
        // The fields know minutes only: what was not touched keeps its seconds.
        const kept = {
          ...plan,
          plannedFrom: text(given, 'plannedFrom') === local(plannedFrom) ? undefined : plan.plannedFrom,
          plannedUntil: text(given, 'plannedUntil') === local(plannedUntil) ? undefined : plan.plannedUntil,
          body: plan.body === '' ? undefined : plan.body,
          translations: renewed(plan.translations, translationValues(maintenance.translations), {
            name: [maintenance.name, plan.name],
          }),
        }
        await desk.change(signedIn(request).actor, (it) => changeMaintenance(it, id, kept))
        return done(`/admin/maintenances/${id}`, 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

async function planOf({ db }: Desk, given: Form) {
  const { zone } = await readSite(db)
  const { rest: plain, translations } = apart(given)
  const { components: _components, ...rest } = plain
  const { name, body, runsBy } = only(rest, ['name', 'body', 'runsBy', 'plannedFrom', 'plannedUntil'])
  return {
    name,
    body,
    runsBy: runsBy === '' ? undefined : runsBy,
    plannedFrom: localInstant(given, 'plannedFrom', zone),
    plannedUntil: localInstant(given, 'plannedUntil', zone),
    components: texts(given, 'components'),
    translations,
  }
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
      model: { maintenance, updates, state },
      status,
    })
  }

  face.get('/maintenances/:id', { config: { deed: 'see' } }, (request, reply) => page(request, reply, untouched, 200))

  face.post('/maintenances/:id/updates', { config: { deed: 'disclose' } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const id = idOf(request)
        const { rest, translations } = apart(given)
        const { body, verb } = only(rest, ['body', 'verb'])
        const word = { body, translations }
        const chosen = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
        await desk.change(signedIn(request).actor, async (it) => {
          if (chosen) return chosen.say(it, id, word)
          // A word in between says the stage that is.
          const maintenance = await readMaintenance(it.tx, id)
          if (!maintenance) throw new NotFound('There is no such maintenance.')
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
