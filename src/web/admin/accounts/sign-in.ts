import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { goOut } from '../../../domain/accounts/comings.ts'
import { halfSignedIn } from '../../../domain/accounts/factors/half-sign-in.ts'
import { signIn } from '../../../domain/accounts/sign-in.ts'
import { Invalid } from '../../../lib/errors.ts'
import { networkBlock } from '../../../lib/network-block.ts'
import { everyone, operators } from '../../shared/access.ts'
import { isFromHere } from '../../shared/csrf.ts'
import { filled, formOf, only, untouched } from '../../shared/forms.ts'
import { beginningOf, letHalfIn, showOut } from '../../shared/identity.ts'
import { type Desk, attempt, signedIn } from '../desk.ts'
import { type Going, goIn, localPath, showDoor } from './door.ts'
import { underWay } from './sign-on-cookie.ts'
import { secondStepPage } from './second-step.ts'
import { pageOf, subjectIn } from '../writing.ts'

/** The door: who knocks without a session meets this page at the address they asked for. */
export async function signInPage(request: FastifyRequest, reply: FastifyReply, desk: Desk): Promise<FastifyReply> {
  void reply.header('www-authenticate', 'Form realm="desk"')
  const form = formOf(request.body)
  const subject = isFromHere(request, desk.config.url) ? subjectIn(form) : null
  const state = subject === null ? untouched : filled({ kept: JSON.stringify({ ...form, scratch: subject }) })
  return showDoor(request, reply, desk, {
    state,
    next: subject === null ? nextOf(request) : pageOf(subject),
    status: 401,
  })
}

export function signInRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/sign-in', { config: { access: everyone } }, async (request, reply) => {
    if (request.visitor.account) return reply.redirect('/admin', 303)
    const account = await halfSignedIn(desk, request.visitor.secret)
    if (account) return secondStepPage(request, reply, desk, { account, going: { next: '/admin', kept: '' } })
    return showDoor(request, reply, desk, { state: untouched, next: '/admin', status: 200 })
  })

  face.post('/sign-in', { config: { access: everyone } }, (request, reply) => {
    let going: Going = { next: '/admin', kept: '' }
    return attempt(
      request,
      reply,
      async (form) => {
        const given = only(form, ['email', 'password', 'next', 'kept'])
        going = { next: localPath(given.next), kept: given.kept }
        const opened = await signIn(desk, {
          email: given.email.slice(0, 254),
          password: given.password,
          network: networkBlock(request.ip),
          device: request.cookies[desk.cookies.device] ?? null,
          beginning: beginningOf(request, 'password'),
          connecting: underWay(request, desk, 'back')?.accountId ?? null,
        })
        // The same words whether the person is unknown, disabled, or the password wrong.
        if (!opened) throw new Invalid('This address and this password do not belong together.', 'password')
        if (opened.step === 'last') return goIn(reply, desk, opened, going)
        letHalfIn(request, reply, desk, opened.secret)
        return secondStepPage(request, reply, desk, { account: opened.account, going })
      },
      (state, status) => showDoor(request, reply, desk, { state, next: going.next, status }),
    )
  })

  face.post('/sign-out', { config: { access: operators('see') } }, async (request, reply) => {
    const { secret } = request.visitor
    if (secret) await goOut(desk, { ...signedIn(request), secret })
    showOut(reply, desk.cookies)
    void reply.header('clear-site-data', '"cache", "storage"')
    return reply.redirect('/admin/sign-in', 303)
  })
}

/** Where they wanted to go: only what can be asked for, and only here. */
function nextOf(request: FastifyRequest): string {
  return request.method === 'GET' ? localPath(request.url) : '/admin'
}
