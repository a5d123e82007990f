import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { noReset, resetOfSecret, resetPassword } from '../../../domain/accounts/resets.ts'
import { mailReset } from '../../../domain/accounts/reset-by-mail.ts'
import { NotFound, TooMany } from '../../../lib/errors.ts'
import { networkBlock } from '../../../lib/network-block.ts'
import { millisecondsBy, rateLimit } from '../../../lib/rate-limit.ts'
import { hashOfSecret } from '../../../lib/secrets.ts'
import { everyone, holders } from '../../shared/access.ts'
import { type FormState, only, text, untouched } from '../../shared/forms.ts'
import { inSeconds } from '../../shared/rate-limit-headers.ts'
import { wrongSecrets } from '../../shared/wrong-secrets.ts'
import { type Desk, mayMail, submit } from '../desk.ts'
import { done } from '../done.ts'

const access = { config: { access: holders('reset link') } }

/** Where who lost the password is sent a link, or told who can make one. What is answered is the same for every address, and so is what is done before. */
export function forgotRoutes(face: FastifyInstance, desk: Desk): void {
  const now = millisecondsBy(desk.clock)
  const networks = rateLimit({ name: 'resets of a network', most: 10, seconds: 900 }, now)
  const addresses = rateLimit({ name: 'resets of an address', most: 3, seconds: 3600 }, now)
  const form = (
    request: FastifyRequest,
    reply: FastifyReply,
    { state, status }: { state: FormState; status: number },
  ) => {
    const model = { state, mails: mayMail(desk) }
    return desk.show(request, reply, 'admin/forgot', { title: 'Forgot your password?', model, status })
  }

  face.get('/forgot', { config: { access: everyone } }, (request, reply) =>
    form(request, reply, { state: untouched, status: 200 }),
  )

  face.post('/forgot', { config: { access: everyone } }, (request, reply) =>
    submit(
      request,
      reply,
      (given) => {
        if (!mayMail(desk)) throw new NotFound('No mail is sent from here.')
        const { email } = only(given, ['email'])
        const address = email.trim().toLowerCase().slice(0, 254)
        for (const standing of [networks.take(networkBlock(request.ip)), addresses.take(hashOfSecret(address))]) {
          if (standing.isOver) throw new TooMany(`Asked too often. Try again in ${inSeconds(standing)}.`, standing.wait)
        }
        // After the answer is on its way: how long it takes tells nobody whether the address is known.
        const { ip: from } = request
        reply.raw.once('close', () => {
          mailReset(desk, address, { from }).catch((error: unknown) =>
            desk.log.error(error, 'A link could not be mailed.'),
          )
        })
        return Promise.resolve(done('/admin/sign-in', 'reset-asked'))
      },
      (state, status) => form(request, reply, { state, status }),
    ),
  )
}

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
