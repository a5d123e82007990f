import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { eventsBefore } from '../../../domain/changes/log.ts'
import { componentNames } from '../../../domain/components/queries.ts'
import { dismissDraft } from '../../../domain/incidents/drafts.ts'
import type { Incident } from '../../../domain/incidents/incident.ts'
import { readIncident, readIncidentOrDraft } from '../../../domain/incidents/queries.ts'
import { handBack, takeOver } from '../../../domain/probes/engine/handing.ts'
import { muteProbe, unmuteProbe } from '../../../domain/probes/muting.ts'
import { type Advice, adviceOn, measuredSystems } from '../../../domain/probes/engine/measured-systems.ts'
import { annul } from '../../../domain/revisions/annulling.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import { Invalid, NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, filled, formOf, text } from '../../shared/forms.ts'
import { eventInWords } from '../audit/words.ts'
import { localInstant } from '../composer.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import type { Automation } from '../models.ts'
import { apart } from '../translations.ts'
import { type DeskWords, deskWords } from '../words.ts'
import { annulmentWhom } from '../whom.ts'

/** Costs the probes of what an incident names, and its notes. */
export async function automationOf({ db, clock }: Desk, incident: Incident): Promise<Automation> {
  const now = clock.now()
  const words = deskWords(now, (await readSite(db)).zone)
  const systems = await measuredSystems(db, incident)
  const names = await componentNames(
    db,
    systems.map(({ componentId }) => componentId),
  )
  const listed = (ids: readonly string[]): string =>
    new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(ids.map((id) => names.get(id) ?? 'a system'))
  const advice = adviceOn(incident, systems, now)
  const affected = systems.filter(({ isAffected }) => isAffected)
  const unseen = affected.filter(({ measured }) => measured === 'nobody' || measured === 'paused')
  const obstacle =
    affected.length === 0
      ? 'it says of no system that it suffers'
      : unseen.length > 0
        ? `nobody measures ${listed(unseen.map(({ componentId }) => componentId))}`
        : null
  const notes = (await eventsBefore(db, Number.MAX_SAFE_INTEGER, { limit: 200, subject: incident.id }))
    .filter(({ type }) => type === 'incident.noted')
    .slice(0, 5)
    .map((event) => ({ at: event.at, words: eventInWords(event).split(': ').slice(1).join(': ') }))
  return { advice: advice && { kind: advice.kind, words: inWords(advice, listed, words) }, obstacle, notes }
}

function inWords(advice: Advice, listed: (ids: readonly string[]) => string, { time }: DeskWords): string {
  switch (advice.kind) {
    case 'unmeasured':
      return `Nobody measures ${listed(advice.components)} any more: the probe is paused or gone. This stays open until somebody says how it is.`
    case 'still-fails':
      return `Our checks still find ${listed(advice.components)} failing, since ${time(advice.since)}, although this was said to be over. It is never opened again by itself.`
    case 'well':
      return `Everything it affects has worked in our checks since ${time(advice.since)}.`
  }
}

const muted = { '1h': 3600, '8h': 8 * 3600, changed: null } as const

function untilOf(given: string, now: Instant): Instant | null {
  if (!Object.hasOwn(muted, given)) throw new Invalid('Say for how long.', 'for')
  const seconds = muted[given as keyof typeof muted]
  return seconds === null ? null : later(now, seconds)
}

/** What one does with the engine: take over, hand back, mute, and annul what it held for an outage. */
export function automationRoutes(face: FastifyInstance, desk: Desk): void {
  const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id

  face.post('/incidents/:id/take-over', { config: { access: operators('disclose') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, (it) => takeOver(it, idOf(request)))
    return reply.redirect(done(`/admin/incidents/${idOf(request)}`, 'taken-over'), 303)
  })

  face.post('/incidents/:id/hand-back', { config: { access: operators('disclose') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, (it) => handBack(it, idOf(request)))
    return reply.redirect(done(`/admin/incidents/${idOf(request)}`, 'handed-back'), 303)
  })

  face.post('/drafts/:id/mute', { config: { access: operators('disclose') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, async (it) => {
      const draft = await readIncidentOrDraft(it.tx, idOf(request))
      if (!draft || draft.probeId === null) throw new NotFound('There is no such draft of a probe any more.')
      const until = untilOf(text(formOf(request.body), 'for'), it.now)
      await dismissDraft(it, draft.id)
      await muteProbe(it, draft.probeId, until)
    })
    return reply.redirect(done('/admin', 'muted'), 303)
  })

  face.post('/probes/:id/mute', { config: { access: operators('disclose') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, (it) =>
      muteProbe(it, idOf(request), untilOf(text(formOf(request.body), 'for'), it.now)),
    )
    return reply.redirect(done('/admin/probes', 'muted'), 303)
  })

  face.post('/probes/:id/unmute', { config: { access: operators('disclose') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, (it) => unmuteProbe(it, idOf(request)))
    return reply.redirect(done('/admin', 'unmuted'), 303)
  })

  annulRoutes(face, desk, idOf)
}

function annulRoutes(face: FastifyInstance, desk: Desk, idOf: (request: FastifyRequest) => string): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const incident = await readIncident(desk.db, idOf(request))
    if (!incident) throw new NotFound('There is no such incident.')
    const ids = [
      ...new Set(incident.impacts.filter((one) => one.status !== 'operational').map((one) => one.componentId)),
    ]
    const names = await componentNames(desk.db, ids)
    const parts = ids.map((id) => ({ value: id, label: `Only ${names.get(id) ?? 'a system that was removed'}` }))
    return desk.show(request, reply, 'admin/incidents/annul', {
      title: 'Annul a false alarm',
      model: {
        incident,
        state,
        parts: [{ value: '', label: 'The whole incident' }, ...parts],
        whom: await annulmentWhom(desk, incident),
      },
      status,
    })
  }

  face.get('/incidents/:id/annul', { config: { access: operators('disclose') } }, (request, reply) =>
    form(request, reply, filled({}), 200),
  )

  face.post('/incidents/:id/annul', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { zone } = await readSite(desk.db)
        const incident = await readIncident(desk.db, idOf(request))
        const { local } = deskWords(desk.clock.now(), zone)
        // The fields know minutes only: the minute of the incident itself keeps its seconds.
        const known = incident?.impacts.flatMap(({ beganAt, endedAt }) => [beganAt, endedAt ?? beganAt]) ?? []
        const at = (name: string): Instant | undefined =>
          known.find((instant) => local(instant) === text(given, name)) ?? localInstant(given, name, zone)
        await desk.change(signedIn(request).actor, (it) =>
          annul(it, idOf(request), {
            reason: text(given, 'reason'),
            reasons: apart(given).reasons,
            component: text(given, 'component') || undefined,
            beganAt: at('beganAt'),
            endedAt: at('endedAt'),
          }),
        )
        return done(`/admin/incidents/${idOf(request)}`, 'annulled')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}
