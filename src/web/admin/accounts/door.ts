import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../../../domain/accounts/account.ts'
import { passkeysWork } from '../../../domain/accounts/factors/passkeys.ts'
import { hasAccount, hasOwner } from '../../../domain/accounts/queries.ts'
import type { Entered } from '../../../domain/accounts/sign-in.ts'
import { keepScratch } from '../../../domain/scratches/commands.ts'
import type { Form, FormState } from '../../shared/forms.ts'
import { letIn } from '../../shared/identity.ts'
import type { Desk } from '../desk.ts'
import { sayingWhatIsLeft } from '../frame.ts'
import { underWay } from './sign-on-cookie.ts'
import { kept, pageOf, subjectIn } from '../writing.ts'

/** Where what the provider says is connected with an account here. */
const connecting = '/admin/single-sign-on/connect'

/** Where one gives one's password. */
export async function showDoor(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { state, next, status }: { state: FormState; next: string; status: number },
): Promise<FastifyReply> {
  const isNew = !(await hasOwner(desk.db))
  const isEmpty = isNew && !(await hasAccount(desk.db))
  const hasPasskeys = passkeysWork(desk.config.url)
  const { provider, config } = desk
  const back = provider && underWay(request, desk, 'back')
  // Whoever comes to connect an account proves by other means that it is theirs: the provider would lead round in a circle.
  const connects = back && next === connecting ? { label: provider.label, email: back.email } : null
  const elsewhere = provider &&
    !connects && {
      label: provider.label,
      href: `/admin/single-sign-on?next=${encodeURIComponent(next)}`,
      isOnly: config.oidcOnly && back === null,
    }
  const model = { state, next, isNew, isEmpty, hasPasskeys, elsewhere: elsewhere || null, connects }
  return desk.show(request, reply, 'admin/sign-in', { title: 'Sign in', model, status })
}

/** Where one goes on, and with what words that were typed when the session had ended. */
export interface Going {
  readonly next: string
  readonly kept: string
}

/** They are in: the cookies of a new session, and on to where they wanted to go. */
export async function goIn(
  reply: FastifyReply,
  desk: Desk,
  entered: Entered,
  { next, kept: words, hasSpentCode = false }: Going & { readonly hasSpentCode?: boolean },
): Promise<FastifyReply> {
  letIn(reply, desk, entered)
  const page = (await keepWords(desk, entered.account, words)) ?? next
  return reply.redirect(hasSpentCode ? sayingWhatIsLeft(page) : page, 303)
}

/** Keeps what was typed when the session had ended, and answers where one goes on with it. */
async function keepWords(desk: Desk, { id, name }: Account, words: string): Promise<string | null> {
  const form = words === '' ? null : formIn(words)
  const subject = form && subjectIn(form)
  if (!form || subject === null) return null
  await desk.change({ kind: 'operator', id, name }, (it) =>
    keepScratch(it, { subject, accountId: id, form: kept(form), version: null }),
  )
  return pageOf(subject)
}

/** What stood in a hidden field of the page before; null: not what we put there. */
function formIn(json: string): Form | null {
  try {
    const given: unknown = JSON.parse(json)
    const isText = (value: unknown): boolean => typeof value === 'string'
    const isForm = (value: object): value is Form =>
      Object.values(value).every((each) => isText(each) || (Array.isArray(each) && each.every(isText)))
    return typeof given === 'object' && given !== null && isForm(given) ? given : null
  } catch {
    return null
  }
}

/** A path of the desk; an address of another site is no place to go on to. */
export function localPath(path: string): string {
  return /^\/admin(\/[\w-]+(\.[a-z]+)?)*\/?(\?[\w=&%.+:-]*)?$/.test(path) ? path : '/admin'
}
