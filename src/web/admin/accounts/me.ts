import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeDetails, changePassword } from '../../../domain/accounts/commands.ts'
import { assertPassword } from '../../../domain/accounts/password-rules.ts'
import { isOwnPassword } from '../../../domain/accounts/sign-in.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { Invalid } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, filled, only } from '../../shared/forms.ts'
import { goOn } from './confirm.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'

/** One's own account: the name that stands beside one's words, the address and the password that let one in. */
export function meRoutes(face: FastifyInstance, desk: Desk): void {
  const valuesOf = (request: FastifyRequest) => {
    const { name, email } = signedIn(request).account
    return { name, email }
  }

  const show = (request: FastifyRequest, reply: FastifyReply, { values, fault }: FormState, status: number) =>
    desk.show(request, reply, 'admin/me', {
      title: 'Your account',
      model: { state: { values: { ...valuesOf(request), ...values }, fault } },
      status,
    })

  face.get('/me', { config: { access: operators('see') } }, (request, reply) => show(request, reply, filled({}), 200))

  face.post('/me', { config: { access: operators('see') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { account, actor } = signedIn(request)
        const { name } = only(given, ['name'])
        await desk.change(actor, (it) => changeDetails(it, account.id, { name, email: account.email }))
        return done('/admin/me', 'changed')
      },
      (state, status) => show(request, reply, state, status),
    ),
  )

  // Whoever finds an open browser cannot move the account to an address of their own.
  face.post('/me/email', { config: { access: operators('see', { fresh: true }) } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { account, actor } = signedIn(request)
        const { email } = only(given, ['email'])
        await desk.change(actor, (it) => changeDetails(it, account.id, { name: account.name, email }))
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
        if (!(await isOwnPassword(desk, account.id, current))) {
          throw new Invalid('This is not your password.', 'current')
        }
        assertPassword(next, { email: account.email, name: account.name, site: (await readSite(desk.db)).name }, 'next')
        const passwordHash = await desk.passwords.hash(next)
        await desk.change(actor, (it) => changePassword(it, account.id, passwordHash))
        // All sessions have ended, this one too; whoever changed it goes on in a new one.
        await goOn(request, reply, desk)
        return done('/admin/me', 'password')
      },
      // Neither of the two is sent back.
      ({ fault }, status) => show(request, reply, { values: {}, fault }, status),
    ),
  )
}
