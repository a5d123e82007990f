import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  beginCodeApp,
  confirmCodeApp,
  removeCodeApp,
  unconfirmedSeed,
} from '../../../domain/accounts/factors/code-app.ts'
import { passkeysWork } from '../../../domain/accounts/factors/passkeys.ts'
import { factorsOf } from '../../../domain/accounts/factors/queries.ts'
import { endSessionsBeside, sessionsOf } from '../../../domain/accounts/sessions.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, only, untouched } from '../../shared/forms.ts'
import { goOn } from './confirm.ts'
import { type Desk, attempt, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { qrCode } from './qr-code.ts'
import { afterFactor, firstCodes } from './recovery-codes.ts'

const mine = { config: { access: operators('see') } }
const mineForSure = { config: { access: operators('see', { fresh: true }) } }

/** What one proves oneself with, and where one is signed in. */
export function securityRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/me/security', mine, (request, reply) => show(request, reply, desk))

  appRoutes(face, desk)

  face.post('/me/security/sessions/end', mine, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        // Empty: all but this one.
        const { session } = only(given, ['session'])
        const { account, actor } = signedIn(request)
        const own = request.visitor.session?.id ?? ''
        await desk.change(actor, (it) => endSessionsBeside(it, account, { own, only: session || null }))
        return done('/admin/me/security', 'signed-out')
      },
      (state, status) => show(request, reply, desk, { state, status }),
    ),
  )
}

function appRoutes(face: FastifyInstance, desk: Desk): void {
  face.post('/me/security/app', mineForSure, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        only(given, [])
        const { account, actor } = signedIn(request)
        await desk.change(actor, (it) => beginCodeApp(it, account.id))
        return '/admin/me/security/app'
      },
      (state, status) => show(request, reply, desk, { state, status }),
    ),
  )

  face.get('/me/security/app', mineForSure, (request, reply) => showSeed(request, reply, desk))

  face.post('/me/security/app/confirm', mineForSure, (request, reply) =>
    attempt(
      request,
      reply,
      async (given) => {
        const { code } = only(given, ['code'])
        const { account, actor } = signedIn(request)
        const codes = await confirmCodeApp(desk, { actor, account, code }, (it) => firstCodes(it, account))
        return afterFactor(request, reply, desk, codes)
      },
      (state, status) => showSeed(request, reply, desk, { state, status }),
    ),
  )

  face.post('/me/security/app/remove', mineForSure, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        only(given, [])
        const { account, actor } = signedIn(request)
        await desk.change(actor, (it) => removeCodeApp(it, account))
        await goOn(request, reply, desk)
        return done('/admin/me/security', 'factor-removed')
      },
      (state, status) => show(request, reply, desk, { state, status }),
    ),
  )
}

async function showSeed(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { state, status }: { state: FormState; status: number } = { state: untouched, status: 200 },
): Promise<FastifyReply> {
  const { id, email } = signedIn(request).account
  const { name } = await readSite(desk.db)
  const seed = await unconfirmedSeed(desk, { id, label: email, issuer: name })
  if (!seed) return reply.redirect('/admin/me/security', 303)
  const spaced = seed.text.match(/.{1,4}/g)?.join(' ') ?? seed.text
  const model = { state, seed: { ...seed, text: spaced }, picture: await qrCode(seed.address) }
  return desk.show(request, reply, 'admin/security/app', { title: 'Codes of an app', model, status })
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { state, status }: { state: FormState; status: number } = { state: untouched, status: 200 },
): Promise<FastifyReply> {
  const { account } = signedIn(request)
  const model = {
    state,
    factors: await factorsOf(desk.db, account.id),
    sessions: await sessionsOf(desk, account.id),
    own: request.visitor.session?.id ?? '',
    isHeldBack: request.visitor.isHeldBack,
    hasPasskeys: passkeysWork(desk.config.url),
    url: desk.config.url,
  }
  return desk.show(request, reply, 'admin/security/list', { title: 'How you sign in', model, status })
}
