import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { Account } from '../../domain/accounts/account.ts'
import type { Provider } from '../../domain/accounts/provider.ts'
import type { Actor } from '../../domain/changes/actor.ts'
import type { MailCheck } from '../../domain/deliveries/mail-check.ts'
import type { CheckDetail } from '../../domain/probes/finding.ts'
import type { Question } from '../../domain/probes/question.ts'
import { Refusal, TooMany, Unavailable } from '../../lib/errors.ts'
import type { Cookies } from '../shared/identity.ts'
import { type Form, type FormState, formOf, refused, statusOf } from '../shared/forms.ts'
import type { AdminViews } from './views.ts'

/** What checks once, now: the prober, which runs beside the faces. */
export interface DeskProber {
  testNow(question: Question): Promise<CheckDetail>
}

/** What the desk needs of the product. */
export interface DeskParts extends Pick<
  Deps,
  'config' | 'db' | 'change' | 'clock' | 'ids' | 'log' | 'key' | 'passwords' | 'vault' | 'health' | 'readSnapshot'
> {
  /** Null: it does not run in this process, or not yet. */
  prober(): DeskProber | null
  /** Where else people sign in; null: nowhere. */
  readonly provider: Provider | null
  /** Asks the mail server and the DNS whether mail arrives; null: none is sent. */
  readonly checkMail: (() => Promise<MailCheck>) | null
  /** Resolves when readers see what was changed. */
  settled(): Promise<void>
  /** Resolves when what was changed waits to be told: it can be taken back from then on. */
  followed(): Promise<void>
}

/** What the pages of the desk share. */
export interface Desk extends DeskParts {
  readonly cookies: Cookies
  /** Answers a page within the frame of the desk. */
  show<Name extends keyof AdminViews>(
    request: FastifyRequest,
    reply: FastifyReply,
    name: Name,
    page: { readonly title: string; readonly model: AdminViews[Name]; readonly status?: number },
  ): Promise<FastifyReply>
}

/** Whether this installation can send mail: what leads to it is shown nowhere else. */
export function mayMail({ config }: Pick<Desk, 'config'>): boolean {
  return config.smtpUrl !== null
}

/** Who is signed in; the guard of the desk has seen to it that somebody is. */
export function signedIn(request: FastifyRequest): { readonly account: Account; readonly actor: Actor } {
  const { actor, visitor } = request
  if (!actor || !visitor.account) throw new Error('A page of the desk was reached without a session.')
  return { account: visitor.account, actor }
}

/**
 * Does what a form asks, and leads on. If that is refused, the form is shown again with the reason beside its field and
 * everything that was typed still in it.
 */
export function submit(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (form: Form) => Promise<string>,
  again: (state: FormState, status: number) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  return attempt(request, reply, async (form) => reply.redirect(await work(form), 303), again)
}

/** The same for what answers in its own way: because a secret is shown this once, or it is another step of the same. */
export async function attempt(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (form: Form) => Promise<FastifyReply>,
  again: (state: FormState, status: number) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const form = formOf(request.body)
  try {
    return await work(form)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    sayWhen(reply, error)
    return again(refused(form, error), statusOf(error))
  }
}

/** Of what is refused for a while: after which time it may be tried again. */
export function sayWhen(reply: FastifyReply, error: unknown): void {
  if (error instanceof TooMany || error instanceof Unavailable)
    void reply.header('retry-after', String(error.retryAfterSeconds))
}
