import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Kept, forgetScratch, keepScratch } from '../../domain/scratches/commands.ts'
import { may } from '../../domain/accounts/account.ts'
import { deedOf, subjectOf, wordsIn } from '../../domain/scratches/scratch.ts'
import { readIncidentOrDraft } from '../../domain/incidents/queries.ts'
import { readSite } from '../../domain/site/queries.ts'
import { Forbidden, NotFound } from '../../lib/errors.ts'
import { operators } from '../shared/access.ts'
import { formToken } from '../shared/csrf.ts'
import { type Form, formOf, text } from '../shared/forms.ts'
import { type Desk, signedIn } from './desk.ts'
import { done } from './done.ts'
import { kept, othersOn, pageOf, subjectIn } from './writing.ts'
import { type DeskWords, deskWords } from './words.ts'

/** Words that are not said yet: kept while one types, by a button where there is no script, and thrown away by another. */
export function scratchRoutes(face: FastifyInstance, desk: Desk): void {
  face.post('/scratches', { config: { access: operators('draft') } }, async (request, reply) => {
    const form = formOf(request.body)
    const subject = mustBeTheirs(request, form)
    const isByScript = request.headers.accept === 'application/json'
    const outcome = await keepForm(desk, request, form, isByScript ? Number(text(form, 'scratchVersion')) || 0 : null)
    if (!isByScript) return reply.redirect(done(pageOf(subject), 'kept'), 303)
    return answer(desk, request, reply, { subject, seen: text(form, 'seen'), outcome })
  })

  face.get('/scratches', { config: { access: operators('draft') } }, async (request, reply) => {
    const { scratch = '', seen = '' } = request.query as Record<string, unknown>
    return answer(desk, request, reply, {
      subject: mustBeTheirs(request, { scratch: String(scratch) }),
      seen: String(seen),
    })
  })

  face.post('/scratches/discard', { config: { access: operators('draft') } }, async (request, reply) => {
    const form = formOf(request.body)
    const subject = mustBeSubject(form)
    const { actor, account } = signedIn(request)
    await desk.change(actor, (it) => forgetScratch(it, { subject, accountId: account.id }))
    // The page of what they were about may be gone.
    const page = text(form, 'from') === 'now' ? '/admin' : pageOf(subject)
    return reply.redirect(done(page, 'discarded'), 303)
  })
}

/** Keeps a form as it was posted, in the name of who posted it. `version` null: whatever was kept before. */
export function keepForm(desk: Desk, request: FastifyRequest, form: Form, version: number | null): Promise<Kept> {
  const { actor, account } = signedIn(request)
  return desk.change(actor, (it) =>
    keepScratch(it, { subject: mustBeSubject(form), accountId: account.id, form: kept(form), version }),
  )
}

/** Not even the unfinished words of others are shown to who may not write in that place. */
function mustBeTheirs(request: FastifyRequest, form: Form): string {
  const subject = mustBeSubject(form)
  const at = subjectOf(subject)
  if (at && may(signedIn(request).account.role, deedOf(at))) return subject
  throw new Forbidden('This is written by those who publish.')
}

function mustBeSubject(form: Form): string {
  const subject = subjectIn(form)
  if (subject === null) throw new NotFound('There is no such place to write.')
  return subject
}

/** What the script of the composer is told: that it was kept, who else is there, and what was said meanwhile. */
async function answer(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  { subject, seen, outcome }: { readonly subject: string; readonly seen: string; readonly outcome?: Kept },
): Promise<FastifyReply> {
  const now = desk.clock.now()
  const words = deskWords(now, (await readSite(desk.db)).zone)
  const others = await othersOn(desk, signedIn(request).account.id, subject)
  const elsewhere = outcome?.outcome === 'elsewhere' ? outcome.scratch : null
  return reply.type('application/json; charset=utf-8').send({
    outcome: outcome?.outcome ?? null,
    version: outcome?.outcome === 'kept' ? outcome.version : (elsewhere?.version ?? 0),
    said: outcome ? inWords(outcome, words.time(now), words) : null,
    elsewhere: elsewhere ? wordsIn(elsewhere.form) : null,
    others: others.map(({ name, beganAt, updatedAt, body }) => ({
      name,
      words: `is writing here too: began ${words.time(beganAt)}, saved ${words.time(updatedAt)}.`,
      body,
    })),
    news: await newsOf(desk, subject, seen, words),
    // Of the session that is now: the page may be older than it.
    token: formToken(desk.key, request.visitor.secret ?? ''),
  })
}

function inWords(outcome: Kept, time: string, words: DeskWords): string {
  switch (outcome.outcome) {
    case 'kept':
      return `Saved ${time}`
    case 'elsewhere':
      return `Not saved: you saved other words in another window, ${words.time(outcome.scratch.updatedAt)}.`
    case 'gone':
      return 'Not saved: it was published or discarded in another window.'
  }
}

/** What was said on an incident while one writes on it. */
async function newsOf({ db }: Desk, subject: string, seen: string, words: DeskWords): Promise<string | null> {
  const at = subjectOf(subject)
  const [id] = at?.ids ?? []
  if (at?.kind !== 'update' || id === undefined) return null
  const newest = (await readIncidentOrDraft(db, id))?.updates[0]
  if (!newest || newest.id === seen || newest.displayedAt === null) return null
  return `${newest.author ?? 'Candor'} posted an update, ${words.time(newest.displayedAt)}. Your words are safe here.`
}
