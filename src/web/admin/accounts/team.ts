import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Account, type Invitation, type Role, roles, rolesInWords } from '../../../domain/accounts/account.ts'
import { changeRole, disableAccount, enableAccount } from '../../../domain/accounts/commands.ts'
import {
  acceptInvitation,
  invitationOfSecret,
  invite,
  renewInvitation,
  withdrawInvitation,
} from '../../../domain/accounts/invitations.ts'
import { connectedAccounts } from '../../../domain/accounts/identities.ts'
import { mailLink } from '../../../domain/accounts/letters.ts'
import { offerReset } from '../../../domain/accounts/resets.ts'
import { workingTokensByMaker } from '../../../domain/accounts/tokens.ts'
import { factorsOfAll } from '../../../domain/accounts/factors/queries.ts'
import { accounts, openInvitations } from '../../../domain/accounts/queries.ts'
import { comeInFirst } from '../../../domain/accounts/comings.ts'
import { mayUsePassword } from '../../../domain/accounts/ways-in.ts'
import type { Change } from '../../../domain/changes/change.ts'
import type { Instant } from '../../../lib/clock.ts'
import { Forbidden, NotFound, Refusal } from '../../../lib/errors.ts'
import { networkBlock } from '../../../lib/network-block.ts'
import { type Access, holders, operators } from '../../shared/access.ts'
import { type Form, type FormState, formOf, only, refused, statusOf, text, untouched } from '../../shared/forms.ts'
import { beginningOf, letIn } from '../../shared/identity.ts'
import { wrongSecrets } from '../../shared/wrong-secrets.ts'
import { type Desk, mayMail, signedIn, submit } from '../desk.ts'
import { type Done, done } from '../done.ts'
import type { HandedOver } from './handed-over.ts'
import { leadToOnce, shownOnce } from '../shown-once.ts'

const team = '/admin/team'

/** Who may come in. */
export function teamRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/team', { config: { access: operators('manage-people') } }, (request, reply) =>
    show(request, reply, desk, {
      state: untouched,
      status: 200,
      link: shownOnce<HandedOver>(request, reply, desk, team),
    }),
  )

  const invitation = (secret: string, { email, role }: { email: string; role: string }): HandedOver => ({
    kind: 'invitation',
    href: `${desk.config.url}/admin/invitation?secret=${secret}`,
    to: email,
    role,
    isMailed: mayMail(desk),
  })
  const mailed = async (it: Change, one: { id: string; secret: string; expiresAt: Instant }): Promise<void> => {
    if (!mayMail(desk)) return
    const { href: url } = invitation(one.secret, { email: '', role: '' })
    await mailLink(it, { kind: 'invitation', recipient: one.id, url, until: one.expiresAt })
  }
  // A way in outlives the session: whoever finds an open browser makes none.
  const forSure = operators('manage-people', { fresh: true })
  handingOver(face, desk, {
    path: '/team/invitations',
    access: forSure,
    async make(request, form) {
      const wish = only(form, ['email', 'role'])
      return desk.change(signedIn(request).actor, async (it) => {
        const made = await invite(it, wish)
        await mailed(it, made)
        return invitation(made.secret, wish)
      })
    },
  })
  handingOver(face, desk, {
    path: '/team/invitations/:id/renew',
    access: forSure,
    async make(request) {
      const { id } = request.params as { id: string }
      return desk.change(signedIn(request).actor, async (it) => {
        const renewed = await renewInvitation(it, id)
        await mailed(it, renewed)
        return invitation(renewed.secret, renewed)
      })
    },
  })
  handingOver(face, desk, {
    path: '/team/:id/reset',
    access: forSure,
    async make(request, form) {
      const { id } = request.params as { id: string }
      const factors = only(form, ['factors']).factors === 'removed' ? 'removed' : 'kept'
      const { secret, account } = await desk.change(signedIn(request).actor, (it) =>
        offerReset(it, id, { factors, config: desk.config }),
      )
      const href = `${desk.config.url}/admin/reset?secret=${secret}`
      return { kind: 'reset', href, to: account.name, role: '', isMailed: false }
    },
  })

  const verbs: readonly [string, Access, Done, (it: Change, id: string, role: string) => Promise<void>][] = [
    ['invitations/:id/withdraw', operators('manage-people'), 'withdrawn', (it, id) => withdrawInvitation(it, id)],
    [':id/role', forSure, 'role', (it, id, role) => changeRole(it, id, { role })],
    [':id/disable', operators('manage-people'), 'disabled', (it, id) => disableAccount(it, id)],
    [':id/enable', forSure, 'enabled', (it, id) => enableAccount(it, id)],
  ]
  for (const [path, access, what, command] of verbs) {
    face.post(`/team/${path}`, { config: { access } }, (request, reply) =>
      submit(
        request,
        reply,
        async (given) => {
          const { id } = request.params as { id: string }
          const { role } = only(given, ['role'])
          await desk.change(signedIn(request).actor, (it) => command(it, id, role))
          return done(team, what)
        },
        (state, status) => show(request, reply, desk, { state, status, link: null }),
      ),
    )
  }

  acceptRoutes(face, desk)
}

