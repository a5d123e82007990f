import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../../domain/accounts/account.ts'
import { hasOwner } from '../../domain/accounts/queries.ts'
import { endSession } from '../../domain/accounts/sessions.ts'
import { signIn } from '../../domain/accounts/sign-in.ts'
import { keepScratch } from '../../domain/scratches/commands.ts'
import { Invalid } from '../../lib/errors.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { everyone, operators } from '../shared/access.ts'
import { isFromHere } from '../shared/csrf.ts'
import { type Form, type FormState, filled, formOf, only, untouched } from '../shared/forms.ts'
import { letIn, showOut } from '../shared/identity.ts'
import { type Desk, submit } from './desk.ts'
import { kept, pageOf, subjectIn } from './writing.ts'

/** The door: who knocks without a session meets this page at the address they asked for. */
export async function signInPage(request: FastifyRequest, reply: FastifyReply, desk: Desk): Promise<FastifyReply> {
  void reply.header('www-authenticate', 'Form realm="desk"')
  const form = formOf(request.body)
  const subject = isFromHere(request, desk.config.url) ? subjectIn(form) : null
  const state = subject === null ? untouched : filled({ kept: JSON.stringify({ ...form, scratch: subject }) })
  return show(request, reply, desk, { state, next: subject === null ? nextOf(request) : pageOf(subject), status: 401 })
}

export function signInRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/sign-in', { config: { access: everyone } }, async (request, reply) => {
    if (request.visitor.account) return reply.redirect('/admin', 303)
    return show(request, reply, desk, { state: untouched, next: '/admin', status: 200 })
  })

  face.post('/sign-in', { config: { access: everyone } }, async (request, reply) => {
    let next = '/admin'
    return submit(
      request,
      reply,
      async (form) => {
        const given = only(form, ['email', 'password', 'next', 'kept'])
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
        return (await keepWords(desk, opened.account, given.kept)) ?? next
      },
      (state, status) => show(request, reply, desk, { state, next, status }),
    )
  })

  face.post('/sign-out', { config: { access: operators('see') } }, async (request, reply) => {
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

/** Keeps what was typed when the session had ended, and answers where one goes on with it. */
async function keepWords(desk: Desk, { id, name }: Account, words: string): Promise<string | null> {
  const form = words === '' ? null : formIn(words)
  const subject = form && subjectIn(form)
  if (!form || subject === null) return null
  await desk.change({ kind: 'operator', id, name }, (it) =>
    keepScratch(it, { subject, accountId: id, form: kept(form), version: null }),
  )
  return pageOf(subject)
}

/** What stood in a hidden field of the page before; null: not what we put there. */
function formIn(json: string): Form | null {
  try {
    const given: unknown = JSON.parse(json)
    const isText = (value: unknown): boolean => typeof value === 'string'
    const isForm = (value: object): value is Form =>
      Object.values(value).every((each) => isText(each) || (Array.isArray(each) && each.every(isText)))
    return typeof given === 'object' && given !== null && isForm(given) ? given : null
  } catch {
    return null
  }
}

/** Where they wanted to go: only what can be asked for, and only here. */
function nextOf(request: FastifyRequest): string {
  return request.method === 'GET' ? localPath(request.url) : '/admin'
}

function localPath(path: string): string {
  return /^\/admin(\/[\w/-]*)?(\?[\w=&%.-]*)?$/.test(path) ? path : '/admin'
}
