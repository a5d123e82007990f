import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasFactor } from '../../../domain/accounts/factors/factor.ts'
import { factorsOf } from '../../../domain/accounts/factors/queries.ts'
import { makeRecoveryCodes } from '../../../domain/accounts/factors/recovery-codes.ts'
import type { Change } from '../../../domain/changes/change.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { formOf, only, texts } from '../../shared/forms.ts'
import { goOn } from './confirm.ts'
import { type Desk, signedIn } from '../desk.ts'
import { done } from '../done.ts'
import { leadToOnce, shownOnce } from '../shown-once.ts'

const page = '/admin/me/security/codes'

/** For whoever has neither phone nor passkey at hand. */
export function recoveryCodeRoutes(face: FastifyInstance, desk: Desk): void {
  const fresh = { config: { access: operators('see', { fresh: true }) } }
  face.post('/me/security/codes', fresh, async (request, reply) => {
    only(formOf(request.body), [])
    const { account, actor } = signedIn(request)
    if (!hasFactor(await factorsOf(desk.db, account.id))) {
      throw new NotFound('Recovery codes stand in for an app or a passkey. Set up one of these first.')
    }
    const codes = await desk.change(actor, (it) => makeRecoveryCodes(it, account))
    return leadToOnce(request, reply, desk, { page, what: codes })
  })

  face.get('/me/security/codes', { config: { access: operators('see') } }, (request, reply) => {
    const codes = shownOnce<readonly string[]>(request, reply, desk, page)
    if (codes === null) return reply.redirect('/admin/me/security', 303)
    return desk.show(request, reply, 'admin/security/codes', { title: 'Your recovery codes', model: { codes } })
  })

  // Of what the browser holds anyway: nothing is kept here that could be read again.
  face.post('/me/security/codes/file', { config: { access: operators('see') } }, async (request, reply) => {
    const codes = texts(formOf(request.body), 'codes').filter((code) => /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/.test(code))
    const { name } = await readSite(desk.db)
    const { email } = signedIn(request).account
    const lines = [`${name}, ${desk.config.url}/admin`, email, '', ...codes, '', 'Each works once.', '']
    return reply
      .header('content-disposition', 'attachment; filename="recovery-codes.txt"')
      .type('text/plain; charset=utf-8')
      .send(lines.join('\n'))
  })
}

/** The codes that come with a first factor; none for whoever has some. */
export async function firstCodes(change: Change, account: { id: string; name: string }): Promise<readonly string[]> {
  const { codesLeft } = await factorsOf(change.tx, account.id)
  return codesLeft > 0 ? [] : makeRecoveryCodes(change, account)
}

/** A factor was added: this browser goes on in a new session, past the codes if there are new ones. */
export async function afterFactor(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  codes: readonly string[],
): Promise<FastifyReply> {
  await goOn(request, reply, desk)
  if (codes.length > 0) return leadToOnce(request, reply, desk, { page, what: codes })
  return reply.redirect(done('/admin/me/security', 'factor-added'), 303)
}
