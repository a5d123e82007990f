import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Account, type Role, roles, rolesInWords } from '../../domain/accounts/account.ts'
import { changeRole, disableAccount, enableAccount } from '../../domain/accounts/commands.ts'
import { acceptInvitation, invitationOfSecret, invite, withdrawInvitation } from '../../domain/accounts/invitations.ts'
import { accounts, openInvitations } from '../../domain/accounts/queries.ts'
import { beginSession } from '../../domain/accounts/sessions.ts'
import type { Change } from '../../domain/changes/change.ts'
import { NotFound, Refusal } from '../../lib/errors.ts'
import { holders, operators } from '../shared/access.ts'
import { type FormState, formOf, only, refused, statusOf, untouched } from '../shared/forms.ts'
import { beginningOf, letIn } from '../shared/identity.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { type Done, done } from './done.ts'

/** Who may come in. */
export function teamRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/team', { config: { access: operators('manage-people') } }, (request, reply) =>
    show(request, reply, desk, { state: untouched, status: 200, link: null }),
  )

  // No redirect: the link is shown this once, and stands in no address, log or history.
  face.post('/team/invitations', { config: { access: operators('manage-people') } }, async (request, reply) => {
    const form = formOf(request.body)
    try {
      const { email, role } = only(form, ['email', 'role'])
      const { secret } = await desk.change(signedIn(request).actor, (it) => invite(it, { email, role }))
      const link = { href: `${desk.config.url}/admin/invitation?secret=${secret}`, email, role }
      return await show(request, reply, desk, { state: untouched, status: 201, link })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return show(request, reply, desk, { state: refused(form, error), status: statusOf(error), link: null })
    }
  })

  const verbs: readonly [string, Done, (it: Change, id: string, role: string) => Promise<void>][] = [
    ['invitations/:id/withdraw', 'withdrawn', (it, id) => withdrawInvitation(it, id)],
    [':id/role', 'role', (it, id, role) => changeRole(it, id, { role })],
    [':id/disable', 'disabled', (it, id) => disableAccount(it, id)],
    [':id/enable', 'enabled', (it, id) => enableAccount(it, id)],
  ]
  for (const [path, what, command] of verbs) {
    face.post(`/team/${path}`, { config: { access: operators('manage-people') } }, (request, reply) =>
      submit(
        request,
        reply,
        async (given) => {
          const { id } = request.params as { id: string }
          const { role } = only(given, ['role'])
          await desk.change(signedIn(request).actor, (it) => command(it, id, role))
          return done('/admin/team', what)
        },
        (state, status) => show(request, reply, desk, { state, status, link: null }),
      ),
    )
  }

  acceptRoutes(face, desk)
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  {
    state,
    status,
    link,
  }: { state: FormState; status: number; link: { href: string; email: string; role: string } | null },
): Promise<FastifyReply> {
  const model = {
    accounts: await accounts(desk.db),
    invitations: await openInvitations(desk.db, desk.clock.now()),
    state,
    link,
    roles: rolesFor(signedIn(request).account),
  }
  return desk.show(request, reply, 'admin/team', { title: 'Team', model, status })
}

/** Those that somebody may give, and what each may do, in words. */
function rolesFor({ role: own }: Account): { value: Role; label: string; means: string }[] {
  const given = roles.filter((role) => role !== 'owner' || own === 'owner')
  return given.map((role) => ({
    value: role,
    label: `${role.charAt(0).toUpperCase()}${role.slice(1)}`,
    means: rolesInWords[role],
  }))
}

/** The other end of the link. */
function acceptRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (
    request: FastifyRequest,
    reply: FastifyReply,
    secret: string,
    state: FormState,
    status: number,
  ) => {
    const invitation = await invitationOfSecret(desk.db, secret, desk.clock.now())
    if (!invitation) throw new NotFound('This invitation has been used, withdrawn, or has expired. Ask for a new one.')
    return desk.show(request, reply, 'admin/invitation', {
      title: 'You are invited',
      model: { invitation, secret, state },
      status,
    })
  }

  face.get('/invitation', { config: { access: holders('invitation') } }, (request, reply) => {
    const { secret } = request.query as { readonly secret?: unknown }
    return form(request, reply, typeof secret === 'string' ? secret : '', untouched, 200)
  })

  face.post('/invitation', { config: { access: holders('invitation') } }, async (request, reply) => {
    let offered = ''
    return submit(
      request,
      reply,
      async (given) => {
        const { secret, name, password } = only(given, ['secret', 'name', 'password'])
        offered = secret
        const id = await acceptInvitation(desk, secret, { name, password })
        const session = await beginSession(desk, id, beginningOf(request, 'invitation'))
        letIn(reply, desk, { session, device: null })
        return done('/admin', 'welcome')
      },
      (state, status) => form(request, reply, offered, state, status),
    )
  })
}
