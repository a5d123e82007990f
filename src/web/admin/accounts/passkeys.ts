import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addPasskey, removePasskey, renamePasskey } from '../../../domain/accounts/factors/commands.ts'
import { offerPasskey, passkeysWork, readNewPasskey } from '../../../domain/accounts/factors/passkeys.ts'
import { factorsOf } from '../../../domain/accounts/factors/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { Invalid, NotFound } from '../../../lib/errors.ts'
import { networkBlock } from '../../../lib/network-block.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, filled, only } from '../../shared/forms.ts'
import { goOn } from './confirm.ts'
import { type Desk, attempt, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { afterFactor, firstCodes } from './recovery-codes.ts'

const mine = { config: { access: operators('see') } }
const mineForSure = { config: { access: operators('see', { fresh: true }) } }

/** Passkeys of one's own: added, named, removed. */
export function passkeyRoutes(face: FastifyInstance, desk: Desk): void {
  const form = (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    mustWork(desk)
    return desk.show(request, reply, 'admin/security/passkey', { title: 'A passkey', model: { state }, status })
  }

  face.get('/me/security/passkeys/new', mineForSure, (request, reply) => {
    const name = request.visitor.session?.browser ?? ''
    return form(request, reply, filled({ name }), 200)
  })

  face.post('/me/security/passkeys/options', mineForSure, async (request, reply) => {
    mustWork(desk)
    const { account } = signedIn(request)
    const asked = askedOf(request)
    const { name: site } = await readSite(desk.db)
    const options = await offerPasskey(desk, { ...asked, network: networkBlock(request.ip) }, { account, site })
    return reply.send(options)
  })

  face.post('/me/security/passkeys', mineForSure, (request, reply) =>
    attempt(
      request,
      reply,
      async (given) => {
        const { name, answer } = only(given, ['name', 'answer'])
        const { account, actor } = signedIn(request)
        const key = await readNewPasskey(desk, askedOf(request), answer)
        if (!key) throw new Invalid('The browser did not make a passkey, or it took too long. Try again.', null)
        const codes = await desk.change(actor, async (it) => {
          await addPasskey(it, account, { ...key, name })
          return firstCodes(it, account)
        })
        return afterFactor(request, reply, desk, codes)
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.get('/me/security/passkeys/:id', mine, (request, reply) => rename(request, reply, null, 200))

  face.post('/me/security/passkeys/:id', mine, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { name } = only(given, ['name'])
        const { account, actor } = signedIn(request)
        const { id } = request.params as { id: string }
        await desk.change(actor, (it) => renamePasskey(it, account, { id, name }))
        return done('/admin/me/security', 'changed')
      },
      (state, status) => rename(request, reply, state, status),
    ),
  )

  face.post('/me/security/passkeys/:id/remove', mineForSure, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        only(given, [])
        const { account, actor } = signedIn(request)
        const { id } = request.params as { id: string }
        await desk.change(actor, (it) => removePasskey(it, account, id))
        await goOn(request, reply, desk)
        return done('/admin/me/security', 'factor-removed')
      },
      (state, status) => rename(request, reply, state, status),
    ),
  )

  async function rename(
    request: FastifyRequest,
    reply: FastifyReply,
    state: FormState | null,
    status: number,
  ): Promise<FastifyReply> {
    const { id } = request.params as { id: string }
    const { passkeys } = await factorsOf(desk.db, signedIn(request).account.id)
    const passkey = passkeys.find((each) => each.id === id)
    if (!passkey) throw new NotFound('There is no such passkey of yours. Perhaps you removed it in another window.')
    const model = { state: state ?? filled({ name: passkey.name }), passkey }
    return desk.show(request, reply, 'admin/security/passkey-named', { title: passkey.name, model, status })
  }
}

function askedOf(request: FastifyRequest) {
  return { purpose: 'register', secret: request.visitor.secret ?? '' } as const
}

function mustWork({ config }: Desk): void {
  if (!passkeysWork(config.url)) {
    throw new NotFound('Browsers make passkeys only for pages with https and a name: CANDOR_URL has to say so.')
  }
}
