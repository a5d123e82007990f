import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../../database/database.ts'
import type { Change } from '../../../domain/changes/change.ts'
import type { Impact } from '../../../domain/components/component.ts'
import { componentNames, listComponents } from '../../../domain/components/queries.ts'
import type { Incident } from '../../../domain/incidents/incident.ts'
import { readIncident } from '../../../domain/incidents/queries.ts'
import { addImpact, correctImpact, removeImpact } from '../../../domain/revisions/impacts.ts'
import type { Facts, Revision } from '../../../domain/revisions/revision.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { type Instant, secondsBetween } from '../../../lib/clock.ts'
import { NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, only, text } from '../../shared/forms.ts'
import { mustBeAsSeen, seenAs } from '../as-seen.ts'
import { localInstant } from '../composer.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { apart } from '../translations.ts'
import { type DeskWords, deskWords } from '../words.ts'

const harms = ['degraded_performance', 'partial_outage', 'major_outage'] as const

/** What the systems of an incident suffered from when to when: listed, corrected, added and taken back. */
export function impactRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/incidents/:id/impacts', { config: { access: operators('see') } }, async (request, reply) => {
    const incident = await existing(desk.db, request)
    const words = await wordsOf(desk)
    const named = await namesIn(desk, incident)
    const impacts = harmsOf(incident).map((impact) => ({
      ...impact,
      name: named(impact.componentId),
      duration: impact.endedAt && words.duration(secondsBetween(impact.beganAt, impact.endedAt)),
    }))
    const corrections = incident.revisions
      .filter(({ of }) => of === 'impact')
      .map((revision) => ({ ...revision, what: whatChanged(revision, words, named) }))
    return desk.show(request, reply, 'admin/incidents/impacts', {
      title: 'What was affected, and when',
      model: { incident, impacts, corrections },
    })
  })

  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState | null, status: number) => {
    const incident = await existing(desk.db, request)
    const impact = impactOf(incident, request)
    const words = await wordsOf(desk)
    const named = await namesIn(desk, incident)
    const components = impact ? [] : await listComponents(desk.db)
    return desk.show(request, reply, 'admin/incidents/impact', {
      title: 'Correct an interval',
      model: {
        incident,
        impact,
        name: impact ? named(impact.componentId) : '',
        state: state ?? filled(impact ? valuesOf(impact, words) : beginningOf(incident, words)),
        seen: impact ? seenAs(factsOf(impact)) : '',
        components: components.map(({ id, name }) => ({ value: id, label: name })),
        statuses: harms.map((status) => ({ value: status, label: words.status(status) })),
      },
      status,
    })
  }

  for (const path of ['/incidents/:id/impacts/new', '/incidents/:id/impacts/:impact'])
    face.get(path, { config: { access: operators('disclose') } }, (request, reply) => form(request, reply, null, 200))

  const doing = (path: string, deed: (request: FastifyRequest, given: Form) => Promise<void>): void => {
    face.post(path, { config: { access: operators('disclose') } }, (request, reply) =>
      submit(
        request,
        reply,
        async (given) => {
          await deed(request, given)
          return done(`/admin/incidents/${idOf(request).id}/impacts`, 'corrected')
        },
        (state, status) => form(request, reply, state, status),
      ),
    )
  }

  doing('/incidents/:id/impacts', async (request, given) => {
    const incident = await existing(desk.db, request)
    const { rest, reasons } = apart(given)
    const { component, status, reason } = only(rest, ['component', 'status', 'beganAt', 'endedAt', 'reason'])
    const { beganAt = '', endedAt } = await timesOf(desk, given, incident, null)
    await desk.change(signedIn(request).actor, (it) =>
      addImpact(it, incident.id, { component, status, beganAt, endedAt, reason, reasons }),
    )
  })

  doing('/incidents/:id/impacts/:impact', async (request, given) => {
    const incident = await existing(desk.db, request)
    const impact = impactOf(incident, request)
    const { rest, reasons } = apart(given)
    const { status, reason } = only(rest, ['status', 'beganAt', 'endedAt', 'reason', 'seen'])
    const { beganAt, endedAt = null } = await timesOf(desk, given, incident, impact)
    await desk.change(signedIn(request).actor, async (it) => {
      const { id } = await asSeen(it, request, given)
      await correctImpact(it, id, { status, beganAt, endedAt, reason, reasons })
    })
  })

  doing('/incidents/:id/impacts/:impact/remove', async (request, given) => {
    await desk.change(signedIn(request).actor, async (it) => {
      const { id } = await asSeen(it, request, given)
      await removeImpact(it, id, { reason: text(given, 'reason'), reasons: apart(given).reasons })
    })
  })
}

