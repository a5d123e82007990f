import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../../../domain/accounts/account.ts'
import { halfSignedIn } from '../../../domain/accounts/factors/half-sign-in.ts'
import { askForPasskey, passkeysWork } from '../../../domain/accounts/factors/passkeys.ts'
import { factorsOf } from '../../../domain/accounts/factors/queries.ts'
import {
  enterWithCode,
  enterWithPasskey,
  enterWithSecondPasskey,
} from '../../../domain/accounts/factors/second-step.ts'
import type { Beginning } from '../../../domain/accounts/sessions.ts'
import type { Entered } from '../../../domain/accounts/sign-in.ts'
import type { WayIn } from '../../../domain/changes/events.ts'
import { Invalid } from '../../../lib/errors.ts'
import { networkBlock } from '../../../lib/network-block.ts'
import { everyone } from '../../shared/access.ts'
import { type FormState, only, untouched } from '../../shared/forms.ts'
import { beginningOf, ensureSecret } from '../../shared/identity.ts'
import { type Desk, attempt } from '../desk.ts'
import { type Going, goIn, localPath, showDoor } from './door.ts'
import { underWay } from './sign-on-cookie.ts'

/** After the password: what else proves that it is they. Also the door for passkeys, which need no password. */
export function secondStepRoutes(face: FastifyInstance, desk: Desk): void {
  const codes = [
    {
      path: '/sign-in/code',
      kind: 'app',
      wrong: 'This is not the code that the app shows now, or it was used already.',
    },
    {
      path: '/sign-in/recovery',
      kind: 'recovery',
      wrong: 'This is not one of your recovery codes, or it was used already.',
    },
  ] as const
  for (const { path, kind, wrong } of codes) {
    face.post(path, { config: { access: everyone } }, (request, reply) =>
      takeStep(request, reply, desk, { names: ['code'], kind }, async ({ code }, half) => {
        if (!half) return null
        const { account, secret } = half
        const entered = await enterWithCode(
          desk,
          {
            account,
            secret,
            device: deviceOf(request, desk),
            beginning: beginningAs(request, desk, account, 'password'),
          },
          { kind, code },
        )
        if (!entered) throw new Invalid(wrong, kind === 'app' ? 'code' : 'recovery')
        return entered
      }),
    )
  }

  face.post('/sign-in/passkey/options', { config: { access: everyone } }, async (request, reply) => {
    const secret = ensureSecret(request, reply, desk)
    const account = await halfSignedIn(desk, secret)
    const purpose = account ? 'second step' : 'sign in'
    return reply.send(
      await askForPasskey(desk, { purpose, secret, network: networkBlock(request.ip) }, account?.id ?? null),
    )
  })

  face.post('/sign-in/passkey', { config: { access: everyone } }, (request, reply) =>
    takeStep(request, reply, desk, { names: ['answer'], kind: 'passkey' }, async ({ answer }, half) => {
      const secret = request.visitor.secret ?? ''
      const entered = half
        ? await enterWithSecondPasskey(
            desk,
            { ...half, device: null, beginning: beginningAs(request, desk, half.account, 'passkey') },
            answer,
          )
        : await enterWithPasskey(desk, { secret, answer, beginning: beginningOf(request, 'passkey') })
      if (!entered) throw new Invalid('This passkey does not open anything here. Try again, or take another way.', null)
      return entered
    }),
  )
}

/** Asks who came half way in for the rest. */
export async function secondStepPage(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  {
    account,
    going,
    state = untouched,
    status = 200,
  }: { account: Account; going: Going; state?: FormState; status?: number },
): Promise<FastifyReply> {
  const { appSince, passkeys, codesLeft } = await factorsOf(desk.db, account.id)
  return desk.show(request, reply, 'admin/second-step', {
    title: 'Sign in',
    model: {
      state,
      going,
      hasApp: appSince !== null,
      hasPasskey: passkeys.length > 0 && passkeysWork(desk.config.url),
      hasCodes: codesLeft > 0,
    },
    status,
  })
}

/** One try: in, or once more, or back to the password when it took too long or there were enough tries. */
async function takeStep<const Name extends string>(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { names, kind }: { readonly names: readonly Name[]; readonly kind: 'app' | 'recovery' | 'passkey' },
  work: (
    given: Record<Name, string>,
    half: { readonly account: Account; readonly secret: string } | null,
  ) => Promise<Entered | null>,
): Promise<FastifyReply> {
  const { secret } = request.visitor
  const account = await halfSignedIn(desk, secret)
  let going: Going = { next: '/admin', kept: '' }
  return attempt(
    request,
    reply,
    async (form) => {
      const given = only(form, [...names, 'next', 'kept'])
      going = { next: localPath(given.next), kept: given.kept }
      const entered = await work(given, account && secret !== null ? { account, secret } : null)
      if (!entered) return startOver(request, reply, desk, going)
      return goIn(reply, desk, entered, { ...going, hasSpentCode: kind === 'recovery' })
    },
    async ({ fault }, status) => {
      const state = { values: {}, fault }
      const still = await halfSignedIn(desk, secret)
      if (still) return secondStepPage(request, reply, desk, { account: still, going, state, status })
      // They came for a passkey alone.
      if (!account) return showDoor(request, reply, desk, { state: keeping(going, fault), next: going.next, status })
      return startOver(request, reply, desk, going)
    },
  )
}

function startOver(request: FastifyRequest, reply: FastifyReply, desk: Desk, going: Going): Promise<FastifyReply> {
  const message = 'That took too long, or there were too many tries. Begin again with your password.'
  const state = keeping(going, { field: null, message })
  return showDoor(request, reply, desk, { state, next: going.next, status: 401 })
}

function keeping({ kept }: Going, fault: FormState['fault']): FormState {
  return { values: kept === '' ? {} : { kept }, fault }
}

function deviceOf(request: FastifyRequest, { cookies }: Desk): string | null {
  return request.cookies[cookies.device] ?? null
}

/** Whoever comes to connect an account was at the provider, and proves here that it is theirs. */
function beginningAs(request: FastifyRequest, desk: Desk, { id }: Account, via: WayIn): Beginning {
  const isConnecting = underWay(request, desk, 'back')?.accountId === id
  return beginningOf(request, isConnecting ? 'single-sign-on' : via)
}
