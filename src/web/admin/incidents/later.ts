import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Account, may, whoMay } from '../../../domain/accounts/account.ts'
import { mergeDraft } from '../../../domain/incidents/merging.ts'
import { type WaitingUpdate, publishWaiting, takeBackUpdate } from '../../../domain/incidents/waiting.ts'
import { keepScratch } from '../../../domain/scratches/commands.ts'
import { readScratch } from '../../../domain/scratches/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import type { Change } from '../../../domain/changes/change.ts'
import type { Instant } from '../../../lib/clock.ts'
import { Forbidden, Invalid } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type Form, formOf, text } from '../../shared/forms.ts'
import { localInstant, promiseValues } from '../composer.ts'
import { type Desk, signedIn } from '../desk.ts'
import { done } from '../done.ts'
import { translationValues } from '../translations.ts'
import { pageOf } from '../writing.ts'

/** When the words of a form are said: now, at a time, or once somebody else has confirmed them. */
export type When =
  { readonly kind: 'now' } | { readonly kind: 'at'; readonly at: Instant } | { readonly kind: 'confirmed' }

/** What was pressed; a time that passed is refused where it is written down. */
export function whenOf(form: Form, zone: string): When {
  const intent = text(form, 'intent')
  if (intent === 'confirm') return { kind: 'confirmed' }
  if (intent !== 'schedule') return { kind: 'now' }
  const at = localInstant(form, 'publishesAt', zone)
  if (at === undefined) throw new Invalid('Say when it is to be published.', 'publishesAt')
  return { kind: 'at', at }
}

/** Whoever may not publish writes what somebody else confirms, and nothing that publishes itself. */
export function mustBeFor({ role }: Account, wanted: 'said' | 'kept'): void {
  if (wanted === 'kept' || may(role, 'disclose')) return
  throw new Forbidden(`Your words can be kept as a draft; to publish them is for ${whoMay('disclose')}.`)
}

/** From when a promise of so many minutes counts: from when the words are said, as far as that is known. */
export function sayingAt(when: When, now: Instant): Instant {
  return when.kind === 'at' && when.at > now ? when.at : now
}

/** Words that wait: said now, taken back, or found to be part of another incident. */
export function laterRoutes(face: FastifyInstance, desk: Desk): void {
  face.post('/waiting/:id/publish', { config: { access: operators('disclose') } }, async (request, reply) => {
    const { incident } = formOf(request.body)
    await desk.change(signedIn(request).actor, (it) => publishWaiting(it, idOf(request)))
    const at =
      typeof incident === 'string' && /^[\w-]{1,64}$/.test(incident) ? `/admin/incidents/${incident}` : '/admin'
    return reply.redirect(done(at, 'updated'), 303)
  })

  face.post('/waiting/:id/take-back', { config: { access: operators('draft') } }, async (request, reply) => {
    const { actor, account } = signedIn(request)
    const { zone } = await readSite(desk.db)
    const subject = await desk.change(actor, async (it) => {
      const waiting = await takeBackUpdate(it, idOf(request))
      if (waiting.accountId !== account.id) mustBeFor(account, 'said')
      return leaveFor(it, account.id, { waiting, zone })
    })
    return reply.redirect(done(pageOf(subject), 'taken-back'), 303)
  })

  face.post('/drafts/:id/merge', { config: { access: operators('disclose') } }, async (request, reply) => {
    const into = text(formOf(request.body), 'into')
    await desk.change(signedIn(request).actor, (it) => mergeDraft(it, idOf(request), into))
    return reply.redirect(done(`/admin/incidents/${into}`, 'merged'), 303)
  })
}

/** What was taken back stands in the form of who took it, after what they were writing themselves. */
async function leaveFor(
  change: Change,
  accountId: string,
  { waiting, zone }: { readonly waiting: WaitingUpdate; readonly zone: string },
): Promise<string> {
  const { word, incidentId } = waiting
  const subject = `update:${incidentId}`
  const own = await readScratch(change.tx, { subject, accountId })
  const before = own?.form['body']
  const form = {
    stage: word.stage,
    ...promiseValues(word, { now: change.now, zone }),
    ...Object.fromEntries((word.components ?? []).map(({ id, status }) => [`component.${id}`, status])),
    ...translationValues((word.translations ?? {}) as Parameters<typeof translationValues>[0]),
    ...own?.form,
    body: typeof before === 'string' && before !== word.body ? `${before}\n\n${word.body}` : word.body,
  }
  await keepScratch(change, { subject, accountId, form, version: null })
  return subject
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
