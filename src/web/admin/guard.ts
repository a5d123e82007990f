import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may, whoMay } from '../../domain/accounts/account.ts'
import { eachTurn } from '../../lib/each-turn.ts'
import { Forbidden } from '../../lib/errors.ts'
import { accessOf } from '../shared/access.ts'
import { assertOwnForm, isFromHere } from '../shared/csrf.ts'
import { formOf } from '../shared/forms.ts'
import { identify, nobody } from '../shared/identity.ts'
import { deskHeaders, transportHeaders } from '../shared/page-headers.ts'
import { confirmFirst } from './accounts/confirm.ts'
import type { Desk } from './desk.ts'
import { done } from './done.ts'
import { holdsBack } from './held-back.ts'
import { keepForm } from './scratches.ts'
import { signInPage } from './accounts/sign-in.ts'
import { pageOf, subjectIn } from './writing.ts'

const strict = { ...deskHeaders, 'cache-control': 'no-store' }

/**
 * Nothing at the desk is open by accident: whoever is not allowed what a route declares gets no further than here.
 * Forms are accepted from our own pages only.
 */
export function guard(face: FastifyInstance, desk: Desk): void {
  const headers = { ...strict, ...transportHeaders(desk.config.url) }

  // Only what a form sends: no JSON, no plain text, which other sites may send without asking.
  face.removeContentTypeParser(['application/json', 'text/plain'])

  // Readers come in between, however many knock here.
  const turn = eachTurn()
  face.addHook('onRequest', async (request, reply) => {
    await turn()
    void reply.headers(headers)
    request.visitor = nobody
    request.actor = null
    await identify(request, desk)
    return admit(request, reply, desk)
  })

  face.addHook('preHandler', async (request, reply) => {
    if (isSafe(request) || request.is404) return undefined
    await turn()
    if (!request.visitor.account && isForPeople(request)) {
      return signInPage(request, reply, desk)
    }
    try {
      assertOwnForm(request, { url: desk.config.url, key: desk.key })
    } catch (error) {
      return rescue(request, reply, desk, error)
    }
    return confirmFirst(request, reply, desk)
  })
}

/** Words in a form that is older than the session are kept, and stand in a new form. */
async function rescue(request: FastifyRequest, reply: FastifyReply, desk: Desk, error: unknown): Promise<FastifyReply> {
  const form = formOf(request.body)
  const subject = subjectIn(form)
  const isByScript = request.headers.accept === 'application/json'
  if (!request.visitor.account || subject === null || isByScript || !isFromHere(request, desk.config.url)) throw error
  await keepForm(desk, request, form, null)
  return reply.redirect(done(pageOf(subject), 'rescued'), 303)
}

async function admit(request: FastifyRequest, reply: FastifyReply, desk: Desk): Promise<FastifyReply | undefined> {
  if (!isForPeople(request)) return undefined
  const { account } = request.visitor
  // A form is read first, so that what was typed is not lost.
  if (!account) return isForm(request) ? undefined : signInPage(request, reply, desk)
  const access = accessOf(request)
  if (access?.to !== 'operators' || !may(account.role, access.deed)) {
    throw new Forbidden(
      access?.to === 'operators'
        ? `This is for ${whoMay(access.deed)}. You are signed in as ${account.role}: ask one of them to do it.`
        : 'This is for programs with a token, not for the desk.',
    )
  }
  if (await holdsBack(request, desk)) return reply.redirect('/admin/me/security', 303)
  return isSafe(request) ? confirmFirst(request, reply, desk) : undefined
}

/** Everybody else is asked by the route itself: for the secret of a link, or for nothing. */
function isForPeople(request: FastifyRequest): boolean {
  const to = accessOf(request)?.to
  return to !== undefined && to !== 'everyone' && to !== 'holders'
}

function isForm({ method, headers }: FastifyRequest): boolean {
  return method === 'POST' && (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
}

function isSafe({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