function idOf(request: FastifyRequest): { readonly id: string; readonly impact?: string } {
  return request.params as { id: string; impact?: string }
}

async function existing(db: Db, request: FastifyRequest): Promise<Incident> {
  const incident = await readIncident(db, idOf(request).id)
  if (!incident) throw new NotFound('There is no such incident.')
  return incident
}

/** Null: a new one. */
function impactOf(incident: Incident, request: FastifyRequest): Impact | null {
  const { impact: id } = idOf(request)
  if (id === undefined) return null
  const impact = harmsOf(incident).find((one) => one.id === id)
  if (!impact) throw new NotFound('There is no such interval of this incident: somebody may have taken it back.')
  return impact
}

/** The one to correct, as the form was opened with it. */
async function asSeen(change: Change, request: FastifyRequest, given: Form): Promise<Impact> {
  const impact = impactOf(await existing(change.tx, request), request)
  if (!impact) throw new NotFound('There is no such interval of this incident.')
  mustBeAsSeen(given, factsOf(impact))
  return impact
}

function factsOf({ status, beganAt, endedAt }: Impact): (string | null)[] {
  return [status, beganAt, endedAt]
}

function harmsOf({ impacts }: Incident): Impact[] {
  return impacts.filter(({ status }) => status !== 'operational')
}

async function wordsOf(desk: Desk): Promise<DeskWords> {
  return deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
}

async function namesIn(desk: Desk, { impacts, revisions }: Incident): Promise<(id: string) => string> {
  const revised = revisions.flatMap(({ before, after }) => [before, after].map((facts) => facts?.['component']))
  const ids = [...impacts.map(({ componentId }) => componentId), ...revised].filter((id) => typeof id === 'string')
  const names = await componentNames(desk.db, [...new Set(ids)])
  return (id) => names.get(id) ?? 'A system that was removed'
}

function valuesOf({ status, beganAt, endedAt }: Impact, { local }: DeskWords): Form {
  return { status, beganAt: local(beganAt), endedAt: endedAt === null ? '' : local(endedAt) }
}

function beginningOf({ beganAt, overAt }: Incident, { local }: DeskWords): Form {
  return { beganAt: local(beganAt), endedAt: overAt === null ? '' : local(overAt) }
}

/** The fields know minutes only: what was not touched, or names the minute of the incident itself, keeps its seconds. */
async function timesOf(
  desk: Desk,
  given: Form,
  incident: Incident,
  impact: Impact | null,
): Promise<{ beganAt: Instant | undefined; endedAt: Instant | undefined }> {
  const { zone } = await readSite(desk.db)
  const { local } = deskWords(desk.clock.now(), zone)
  const read = (name: string, known: readonly (Instant | null | undefined)[]): Instant | undefined => {
    const same = known.find((instant) => instant && local(instant) === text(given, name))
    return same ?? localInstant(given, name, zone)
  }
  return {
    beganAt: read('beganAt', [impact?.beganAt, incident.beganAt]),
    endedAt: read('endedAt', [impact?.endedAt, incident.overAt]),
  }
}

function whatChanged({ before, after }: Revision, words: DeskWords, named: (id: string) => string): string {
  const interval = (facts: Facts): string => {
    const end = facts['endedAt'] as Instant | null
    const until = end === null ? 'now' : words.time(end)
    return `${words.status(String(facts['status']))}, ${words.time(facts['beganAt'] as Instant)} – ${until}`
  }
  const name = named(String((after ?? before)?.['component']))
  if (before && after) return `${name}: ${interval(before)} became ${interval(after)}.`
  return after ? `${name}: added ${interval(after)}.` : `${name}: took back ${before ? interval(before) : ''}.`
}
