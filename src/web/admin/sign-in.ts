import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasOwner } from '../../domain/accounts/queries.ts'
import { endSession } from '../../domain/accounts/sessions.ts'
import { signIn } from '../../domain/accounts/sign-in.ts'
import { Invalid } from '../../lib/errors.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { type FormState, only, untouched } from '../shared/forms.ts'
import { letIn, showOut } from '../shared/identity.ts'
import { type Desk, submit } from './desk.ts'

/** The door: who knocks without a session meets this page at the address they asked for. */
export async function signInPage(request: FastifyRequest, reply: FastifyReply, desk: Desk): Promise<FastifyReply> {
  void reply.header('www-authenticate', 'Form realm="desk"')
  return show(request, reply, desk, { state: untouched, next: nextOf(request), status: 401 })
}

export function signInRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/sign-in', { config: { deed: 'anyone' } }, async (request, reply) => {
    if (request.visitor.account) return reply.redirect('/admin', 303)
    return show(request, reply, desk, { state: untouched, next: '/admin', status: 200 })
  })

  face.post('/sign-in', { config: { deed: 'anyone' } }, async (request, reply) => {
    let next = '/admin'
    return submit(
      request,
      reply,
      async (form) => {
        const given = only(form, ['email', 'password', 'next'])
        next = localPath(given.next)
        const opened = await signIn(desk, {
          email: given.email.slice(0, 254),
          password: given.password,
          network: networkBlock(request.ip),
          device: request.cookies[desk.cookies.device] ?? null,
        })
        // The same words whether the person is unknown, disabled, or the password wrong.
        if (!opened) throw new Invalid('This address and this password do not belong together.', 'password')
        letIn(reply, desk.cookies, opened)
        return next
      },
      (state, status) => show(request, reply, desk, { state, next, status }),
    )
  })

  face.post('/sign-out', { config: { deed: 'see' } }, async (request, reply) => {
    if (request.visitor.secret) await endSession(desk.db, request.visitor.secret)
    showOut(reply, desk.cookies)
    void reply.header('clear-site-data', '"cache", "storage"')
    return reply.redirect('/admin/sign-in', 303)
  })
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { state, next, status }: { state: FormState; next: string; status: number },
): Promise<FastifyReply> {
  const isNew = !(await hasOwner(desk.db))
  return desk.show(request, reply, 'admin/sign-in', { title: 'Sign in', model: { state, next, isNew }, status })
}

/** Where they wanted to go: only what can be asked for, and only here. */
function nextOf(request: FastifyRequest): string {
  return request.method === 'GET' ? localPath(request.url) : '/admin'
}

function localPath(path: string): string {
  return /^\/admin(\/[\w/-]*)?(\?[\w=&%.-]*)?$/.test(path) ? path : '/admin'
}