/** Makes a link, and leads to where it is shown this once. */
function handingOver(
  face: FastifyInstance,
  desk: Desk,
  {
    path,
    access,
    make,
  }: { path: string; access: Access; make: (request: FastifyRequest, form: Form) => Promise<HandedOver> },
): void {
  face.post(path, { config: { access } }, async (request, reply) => {
    const form = formOf(request.body)
    try {
      return await leadToOnce(request, reply, desk, { page: team, what: await make(request, form) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return show(request, reply, desk, { state: refused(form, error), status: statusOf(error), link: null })
    }
  })
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { state, status, link }: { state: FormState; status: number; link: HandedOver | null },
): Promise<FastifyReply> {
  const model = {
    accounts: await accounts(desk.db),
    invitations: await openInvitations(desk.db),
    factorsOf: await factorsOfAll(desk.db),
    tokensOf: await workingTokensByMaker(desk.db, desk.clock.now()),
    provider: desk.provider && {
      label: desk.provider.label,
      isOnly: desk.config.oidcOnly,
      connected: await connectedAccounts(desk.db),
    },
    state,
    link,
    roles: rolesFor(signedIn(request).account),
    mails: mayMail(desk),
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

/** Where somebody invited has to come in, if not with a password of their own. */
function onlyElsewhere({ provider, config }: Desk, invitation: Invitation): { label: string } | null {
  return provider && !mayUsePassword(config, invitation) ? { label: provider.label } : null
}

/** The other end of the link. */
function acceptRoutes(face: FastifyInstance, desk: Desk): void {
  const tried = wrongSecrets(desk.clock, 'links')
  const form = async (
    request: FastifyRequest,
    reply: FastifyReply,
    secret: string,
    state: FormState,
    status: number,
  ) => {
    const network = networkBlock(request.ip)
    tried.admit(network)
    const invitation = await invitationOfSecret(desk.db, secret, desk.clock.now())
    if (!invitation) {
      tried.wrong(network)
      throw new NotFound('This invitation has been used, withdrawn, or has expired. Ask for a new one.')
    }
    return desk.show(request, reply, 'admin/invitation', {
      title: 'You are invited',
      model: { invitation, secret, state, elsewhere: onlyElsewhere(desk, invitation) },
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
        offered = text(given, 'secret')
        tried.admit(networkBlock(request.ip))
        const { secret, name, password } = only(given, ['secret', 'name', 'password'])
        const invitation = await invitationOfSecret(desk.db, secret, desk.clock.now())
        if (invitation && onlyElsewhere(desk, invitation))
          throw new Forbidden('Here everybody comes in by single sign-on.')
        const id = await acceptInvitation(desk, secret, { name, password })
        const session = await comeInFirst(desk, id, beginningOf(request, 'invitation'))
        letIn(reply, desk, { session, device: null })
        return done('/admin', 'welcome')
      },
      (state, status) => form(request, reply, offered, state, status),
    )
  })
}
