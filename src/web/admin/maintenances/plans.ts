import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../../database/database.ts'
import { componentNames } from '../../../domain/components/queries.ts'
import { announceMaintenance } from '../../../domain/maintenances/commands.ts'
import type { Maintenance } from '../../../domain/maintenances/maintenance.ts'
import { readMaintenance } from '../../../domain/maintenances/queries.ts'
import { announceSeries } from '../../../domain/maintenances/repeating.ts'
import { changeMaintenance } from '../../../domain/maintenances/replan.ts'
import { readSite } from '../../../domain/site/queries.ts'
import type { Instant } from '../../../lib/clock.ts'
import { Invalid, NotFound, Refusal } from '../../../lib/errors.ts'
import { localTime } from '../../../lib/local-times.ts'
import { readRule } from '../../../lib/recurrence.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, formOf, only, text, texts } from '../../shared/forms.ts'
import { isOvertaken, mustBeAsSeen, seenAs } from '../as-seen.ts'
import { choosable, localInstant } from '../composer.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { filledOut, templatingOf, withTemplate } from '../filling.ts'
import type { Changing } from '../models.ts'
import { type Foreseen, foreseenWords, repeatChoices, ruleOf } from './repeating.ts'
import { apart, renewed, translationValues } from '../translations.ts'
import { planWhom } from '../whom.ts'
import { begun, said, withoutScratch, writingOn } from '../writing.ts'
import { deskWords } from '../words.ts'

/** Planned work, announced and changed: once or by a rule, with a word to readers. */
export function planRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (
    request: FastifyRequest,
    reply: FastifyReply,
    state: FormState,
    status: number,
    next: Foreseen | null = null,
  ) => {
    const { id } = request.params as { id?: string }
    const maintenance = id === undefined ? null : await existing(desk.db, id)
    const subject = maintenance ? `plan:${maintenance.id}` : 'maintenance'
    const seen = maintenance ? seenAs(factsOf(maintenance)) : ''
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
          components: [...(maintenance?.componentIds ?? []), ...texts(state.values, 'components')],
        }),
        writing: await writingOn(desk, request, subject, { isAgain: state.fault !== null || next !== null }),
        templating: maintenance
          ? null
          : await templatingOf(desk, request, { use: 'maintenance', values: state.values }),
        seen,
        standing: maintenance && isOvertaken(state.values, seen) ? await standing(desk, maintenance) : null,
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
    const maintenance = await existing(desk.db, idOf(request))
    const { local } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
    const values = {
      name: maintenance.name,
      plannedFrom: local(maintenance.plannedFrom),
      plannedUntil: local(maintenance.plannedUntil),
      runsBy: maintenance.runsBy,
      components: maintenance.componentIds,
      ...translationValues(maintenance.translations),
    }
    return form(request, reply, await begun(desk, request, `plan:${maintenance.id}`, values), 200)
  })

  face.post('/maintenances/:id/change', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const id = idOf(request)
        const maintenance = await existing(desk.db, id)
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
        await desk.change(signedIn(request).actor, async (it) => {
          mustBeAsSeen(given, factsOf(await existing(it.tx, id)))
          await changeMaintenance(it, id, kept)
          await said(it, request, `plan:${id}`)
        })
        return done(`/admin/maintenances/${id}`, 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

/** What a change of the plan begins from; what is said of it meanwhile, or that it began, is no other plan. */
function factsOf(maintenance: Maintenance): string[] {
  const { name, plannedFrom, plannedUntil, runsBy, componentIds, translations } = maintenance
  return [name, plannedFrom, plannedUntil, runsBy, componentIds.join(' '), JSON.stringify(translations)]
}

async function standing(desk: Desk, maintenance: Maintenance): Promise<Changing['standing']> {
  const { exactly } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
  const names = await componentNames(desk.db, maintenance.componentIds)
  return [
    { label: 'Title', text: maintenance.name },
    { label: 'From', text: exactly(maintenance.plannedFrom) },
    { label: 'Until', text: exactly(maintenance.plannedUntil) },
    { label: 'Systems', text: [...names.values()].join(', ') || 'none' },
  ]
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

async function existing(db: Db, id: string): Promise<Maintenance> {
  const maintenance = await readMaintenance(db, id)
  if (!maintenance) throw new NotFound('There is no such maintenance.')
  return maintenance
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
