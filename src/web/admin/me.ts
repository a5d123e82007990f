import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeDetails, changePassword } from '../../domain/accounts/commands.ts'
import { assertPassword } from '../../domain/accounts/password-rules.ts'
import { beginSession } from '../../domain/accounts/sessions.ts'
import { isOwnPassword } from '../../domain/accounts/sign-in.ts'
import { readSite } from '../../domain/site/queries.ts'
import { Invalid } from '../../lib/errors.ts'
import { operators } from '../shared/access.ts'
import { type FormState, filled, only } from '../shared/forms.ts'
import { letIn } from '../shared/identity.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'

/** One's own account: the name that stands beside one's words, the address and the password that let one in. */
export function meRoutes(face: FastifyInstance, desk: Desk): void {
  const show = (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/me', { title: 'Your account', model: { state }, status })

  const valuesOf = (request: FastifyRequest) => {
    const { name, email } = signedIn(request).account
    return { name, email }
  }

  face.get('/me', { config: { access: operators('see') } }, (request, reply) =>
    show(request, reply, filled(valuesOf(request)), 200),
  )

  face.post('/me', { config: { access: operators('see') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { account, actor } = signedIn(request)
        const { name, email, password } = only(given, ['name', 'email', 'password'])
        // Whoever finds an open browser cannot move the account to an address of their own.
        if (email.trim().toLowerCase() !== account.email) await mustBeOwn(desk, account.id, password, 'password')
        await desk.change(actor, (it) => changeDetails(it, account.id, { name, email }))
        return done('/admin/me', 'changed')
      },
      (state, status) => show(request, reply, state, status),
    ),
  )

  face.post('/me/password', { config: { access: operators('see') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { account, actor } = signedIn(request)
        const { current, next } = only(given, ['current', 'next'])
        await mustBeOwn(desk, account.id, current, 'current')
        assertPassword(next, { email: account.email, name: account.name, site: (await readSite(desk.db)).name }, 'next')
        const passwordHash = await desk.passwords.hash(next)
        await desk.change(actor, (it) => changePassword(it, account.id, passwordHash))
        // All sessions have ended, this one too; whoever changed it goes on in a new one.
        letIn(reply, desk.cookies, { session: await beginSession(desk.db, desk, account.id), device: null })
        return done('/admin/me', 'password')
      },
      (state, status) => show(request, reply, { values: valuesOf(request), fault: state.fault }, status),
    ),
  )
}

async function mustBeOwn(desk: Desk, id: string, password: string, field: string): Promise<void> {
  if (!(await isOwnPassword(desk, id, password))) throw new Invalid('This is not your password.', field)
}
