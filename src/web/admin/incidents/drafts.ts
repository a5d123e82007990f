import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { askForSecond } from '../../../domain/incidents/confirming.ts'
import type { Incident } from '../../../domain/incidents/incident.ts'
import { dismissDraft, editDraft, publishDraft } from '../../../domain/incidents/drafts.ts'
import { readIncidentOrDraft } from '../../../domain/incidents/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { Conflict, NotFound } from '../../../lib/errors.ts'
import { markdown } from '../../../lib/markdown.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, text } from '../../shared/forms.ts'
import { choosable, promiseValues, readComposer } from '../composer.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { mustBeFor, sayingAt, whenOf } from './later.ts'
import { filledOut, templatingOf } from '../filling.ts'
import { nameOrProposal, statusesOf } from '../named.ts'
import { evidenceOf } from '../probes/evidence.ts'
import { whomToTell } from './preview.ts'
import { measuredThen } from '../probes/measured-evidence.ts'
import { renewed, translationValues } from '../translations.ts'
import type { Theirs } from '../views.ts'
import { begun, said, writingOn } from '../writing.ts'
import { deskWords } from '../words.ts'

/** First words that wait: made by a probe, or by a person who was not sure. */
export function draftRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const draft = await waiting(desk, request)
    return desk.show(request, reply, 'admin/incidents/draft', {
      title: 'Edit the draft',
      model: {
        wide: true,
        draft,
        evidence: await evidenceOf(desk, draft),
        measured: await measuredThen(desk.db, draft.id),
        state,
        systems: await choosable(desk.db, statusesOf(draft)),
        templating: await templatingOf(desk, request, { use: 'incident', values: state.values }),
        writing: await writingOn(desk, request, `draft:${draft.id}`, { isAgain: state.fault !== null }),
        theirs: theirDraft(draft, state.values),
        whom: await whomToTell(desk, request, { ...state.values, incident: draft.id }),
      },
      status,
    })
  }

  face.get('/drafts/:id', { config: { access: operators('draft') } }, async (request, reply) => {
    const draft = await waiting(desk, request)
    const { zone } = await readSite(desk.db)
    const now = desk.clock.now()
    // The whole list as the draft has it: saving it again changes nothing.
    const statuses = Object.fromEntries([...statusesOf(draft)].map(([id, status]) => [`component.${id}`, status]))
    const [word] = draft.updates
    const values = {
      name: draft.name,
      stage: draft.stage,
      body: word?.body ?? '',
      beganAt: deskWords(now, zone).local(draft.beganAt),
      ...promiseValues(draft, { now, zone }),
      ...statuses,
      ...translationsOf(draft),
    }
    return form(request, reply, await begun(desk, request, `draft:${draft.id}`, values), 200)
  })

  face.post('/drafts/:id', { config: { access: operators('draft') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { id } = request.params as { id: string }
        const site = await readSite(desk.db)
        const { zone } = site
        const { local } = deskWords(desk.clock.now(), zone)
        const draft = await waiting(desk, request)
        const when = whenOf(given, zone)
        const isPublished = text(given, 'intent') === 'publish'
        const { account } = signedIn(request)
        mustBeFor(account, isPublished || when.kind === 'at' || draft.publishesAt !== null ? 'said' : 'kept')
        const saying = sayingAt(when, desk.clock.now())
        const composed = readComposer(given, { now: saying, zone })
        const context = { site, now: desk.clock.now(), incident: draft }
        const { overAt: _overAt, ...word } = await filledOut(desk.db, composed, { form: given, context })
        // The field knows minutes only: a beginning that was not touched keeps its seconds.
        const beganAt = text(given, 'beganAt') === local(draft.beganAt) ? undefined : word.beganAt
        const [first] = draft.updates
        const translations = renewed(word.translations, translationsOf(draft), {
          name: [draft.name, word.name],
          body: [first?.body ?? '', word.body],
          noPromiseReason: [draft.noPromiseReason ?? '', word.noPromiseReason ?? ''],
        })
        const publishesAt = when.kind === 'at' ? when.at : null
        await desk.change(signedIn(request).actor, async (it) => {
          const stored = await readIncidentOrDraft(it.tx, id)
          if (stored) mustBeAsSeen(stored, given)
          await said(it, request, `draft:${id}`)
          await editDraft(it, id, {
            ...word,
            translations,
            name: await nameOrProposal(it.tx, word),
            beganAt,
            publishesAt,
          })
          if (when.kind === 'confirmed') await askForSecond(it, id)
          if (isPublished) await publishDraft(it, id)
        })
        if (when.kind !== 'now') return done('/admin', when.kind === 'at' ? 'planned' : 'asked')
        return isPublished ? done(`/admin/incidents/${id}`, 'published') : done('/admin', 'drafted')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.post('/drafts/:id/publish', { config: { access: operators('disclose') } }, async (request, reply) => {
    const { id } = request.params as { id: string }
    const seen = text(request.body as Form, 'seen')
    await desk.change(signedIn(request).actor, async (it) => {
      const draft = await readIncidentOrDraft(it.tx, id)
      // Our checks may have said it anew while it was read.
      if (draft?.toldAt === null && seen !== '' && seen !== draft.updatedAt)
        throw new Conflict('This draft was changed while you read it. Look at what it says now, then publish it.')
      await publishDraft(it, id)
    })
    return reply.redirect(done(`/admin/incidents/${id}`, 'published'), 303)
  })

  face.post('/drafts/:id/dismiss', { config: { access: operators('disclose') } }, async (request, reply) => {
    const { id } = request.params as { id: string }
    await desk.change(signedIn(request).actor, (it) => dismissDraft(it, id))
    return reply.redirect(done('/admin', 'dismissed'), 303)
  })
}

function translationsOf({ translations, updates: [word] }: Incident): Form {
  return translationValues(translations, word?.translations ?? {})
}

/** A draft belongs to everybody at the desk: nobody writes over what another saved a moment ago. */
function mustBeAsSeen(draft: Incident, form: Form): void {
  if (text(form, 'seen') === draft.updatedAt) return
  const who = draft.updates[0]?.author ?? 'Candor'
  throw new Conflict(`${who} changed this draft meanwhile. Read it below, then save yours if it still holds.`)
}

function theirDraft(draft: Incident, values: Form): Theirs | null {
  const seen = text(values, 'seen')
  const [word] = draft.updates
  if (seen === '' || seen === draft.updatedAt || !word) return null
  return {
    said: [{ by: word.author ?? 'Candor', at: draft.updatedAt, what: draft.name, html: markdown(word.body) }],
    html: markdown(text(values, 'body')),
  }
}

async function waiting(desk: Desk, request: FastifyRequest): Promise<Incident> {
  const draft = await readIncidentOrDraft(desk.db, (request.params as { id: string }).id)
  if (!draft || draft.dismissedAt !== null) throw new NotFound('There is no such draft any more.')
  if (draft.toldAt !== null) throw new NotFound('This draft was published. It is an incident now.')
  return draft
}
