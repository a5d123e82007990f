import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../../../domain/accounts/account.ts'
import { arrive, connect } from '../../../domain/accounts/identities.ts'
import type { Elsewhere, Provider, ProviderFault } from '../../../domain/accounts/provider.ts'
import { enter } from '../../../domain/accounts/sign-in.ts'
import { NotFound } from '../../../lib/errors.ts'
import { everyone, operators } from '../../shared/access.ts'
import { formOf, only } from '../../shared/forms.ts'
import { beginningOf } from '../../shared/identity.ts'
import { type Desk, signedIn } from '../desk.ts'
import { done } from '../done.ts'
import { goIn, localPath } from './door.ts'
import { type NotIn, statusOfNotIn } from './sign-on-words.ts'
import { type UnderWay, endUnderWay, keepUnderWay, underWay } from './sign-on-cookie.ts'

/** Signing in with an account that people have elsewhere. */
export function singleSignOnRoutes(face: FastifyInstance, desk: Desk): void {
  // A link, not a form: the way leads to another site, where our forms may not lead.
  face.get('/single-sign-on', { config: { access: everyone } }, async (request, reply) => {
    const provider = existing(desk)
    const { next, again } = request.query as { readonly next?: unknown; readonly again?: unknown }
    const begun = await provider.begin({ isAnew: again !== undefined })
    if (begun.outcome !== 'begun') return failed(request, reply, desk, begun)
    keepUnderWay(reply, desk, {
      step: 'away',
      ...begun.errand,
      next: localPath(typeof next === 'string' ? next : '/admin'),
    })
    return reply.redirect(begun.url, 303)
  })

  face.get('/single-sign-on/return', { config: { access: everyone } }, async (request, reply) => {
    const provider = existing(desk)
    const away = underWay(request, desk, 'away')
    endUnderWay(reply, desk)
    if (!away) return notIn(request, reply, desk, { why: 'lost', email: null })
    const at = request.url.indexOf('?')
    const came = await provider.finish(at < 0 ? '' : request.url.slice(at), away)
    if (came.outcome !== 'came') return failed(request, reply, desk, came)
    return received(request, reply, desk, { who: came.who, away })
  })

  face.get(
    '/single-sign-on/connect',
    { config: { access: operators('see', { fresh: true }) } },
    async (request, reply) => {
      const back = connectable(request, desk)
      if (!back) return reply.redirect('/admin', 303)
      const model = { label: existing(desk).label, email: back.email }
      return desk.show(request, reply, 'admin/sign-on/connect', { title: 'Is this you as well?', model })
    },
  )

  face.post(
    '/single-sign-on/connect',
    { config: { access: operators('see', { fresh: true }) } },
    async (request, reply) => {
      only(formOf(request.body), [])
      const { label } = existing(desk)
      const back = connectable(request, desk)
      endUnderWay(reply, desk)
      if (!back) return notIn(request, reply, desk, { why: 'lost', email: null })
      const { account, actor } = signedIn(request)
      await desk.change(actor, (it) => connect(it, account, { ...back, label }))
      return reply.redirect(done('/admin', 'connected'), 303)
    },
  )
}

async function received(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { who, away }: { readonly who: Elsewhere; readonly away: UnderWay<'away'> },
): Promise<FastifyReply> {
  const arrival = await arrive(desk, who, request.ip)
  switch (arrival.outcome) {
    case 'in':
      return goIn(reply, desk, await enteredAs(request, desk, arrival.account, who), { next: away.next, kept: '' })
    case 'confirm': {
      const { account } = arrival
      keepUnderWay(reply, desk, {
        step: 'back',
        accountId: account.id,
        email: account.email,
        issuer: who.issuer,
        subject: who.subject,
      })
      return notIn(request, reply, desk, { why: 'confirm', email: account.email })
    }
    case 'refused':
      return notIn(request, reply, desk, { why: arrival.why, email: who.email })
  }
}

/** As fresh as what they proved at the provider, who may know them since this morning. */
function enteredAs(
  request: FastifyRequest,
  desk: Desk,
  account: Account,
  { provedAt }: Elsewhere,
): ReturnType<typeof enter> {
  return enter(desk, account, { ...beginningOf(request, 'single-sign-on'), provedAt })
}

/** What they brought back with them, if it belongs to the account that is signed in. */
function connectable(request: FastifyRequest, desk: Desk): UnderWay<'back'> | null {
  const back = underWay(request, desk, 'back')
  return back?.accountId === signedIn(request).account.id ? back : null
}

function failed(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { outcome, reason }: ProviderFault,
): Promise<FastifyReply> {
  desk.log.warn({ reason }, `Somebody could not sign in with ${existing(desk).label}.`)
  return notIn(request, reply, desk, { why: outcome, email: null })
}

function notIn(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { why, email }: { readonly why: NotIn; readonly email: string | null },
): Promise<FastifyReply> {
  const { label } = existing(desk)
  return desk.show(request, reply, 'admin/sign-on/not-in', {
    title: why === 'confirm' ? 'Is this you as well?' : 'You are not signed in',
    model: { why, email, label },
    status: statusOfNotIn[why],
  })
}

function existing({ provider }: Desk): Provider {
  if (!provider) throw new NotFound('There is no single sign-on here.')
  return provider
}
