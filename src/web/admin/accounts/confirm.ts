import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { askForPasskey, passkeysWork } from '../../../domain/accounts/factors/passkeys.ts'
import { factorsOf } from '../../../domain/accounts/factors/queries.ts'
import { provesByCode, provesByPasskey } from '../../../domain/accounts/factors/second-step.ts'
import { beginSession, isFresh, renewSession } from '../../../domain/accounts/sessions.ts'
import { isOwnPassword } from '../../../domain/accounts/sign-in.ts'
import { Invalid, Refusal } from '../../../lib/errors.ts'
import { networkBlock } from '../../../lib/network-block.ts'
import { accessOf, operators } from '../../shared/access.ts'
import { type Form, type FormState, formOf, only, refused, statusOf, text, untouched } from '../../shared/forms.ts'
import { beginningOf, letIn } from '../../shared/identity.ts'
import { type Desk, sayWhen, signedIn } from '../desk.ts'
import { localPath } from './door.ts'

/** With these, a form proves who sends it, beside what it asks for. */
const proofs = ['proof-password', 'proof-code', 'proof-passkey'] as const

/**
 * Before a route that declares `fresh`: whoever proved ten minutes ago or earlier that it is they, proves it again.
 * The page that asks carries everything that was typed, so one answer proves it and does what was asked for.
 */
export async function confirmFirst(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
): Promise<FastifyReply | undefined> {
  const access = accessOf(request)
  const { session } = request.visitor
  if (access?.to !== 'operators' || !access.fresh || !session || isFresh(session, desk.clock.now())) return undefined
  const isSafe = request.method === 'GET' || request.method === 'HEAD'
  if (isSafe) return ask(request, reply, desk, { state: untouched, fields: [], action: null })
  const form = formOf(request.body)
  const page = { fields: fieldsOf(form), action: request.url }
  if (!proofs.some((name) => name in form)) return ask(request, reply, desk, { state: untouched, ...page })
  try {
    await prove(request, reply, desk, form)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    sayWhen(reply, error)
    return ask(request, reply, desk, { state: refused({}, error), ...page }, statusOf(error))
  }
  request.body = Object.fromEntries(
    Object.entries(request.body as Form).filter(([name]) => !(proofs as readonly string[]).includes(name)),
  )
  return undefined
}

export function confirmRoutes(face: FastifyInstance, desk: Desk): void {
  // For what is only looked at or fetched: after the proof the browser goes there again.
  face.post('/confirm', { config: { access: operators('see') } }, async (request, reply) => {
    const form = formOf(request.body)
    const { next } = only(form, ['next', ...proofs])
    try {
      await prove(request, reply, desk, form)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      sayWhen(reply, error)
      const page = { state: refused({}, error), fields: [], action: null, next: localPath(next) }
      return ask(request, reply, desk, page, statusOf(error))
    }
    return reply.redirect(localPath(next), 303)
  })

  face.post('/confirm/passkey', { config: { access: operators('see') } }, async (request, reply) => {
    const { account } = signedIn(request)
    const asked = {
      purpose: 'confirm',
      secret: request.visitor.secret ?? '',
      network: networkBlock(request.ip),
    } as const
    return reply.send(await askForPasskey(desk, asked, account.id))
  })
}

/** Their factors have changed, and every session has ended: this browser goes on in a new one. */
export async function goOn(request: FastifyRequest, reply: FastifyReply, desk: Desk): Promise<void> {
  const { account } = signedIn(request)
  const { via = 'password', provedAt = null } = request.visitor.session ?? {}
  const session = await beginSession(desk, account.id, { ...beginningOf(request, via), provedAt })
  letIn(reply, desk, { session, device: null })
  request.visitor = { ...request.visitor, secret: session, isHeldBack: false }
}

async function prove(request: FastifyRequest, reply: FastifyReply, desk: Desk, form: Form): Promise<void> {
  const { account } = signedIn(request)
  const { secret, session } = request.visitor
  const [password, code, passkey] = proofs.map((name) => text(form, name)) as [string, string, string]
  if (passkey !== '') {
    const asked = { purpose: 'confirm', secret: secret ?? '' } as const
    if (!(await provesByPasskey(desk, asked, { account, answer: passkey })))
      throw new Invalid('This passkey did not prove it. Try again, or take another way.', null)
  } else if (code !== '') {
    if (!(await provesByCode(desk, account, code)))
      throw new Invalid('This is not the code that the app shows now, or it was used already.', 'proof-code')
  } else if (!(await isOwnPassword(desk, account.id, password))) {
    throw new Invalid('This is not your password.', 'proof-password')
  }
  const next = await renewSession(desk, secret ?? '')
  letIn(reply, desk, { session: next, device: null })
  request.visitor = {
    ...request.visitor,
    secret: next,
    session: session && { ...session, provedAt: desk.clock.now() },
  }
}

async function ask(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  {
    state,
    fields,
    action,
    next = localPath(request.url),
  }: { state: FormState; fields: readonly Field[]; action: string | null; next?: string },
  status = 401,
): Promise<FastifyReply> {
  void reply.header('www-authenticate', 'Form realm="desk"')
  const { appSince, passkeys } = await factorsOf(desk.db, signedIn(request).account.id)
  const model = {
    state,
    fields: action === null ? [{ name: 'next', value: next }] : fields,
    action: action ?? '/admin/confirm',
    elsewhere: desk.provider && {
      label: desk.provider.label,
      href: `/admin/single-sign-on?again=1&next=${encodeURIComponent(localPath(request.url))}`,
    },
    cameFromThere: request.visitor.session?.via === 'single-sign-on',
    hasApp: appSince !== null,
    hasPasskey: passkeys.length > 0 && passkeysWork(desk.config.url),
  }
  return desk.show(request, reply, 'admin/confirm', { title: 'Is it you?', model, status })
}

interface Field {
  readonly name: string
  readonly value: string
}

function fieldsOf(form: Form): Field[] {
  return Object.entries(form)
    .filter(([name]) => !(proofs as readonly string[]).includes(name))
    .flatMap(([name, value]) => (typeof value === 'string' ? [value] : value).map((each) => ({ name, value: each })))
}
