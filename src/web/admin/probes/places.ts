import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addPlace, choosePlaces, renamePlace, revokePlace } from '../../../domain/places/commands.ts'
import { type Place, here, isCheckedFrom, silentSeconds, wrongClockMs } from '../../../domain/places/place.ts'
import { checksPerMinute, listPlaces } from '../../../domain/places/queries.ts'
import { distrustPlace, keptFrom, trustPlace } from '../../../domain/places/trusting.ts'
import type { Probe } from '../../../domain/probes/probe.ts'
import { readProbe } from '../../../domain/probes/queries.ts'
import { namesOfSecrets } from '../../../domain/probes/secrets.ts'
import { statesOf } from '../../../domain/probes/verdicts/states.ts'
import { settled } from '../../../domain/probes/verdicts/verdict.ts'
import { type Instant, secondsBetween } from '../../../lib/clock.ts'
import { NotFound, Refusal } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, formOf, only, refused, statusOf, texts, untouched } from '../../shared/forms.ts'
import { type Desk, signedIn } from '../desk.ts'
import { done } from '../done.ts'
import { findingInWords } from './evidence.ts'
import type { PlaceRow, PlacesOfProbe } from './place-models.ts'
import { leadToOnce, shownOnce } from '../shown-once.ts'

const list = '/admin/probes/places'

/** Where checks are made from: this machine, and every other that runs the agent. */
export function placeRoutes(face: FastifyInstance, desk: Desk): void {
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { state = untouched, status = 200, command = null }: Partial<Shown> = {},
  ) =>
    desk.show(request, reply, 'admin/probes/places', {
      title: 'Places',
      model: { places: await rowsOf(desk), state, command },
      status,
    })

  face.get('/probes/places', { config: { access: operators('probe') } }, (request, reply) =>
    show(request, reply, { command: shownOnce<string>(request, reply, desk, list) }),
  )

  face.post('/probes/places', { config: { access: operators('probe', { fresh: true }) } }, async (request, reply) => {
    const form = formOf(request.body)
    try {
      const { token } = await desk.change(signedIn(request).actor, (it) => addPlace(it, only(form, ['name'])))
      const command = `npx candor probe-agent --server ${desk.config.url} --token ${token}`
      return await leadToOnce(request, reply, desk, { page: list, what: command })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return show(request, reply, { state: refused(form, error), status: statusOf(error) })
    }
  })

  face.post('/probes/places/:number/rename', { config: { access: operators('probe') } }, async (request, reply) => {
    const wish = only(formOf(request.body), ['name'])
    await desk.change(signedIn(request).actor, (it) => renamePlace(it, numberIn(request), wish))
    return reply.redirect(done(list, 'changed'), 303)
  })

  face.post(
    '/probes/places/:number/trust',
    { config: { access: operators('probe', { fresh: true }) } },
    async (request, reply) => {
      only(formOf(request.body), [])
      await desk.change(signedIn(request).actor, (it) => trustPlace(it, numberIn(request)))
      return reply.redirect(done(list, 'trusted'), 303)
    },
  )

  face.post('/probes/places/:number/distrust', { config: { access: operators('probe') } }, async (request, reply) => {
    only(formOf(request.body), [])
    await desk.change(signedIn(request).actor, (it) => distrustPlace(it, numberIn(request)))
    return reply.redirect(done(list, 'changed'), 303)
  })

  face.post('/probes/places/:number/revoke', { config: { access: operators('probe') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, (it) => revokePlace(it, numberIn(request)))
    return reply.redirect(done(list, 'revoked'), 303)
  })

  face.post('/probes/:id/places', { config: { access: operators('probe') } }, async (request, reply) => {
    const { id } = request.params as { id: string }
    const probe = await readProbe(desk.db, id)
    const chosen = texts(formOf(request.body), 'places').map(numberOf)
    const all = (await listPlaces(desk.db)).every(({ number }) => chosen.includes(number))
    await desk.change(signedIn(request).actor, (it) => choosePlaces(it, probe.id, all ? null : chosen))
    return reply.redirect(done(`/admin/probes/${probe.id}`, 'changed'), 303)
  })
}

interface Shown {
  readonly state: FormState
  readonly status: number
  readonly command: string | null
}

async function rowsOf({ db, clock, prober }: Desk): Promise<PlaceRow[]> {
  const now = clock.now()
  const counts = await checksPerMinute(db, now)
  const places = await listPlaces(db)
  const kept = await Promise.all(places.map(async ({ number }) => (await keptFrom(db, number)).size))
  return places.map((place, at) => ({
    place,
    kept: kept[at] ?? 0,
    state: stateOf(place, now, prober() !== null),
    clock: place.clockMs === null ? null : clockInWords(place.clockMs),
    checks: counts.get(place.number) ?? 0,
  }))
}

function stateOf({ number, heardAt }: Place, now: Instant, isProbing: boolean): PlaceRow['state'] {
  if (number === here) return isProbing ? 'at work' : 'silent'
  if (heardAt === null) return 'never heard'
  return secondsBetween(heardAt, now) <= silentSeconds ? 'at work' : 'silent'
}

function clockInWords(ms: number): string | null {
  if (Math.abs(ms) <= wrongClockMs) return null
  const seconds = Math.round(Math.abs(ms) / 1000)
  const far = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`
  return `its clock is ${far} ${ms > 0 ? 'ahead' : 'behind'}; its checks are dated by ours`
}

/** What each place finds of a probe; null where there is only this one, and of what calls us by itself. */
export async function placesOfProbe({ db }: Desk, probe: Probe): Promise<PlacesOfProbe | null> {
  const places = await listPlaces(db)
  if (places.length === 1 || probe.kind === 'heartbeat') return null
  const states = new Map((await statesOf(db, probe.id)).map((state) => [state.place, state]))
  const hasSecrets = (await namesOfSecrets(db, probe.id)).length > 0
  return places.map(({ number, name, trustedAt }) => {
    const state = states.get(number)
    const isChosen = isCheckedFrom({ ...probe, pausedAt: null }, number)
    const isKeptFrom = trustedAt === null && hasSecrets
    const finding = state?.last ? findingInWords(state.last) : null
    return {
      number,
      name,
      isChosen,
      isKeptFrom,
      state: state && isChosen && !isKeptFrom ? settled(state) : 'unknown',
      finding,
      last: state?.last ?? null,
    }
  })
}

function numberIn(request: FastifyRequest): number {
  return numberOf((request.params as { number: string }).number)
}

function numberOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new NotFound('There is no such place.')
  return Number(text)
}
