import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Change } from '../../../domain/changes/change.ts'
import { changeIncident, openIncident, postUpdate, reopenIncident } from '../../../domain/incidents/commands.ts'
import { askForSecond } from '../../../domain/incidents/confirming.ts'
import { draftIncident } from '../../../domain/incidents/drafts.ts'
import type { Incident } from '../../../domain/incidents/incident.ts'
import { openIncidents, readIncidentOrDraft, recentIncidents } from '../../../domain/incidents/queries.ts'
import { planUpdate, waitingUpdates } from '../../../domain/incidents/waiting.ts'
import { reportsByIncident } from '../../../domain/reports/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import type { Instant } from '../../../lib/clock.ts'
import { markdown } from '../../../lib/markdown.ts'
import { Conflict, NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, only, text } from '../../shared/forms.ts'
import { type Composed, choosable, localInstant, readComposer } from '../composer.ts'
import { type When, mustBeFor, sayingAt, whenOf } from './later.ts'
import { mustBeAsSeen, seenAs } from '../as-seen.ts'
import { automationOf } from './automation.ts'
import { measuredThen } from '../probes/measured-evidence.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { filledOut, templatingOf, withTemplate } from '../filling.ts'
import { nameOrProposal, statusesOf } from '../named.ts'
import { whomToTell } from './preview.ts'
import { tellingOf } from '../telling.ts'
import { apart, renewed, translationValues } from '../translations.ts'
import type { Theirs } from '../views.ts'
import { begun, said, writingOn } from '../writing.ts'
import { deskWords, stageInWords } from '../words.ts'

export function incidentRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/incidents', { config: { access: operators('see') } }, async (request, reply) => {
    const recent = await recentIncidents(desk.db, 50)
    return desk.show(request, reply, 'admin/incidents/list', { title: 'Incidents', model: { incidents: recent } })
  })

  openRoutes(face, desk)
  incidentPage(face, desk)
  changeRoutes(face, desk)
}

function openRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/incidents/new', {
      title: 'Say what is wrong',
      model: {
        wide: true,
        state,
        systems: await choosable(desk.db, new Map()),
        writing: await writingOn(desk, request, 'incident', { isAgain: state.fault !== null }),
        whom: await whomToTell(desk, request, state.values),
        templating: await templatingOf(desk, request, { use: 'incident', values: state.values }),
      },
      status,
    })

  face.get('/incidents/new', { config: { access: operators('draft') } }, async (request, reply) => {
    const { component } = request.query as { readonly component?: unknown }
    const chosen = typeof component === 'string' ? { [`component.${component}`]: 'partial_outage' } : {}
    const values = { stage: 'investigating', promise: '', ...chosen }
    const own = await begun(desk, request, 'incident', values)
    return form(request, reply, filled(await withTemplate(desk, request, { use: 'incident', values: own.values })), 200)
  })

  face.post('/incidents', { config: { access: operators('draft') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const site = await readSite(desk.db)
        const { zone } = site
        const when = whenOf(given, zone)
        mustBeFor(signedIn(request).account, when.kind === 'confirmed' ? 'kept' : 'said')
        const now = desk.clock.now()
        const composed = readComposer(given, { now: sayingAt(when, now), zone })
        const context = { site, now, incident: null }
        const { overAt: _overAt, ...word } = await filledOut(desk.db, composed, { form: given, context })
        const id = await desk.change(signedIn(request).actor, async (it) => {
          const name = await nameOrProposal(it.tx, word)
          await mustBeNew(it, name)
          await said(it, request, 'incident')
          return when.kind === 'now' ? openIncident(it, { ...word, name }) : draftFor(it, { ...word, name }, when)
        })
        if (when.kind !== 'now') return done('/admin', when.kind === 'at' ? 'planned' : 'asked')
        return done(`/admin/incidents/${id}`, 'published')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

/** A first word that waits: for its time, or for a second person. */
async function draftFor(
  change: Change,
  { beganAt = change.now, ...word }: Omit<Composed, 'overAt'>,
  when: Exclude<When, { kind: 'now' }>,
): Promise<string> {
  const publishesAt = when.kind === 'at' ? when.at : null
  const id = await draftIncident(change, { ...word, beganAt, publishesAt })
  if (when.kind === 'confirmed') await askForSecond(change, id)
  return id
}

/** The same thing said twice at once, by two people or by one impatient thumb, is said once. */
async function mustBeNew(change: Change, name: string): Promise<void> {
  const same = (await openIncidents(change.tx)).find((incident) => incident.name === name.normalize('NFC').trim())
  if (same) throw new Conflict('An incident with this name is open already. Post an update there.', 'name')
}

function incidentPage(face: FastifyInstance, desk: Desk): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const incident = await told(desk, request)
    const named = statusesOf(incident)
    const isAgain = state.fault !== null
    return desk.show(request, reply, 'admin/incidents/one', {
      title: incident.name,
      model: {
        wide: true,
        incident,
        updates: incident.updates.map((update) => ({ ...update, html: markdown(update.body) })),
        state,
        systems: await choosable(desk.db, incident.overAt ? new Map() : named),
        writing: await writingOn(desk, request, `update:${incident.id}`, { isAgain }),
        templating: await templatingOf(desk, request, { use: 'update', values: state.values }),
        whom: await whomToTell(desk, request, { ...state.values, incident: incident.id }),
        telling: await tellingOf(desk, { noun: 'incident', id: incident.id }),
        theirs: theirWords(incident, state.values),
        waiting: await waitingUpdates(desk.db, incident.id),
        automation: await automationOf(desk, incident),
        measured: await measuredThen(desk.db, incident.id),
        said: (await reportsByIncident(desk.db, [incident.id])).get(incident.id) ?? 0,
      },
      status,
    })
  }

  face.get('/incidents/:id', { config: { access: operators('see') } }, async (request, reply) => {
    const incident = await told(desk, request)
    const values = { stage: stageToSay(incident), promise: '' }
    const own = await begun(desk, request, `update:${incident.id}`, values)
    return page(request, reply, filled(await withTemplate(desk, request, { use: 'update', values: own.values })), 200)
  })

  face.post('/incidents/:id/updates', { config: { access: operators('draft') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { id } = request.params as { id: string }
        const site = await readSite(desk.db)
        const { zone } = site
        const when = whenOf(given, zone)
        mustBeFor(signedIn(request).account, when.kind === 'confirmed' ? 'kept' : 'said')
        const now = desk.clock.now()
        const composed = readComposer(given, { now: sayingAt(when, now), zone })
        const context = { site, now, incident: await told(desk, request) }
        const filledWord = await filledOut(desk.db, composed, { form: given, context })
        const { name: _name, beganAt: _beganAt, ...word } = filledWord
        const isReopened = await desk.change(signedIn(request).actor, async (it) => {
          const incident = await toldIn(it, id)
          mustHaveSeen(incident, given)
          await said(it, request, `update:${id}`)
          if (when.kind !== 'now') {
            await planUpdate(it, id, { word, publishesAt: when.kind === 'at' ? when.at : null })
            return false
          }
          if (incident.overAt === null || word.stage === 'update') {
            await postUpdate(it, id, word)
            return false
          }
          const { overAt: _overAt, ...again } = word
          await reopenIncident(it, id, again)
          return true
        })
        if (when.kind !== 'now') return done(`/admin/incidents/${id}`, when.kind === 'at' ? 'planned' : 'asked')
        return done(`/admin/incidents/${id}`, isReopened ? 'reopened' : 'updated')
      },
      (state, status) => page(request, reply, state, status),
    ),
  )
}

/** Nobody answers a question that somebody else answered a moment ago. */
function mustHaveSeen(incident: Incident, form: Form): void {
  const [newest] = incident.updates
  if (newest && text(form, 'seen') !== newest.id) {
    const who = newest.author ?? 'Candor'
    throw new Conflict(`${who} posted an update meanwhile. Read it below, then publish yours if it is still needed.`)
  }
}

/** What was said since somebody began to write, beside what they wrote. */
function theirWords({ updates }: Incident, values: Form): Theirs | null {
  const seen = text(values, 'seen')
  const at = updates.findIndex(({ id }) => id === seen)
  if (seen === '' || at === 0 || updates.length === 0) return null
  const newer = updates.slice(0, at === -1 ? 1 : at)
  return {
    said: newer.map(({ author, displayedAt, createdAt, stage, body }) => ({
      by: author ?? 'Candor',
      at: displayedAt ?? createdAt,
      what: stageInWords(stage),
      html: markdown(body),
    })),
    html: markdown(text(values, 'body')),
  }
}

const facts = ['name', 'beganAt', 'noticedAt', 'overAt', 'severityOverride', 'reason', 'typing', 'seen'] as const

function factsOf({ name, beganAt, noticedAt, overAt, severityOverride, translations }: Incident): (string | null)[] {
  return [name, beganAt, noticedAt, overAt, severityOverride, JSON.stringify(translations)]
}

function changeRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const incident = await told(desk, request)
    return desk.show(request, reply, 'admin/incidents/change', {
      title: 'Correct the facts',
      model: { incident, state, seen: seenAs(factsOf(incident)) },
      status,
    })
  }

  face.get('/incidents/:id/change', { config: { access: operators('disclose') } }, async (request, reply) => {
    const incident = await told(desk, request)
    const { local } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
    const values = {
      name: incident.name,
      beganAt: local(incident.beganAt),
      noticedAt: incident.noticedAt ? local(incident.noticedAt) : '',
      overAt: incident.overAt ? local(incident.overAt) : '',
      severityOverride: '',
      ...translationValues(incident.translations),
    }
    return form(request, reply, filled(values), 200)
  })

  face.post('/incidents/:id/change', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { id } = request.params as { id: string }
        const { rest, translations, reasons } = apart(given)
        const { name, severityOverride, reason, typing } = only(rest, facts)
        const { zone } = await readSite(desk.db)
        const incident = await told(desk, request)
        // The field knows minutes only: a time that was not touched keeps its seconds.
        const { local } = deskWords(desk.clock.now(), zone)
        const moved = (field: 'beganAt' | 'noticedAt' | 'overAt'): Instant | undefined => {
          const known = incident[field]
          return known && text(given, field) === local(known) ? undefined : localInstant(given, field, zone)
        }
        await desk.change(signedIn(request).actor, async (it) => {
          mustBeAsSeen(given, factsOf(await toldIn(it, id)))
          await changeIncident(it, id, {
            name,
            reason,
            reasons,
            typing,
            beganAt: moved('beganAt'),
            noticedAt: moved('noticedAt'),
            overAt: moved('overAt'),
            translations: renewed(translations, translationValues(incident.translations), {
              name: [incident.name, name],
            }),
            severityOverride:
              severityOverride === '' ? undefined : severityOverride === 'auto' ? null : severityOverride,
          })
        })
        return done(`/admin/incidents/${id}`, 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

async function told(desk: Desk, request: FastifyRequest): Promise<Incident> {
  const incident = await readIncidentOrDraft(desk.db, (request.params as { id: string }).id)
  return mustBeTold(incident)
}

async function toldIn(change: Change, id: string): Promise<Incident> {
  return mustBeTold(await readIncidentOrDraft(change.tx, id))
}

function mustBeTold(incident: Incident | null): Incident {
  if (!incident || incident.toldAt === null) throw new NotFound('There is no such incident.')
  return incident
}

/** Where it stands: who only says that nothing is new must not say by it that the cause is found, or that it is over. */
function stageToSay({ overAt, stage }: Incident): string {
  return overAt === null ? stage : 'update'
}
