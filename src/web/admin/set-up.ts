import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { comeInFirst } from '../../domain/accounts/comings.ts'
import { type SecretVerdict, createFirstOwner, judgeSecret, setUpLink } from '../../domain/accounts/first-run.ts'
import { setUpSite } from '../../domain/site/commands.ts'
import { readSite } from '../../domain/site/queries.ts'
import { holders, operators } from '../shared/access.ts'
import { type FormState, formOf, only, text, untouched } from '../shared/forms.ts'
import { beginningOf, letIn } from '../shared/identity.ts'
import { localeOptions, zoneOptions } from './choices.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'
import { watch, watched } from './probes/watch.ts'

/** The first run: the owner, the site, what to watch, and the page measures itself. */
export function setUpRoutes(face: FastifyInstance, desk: Desk): void {
  ownerStep(face, desk)
  siteStep(face, desk)
  watchStep(face, desk)

  face.get('/done', { config: { access: operators('configure') } }, async (request, reply) => {
    const systems = await watched(desk.db)
    const isWaiting = systems.some(({ checkedAt }) => checkedAt === null)
    return desk.show(request, reply, 'admin/set-up/done', { title: 'Your page is up', model: { systems, isWaiting } })
  })
}

function ownerStep(face: FastifyInstance, desk: Desk): void {
  const form = (request: FastifyRequest, reply: FastifyReply, secret: string, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/set-up/owner', { title: 'Set up your page', model: { state, secret }, status })

  face.get('/', { config: { access: holders('set-up link') } }, async (request, reply) => {
    const { secret } = request.query as { readonly secret?: unknown }
    if (typeof secret !== 'string' || secret === '') {
      if (request.visitor.account) return reply.redirect('/setup/site', 303)
      return closed(request, reply, desk, (await judgeSecret(desk, '')) === 'used' ? 'used' : 'missing')
    }
    const verdict = await judgeSecret(desk, secret)
    if (verdict === 'used' && request.visitor.account) return reply.redirect('/setup/site', 303)
    return verdict === 'right' ? form(request, reply, secret, untouched, 200) : closed(request, reply, desk, verdict)
  })

  face.post('/', { config: { access: holders('set-up link') } }, async (request, reply) => {
    const secret = text(formOf(request.body), 'secret')
    const verdict = await judgeSecret(desk, secret)
    if (verdict !== 'right') return closed(request, reply, desk, verdict)
    return submit(
      request,
      reply,
      async (given) => {
        const { name, email, password } = only(given, ['secret', 'name', 'email', 'password'])
        const site = (await readSite(desk.db)).name
        const owner = await createFirstOwner({ ...desk, site }, { name, email }, password)
        const session = await comeInFirst(desk, owner, beginningOf(request, 'set-up'))
        letIn(reply, desk, { session, device: null })
        return '/setup/site'
      },
      (state, status) => form(request, reply, secret, state, status),
    )
  })
}

type Closed = Exclude<SecretVerdict, 'right'> | 'missing'
const statusOfClosed: Record<Closed, number> = { missing: 200, wrong: 403, expired: 410, used: 410 }

async function closed(request: FastifyRequest, reply: FastifyReply, desk: Desk, why: Closed): Promise<FastifyReply> {
  if (why === 'expired') {
    // Whoever holds a link that was once right is told where the next one stands, not the link itself.
    const link = await setUpLink(desk)
    if (link !== null) desk.log.warn({ link }, 'The set-up link had expired. This is a new one.')
  }
  const title = why === 'used' ? 'This page is set up' : 'Set up your page'
  return desk.show(request, reply, 'admin/set-up/closed', { title, model: { why }, status: statusOfClosed[why] })
}

function siteStep(face: FastifyInstance, desk: Desk): void {
  const form = (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/set-up/site', {
      title: 'Your page',
      model: { state, zones: zoneOptions(), locales: localeOptions() },
      status,
    })

  face.get('/site', { config: { access: operators('configure') } }, async (request, reply) => {
    const { setUpAt } = await readSite(desk.db)
    return setUpAt ? reply.redirect('/admin', 303) : form(request, reply, untouched, 200)
  })

  face.post('/site', { config: { access: operators('configure') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { actor } = signedIn(request)
        await desk.change(actor, (it) => setUpSite(it, only(given, ['name', 'zone', 'locale'])))
        return '/setup/watch'
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

function watchStep(face: FastifyInstance, desk: Desk): void {
  const form = (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/set-up/watch', { title: 'What to watch', model: { state }, status })

  face.get('/watch', { config: { access: operators('probe') } }, (request, reply) =>
    form(request, reply, untouched, 200),
  )

  face.post('/watch', { config: { access: operators('probe') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { actor } = signedIn(request)
        const { urls } = only(given, ['urls'])
        const count = await desk.change(actor, (it) => watch(it, urls))
        return count === 0 ? done('/admin', 'set-up') : '/setup/done'
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}
