import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { noReset, resetOfSecret, resetPassword } from '../../domain/accounts/resets.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { holders } from '../shared/access.ts'
import { type FormState, only, text, untouched } from '../shared/forms.ts'
import { wrongSecrets } from '../shared/wrong-secrets.ts'
import { type Desk, submit } from './desk.ts'
import { done } from './done.ts'

const access = { config: { access: holders('reset link') } }

/** The other end of a link with which somebody chooses a new password. */
export function resetRoutes(face: FastifyInstance, desk: Desk): void {
  const tried = wrongSecrets(desk.clock, 'links')
  const form = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { secret, state, status }: { secret: string; state: FormState; status: number },
  ) => {
    const network = networkBlock(request.ip)
    tried.admit(network)
    const reset = await resetOfSecret(desk.db, secret, desk.clock.now())
    if (!reset) {
      tried.wrong(network)
      throw noReset()
    }
    const model = { email: reset.account.email, factors: reset.factors, secret, state }
    return desk.show(request, reply, 'admin/reset', { title: 'Choose a new password', model, status })
  }

  face.get('/reset', access, (request, reply) => {
    const { secret } = request.query as { readonly secret?: unknown }
    return form(request, reply, { secret: typeof secret === 'string' ? secret : '', state: untouched, status: 200 })
  })

  face.post('/reset', access, (request, reply) => {
    let offered = ''
    return submit(
      request,
      reply,
      async (given) => {
        offered = text(given, 'secret')
        tried.admit(networkBlock(request.ip))
        const { secret, password } = only(given, ['secret', 'password'])
        const { device } = await resetPassword(desk, secret, { password, from: request.ip })
        void reply.setCookie(desk.cookies.device, device, { ...desk.cookies.options, maxAge: 400 * 24 * 3600 })
        return done('/admin/sign-in', 'reset')
      },
      (state, status) => form(request, reply, { secret: offered, state, status }),
    )
  })
}
