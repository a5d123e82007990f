import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { setFactorRule } from '../../../domain/accounts/factors/commands.ts'
import { factorRule, factorsOfAll } from '../../../domain/accounts/factors/queries.ts'
import { accounts } from '../../../domain/accounts/queries.ts'
import { Forbidden } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, filled, only } from '../../shared/forms.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'

/** Whether everybody at the desk needs a second factor, and who has one. */
export function factorRuleRoutes(face: FastifyInstance, desk: Desk): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const factors = await factorsOfAll(desk.db)
    const active = (await accounts(desk.db)).filter(({ disabledAt }) => disabledAt === null)
    const model = {
      state,
      rule: await factorRule(desk.db),
      isOwner: signedIn(request).account.role === 'owner',
      without: active.filter(({ id }) => !factors.has(id)).map(({ name }) => name),
    }
    return desk.show(request, reply, 'admin/security/rule', { title: 'Second factors', model, status })
  }

  face.get('/settings/second-factors', { config: { access: operators('manage-people') } }, async (request, reply) =>
    show(request, reply, filled({ rule: await factorRule(desk.db) }), 200),
  )

  face.post(
    '/settings/second-factors',
    { config: { access: operators('manage-people', { fresh: true }) } },
    (request, reply) =>
      submit(
        request,
        reply,
        async (given) => {
          const { account, actor } = signedIn(request)
          if (account.role !== 'owner') throw new Forbidden('Only an owner can ask everybody for a second factor.')
          const { rule } = only(given, ['rule'])
          await desk.change(actor, (it) => setFactorRule(it, { rule }))
          return done('/admin/settings/second-factors', 'changed')
        },
        (state, status) => show(request, reply, state, status),
      ),
  )
}
