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
import { announceSeries } from '../../domain/maintenances/repeating.ts'
import { changeMaintenance } from '../../domain/maintenances/replan.ts'
import { readSite } from '../../domain/site/queries.ts'
import type { Instant } from '../../lib/clock.ts'
import { Invalid, NotFound, Refusal } from '../../lib/errors.ts'
import { localTime } from '../../lib/local-times.ts'
import { readRule } from '../../lib/recurrence.ts'
import { markdown } from '../../lib/markdown.ts'
import { operators } from '../shared/access.ts'
import { type Form, type FormState, filled, formOf, only, text, texts } from '../shared/forms.ts'
import { choosable, localInstant } from './composer.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { tellingOf } from './telling.ts'
import { type Done, done } from './done.ts'
import { filledOut, templatingOf, withTemplate } from './filling.ts'
import { type Foreseen, foreseenWords, repeatChoices, ruleOf } from './repeating.ts'
import { extend, longerChoices, seriesLines, seriesOf, seriesRoutes } from './series.ts'
import { type GivenTranslations, apart, renewed, translationValues } from './translations.ts'
import { begun, said, withoutScratch, writingOn } from './writing.ts'
import { maintenanceWhom, planWhom } from './whom.ts'
import { deskWords } from './words.ts'

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
  wordRoutes(face, desk)
}

function planRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (
    request: FastifyRequest,
    reply: FastifyReply,
    state: FormState,
    status: number,
    next: Foreseen | null = null,
  ) => {
    const { id } = request.params as { id?: string }
    const maintenance = id === undefined ? null : await existing(desk, id)
    return desk.show(request, reply, 'admin/maintenances/edit', {
      title: maintenance ? 'Change the plan' : 'Announce maintenance',
      model: {
        maintenance,
        state,
        next,
        repeats: repeatChoices,
        systems: await choosable(desk.db, new Map()),
        whom: await planWhom(desk, {
          isAnnounced: maintenance !== null,
          components: texts(state.values, 'components'),
        }),
        begun: maintenance
          ? null
          : {
              writing: await writingOn(desk, request, 'maintenance', {
                isAgain: state.fault !== null || next !== null,
              }),
              templating: await templatingOf(desk, request, { use: 'maintenance', values: state.values }),
            },
      },
      status,
    })
  }

  face.get('/maintenances/new', { config: { access: operators('disclose') } }, async (request, reply) => {
    const own = await begun(desk, request, 'maintenance', { runsBy: 'clock' })
    const values = await withTemplate(desk, request, { use: 'maintenance', values: own.values })
    return form(request, reply, filled(values), 200)
  })

  face.post('/maintenances', { config: { access: operators('disclose') } }, async (request, reply) => {
    const typed = formOf(request.body)
    const next = await unseen(desk, typed)
    if (next) return form(request, reply, filled(typed), 200, next)
    return submit(
      request,
      reply,
      async (given) => {
        const plan = await filledPlan(desk, given)
        const rule = await ruleWished(desk, given)
        const { plannedFrom, plannedUntil } = plan
        if (!plannedFrom) throw new Invalid('Say when it begins.', 'plannedFrom')
        if (!plannedUntil) throw new Invalid('Say when it ends.', 'plannedUntil')
        const wish = { ...plan, plannedFrom, plannedUntil }
        const { actor } = signedIn(request)
        if (rule !== null) {
          await desk.change(actor, async (it) => {
            await announceSeries(it, { ...wish, rule })
            await said(it, request, 'maintenance')
          })
          return done('/admin/maintenances', 'announced')
        }
        const id = await desk.change(actor, async (it) => {
          await said(it, request, 'maintenance')
          return announceMaintenance(it, wish)
        })
        return done(`/admin/maintenances/${id}`, 'announced')
      },
      (state, status) => form(request, reply, state, status),
    )
  })

  face.get('/maintenances/:id/change', { config: { access: operators('disclose') } }, async (request, reply) => {
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

  face.post('/maintenances/:id/change', { config: { access: operators('disclose') } }, (request, reply) =>
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

/** A plan whose words hold everything that its template asks for. */
async function filledPlan(desk: Desk, given: Form) {
  const plan = await planOf(desk, given)
  const named = plan.components.map((id) => ({ id, status: 'under_maintenance' }))
  const context = { site: await readSite(desk.db), now: desk.clock.now(), incident: null }
  const filled = await filledOut(desk.db, { ...plan, components: named }, { form: given, context })
  return { ...filled, components: plan.components }
}

async function planOf({ db }: Desk, given: Form) {
  const { zone } = await readSite(db)
  const { rest: plain, translations } = apart(withoutScratch(given))
  const { components: _components, ...rest } = plain
  const { name, body, runsBy } = only(rest, [
    'name',
    'body',
    'runsBy',
    'plannedFrom',
    'plannedUntil',
    'repeats',
    'rule',
    'seen',
  ])
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

/** By which rule it is to repeat; null: not at all. */
async function ruleWished({ db }: Desk, given: Form): Promise<string | null> {
  const { zone } = await readSite(db)
  const from = localInstant(given, 'plannedFrom', zone)
  const rule = ruleOf(text(given, 'repeats'), {
    from: from ? localTime(from as Instant, zone) : '',
    rule: text(given, 'rule'),
  })
  return rule === null ? null : readRule(rule)
}

/** The next five times of what repeats, where they have not been looked at; null: nothing repeats, or they have been. */
async function unseen(desk: Desk, given: Form): Promise<Foreseen | null> {
  try {
    const { zone } = await readSite(desk.db)
    const rule = await ruleWished(desk, given)
    const { plannedFrom, plannedUntil } = await planOf(desk, given)
    if (rule === null || !plannedFrom || !plannedUntil) return null
    const next = foreseenWords({ rule, plannedFrom, plannedUntil }, { zone, now: desk.clock.now() })
    return next.seen === text(given, 'seen') ? null : next
  } catch (error) {
    // It is refused again where refusals are shown.
    if (error instanceof Refusal) return null
    throw error
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
