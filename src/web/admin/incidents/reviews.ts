import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Change } from '../../../domain/changes/change.ts'
import { readIncident } from '../../../domain/incidents/queries.ts'
import type { Incident } from '../../../domain/incidents/incident.ts'
import { correctReview, draftReview, publishReview } from '../../../domain/reviews/commands.ts'
import { type SavedDraft, openActions, owedReviews, reviewAtDesk } from '../../../domain/reviews/queries.ts'
import type { DraftedAction, Head, Review } from '../../../domain/reviews/review.ts'
import { heads } from '../../../domain/reviews/review.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { isLocale } from '../../../domain/site/site.ts'
import { dayOf } from '../../../lib/days.ts'
import { Invalid, NotFound } from '../../../lib/errors.ts'
import { messages } from '../../../lib/messages.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, text } from '../../shared/forms.ts'
import { isOvertaken } from '../as-seen.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { mustBeFor } from './later.ts'
import { type ReviewPage, headFields, seenHeads, writtenText } from './review-fields.ts'
import { heldMails } from '../telling.ts'
import { apart } from '../translations.ts'
import { reviewWhom } from '../whom.ts'
import { begun, said, withoutScratch, writingOn } from '../writing.ts'

/** How many rows for actions stand empty: so many may be added at once without script. */
const emptyRows = 3

/** What was learned: written, looked at, published, corrected. */
export function reviewRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/reviews', { config: { access: operators('see') } }, async (request, reply) => {
    const { zone } = await readSite(desk.db)
    return desk.show(request, reply, 'admin/reviews/list', {
      title: 'Reviews',
      model: {
        owed: await owedReviews(desk.db),
        actions: await openActions(desk.db),
        today: dayOf(desk.clock.now(), zone),
      },
    })
  })

  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { incident, review, draft } = await atDesk(desk, request)
    const { zone } = await readSite(desk.db)
    return desk.show(request, reply, 'admin/reviews/edit', {
      title: `Review of “${incident.name}”`,
      model: {
        incident,
        review,
        draft,
        state,
        fields: headFields(),
        lines: rowsOf(state.values),
        seen: seenAt(review, draft),
        other: isOvertaken(state.values, seenAt(review, draft)) ? theirs(review, draft) : null,
        writing: await writingOn(desk, request, `review:${incident.id}`, { isAgain: state.fault !== null }),
        today: dayOf(desk.clock.now(), zone),
        held: await heldMails(desk, { noun: 'incident', id: incident.id }),
        whom: await reviewWhom(desk, incident, review),
      },
      status,
    })
  }

  face.get('/incidents/:id/review', { config: { access: operators('draft') } }, async (request, reply) => {
    const { incident, review, draft } = await atDesk(desk, request)
    const own = await begun(desk, request, `review:${incident.id}`, valuesOf(review, draft))
    return form(request, reply, own, 200)
  })

  face.post('/incidents/:id/review', { config: { access: operators('draft') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { id } = request.params as { id: string }
        const page = `/admin/incidents/${id}/review`
        const { act, reason, reasons, ...words } = readReview(given)
        const { account, actor } = signedIn(request)
        mustBeFor(account, act === 'save' || act === 'look' ? 'kept' : 'said')
        const keeps = (work: (it: Change) => Promise<unknown>) =>
          desk.change(actor, async (it) => {
            await work(it)
            await said(it, request, `review:${id}`)
          })
        switch (act) {
          case 'save':
            await keeps((it) => draftReview(it, id, words))
            return done(page, 'review-saved')
          case 'look':
            await keeps((it) => draftReview(it, id, words))
            return `${page}/preview`
          case 'preliminary':
          case 'final':
            await keeps((it) => publishReview(it, id, { ...words, actions: whole(words.actions), as: act }))
            return done(page, 'published')
          case 'correct':
            await keeps((it) => correctReview(it, id, { ...words, actions: whole(words.actions), reason, reasons }))
            return done(page, 'review-corrected')
          default:
            throw new Invalid('Choose what to do with the review.', 'act')
        }
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.get('/incidents/:id/review/preview', { config: { access: operators('draft') } }, async (request, reply) => {
    const { incident, review, draft } = await atDesk(desk, request)
    if (!draft) throw new NotFound('There is no draft to look at: write one first.')
    const { language } = request.query as { readonly language?: unknown }
    const original = review?.locale ?? incident.locale
    const locale = typeof language === 'string' && isLocale(language) ? language : original
    return desk.show(request, reply, 'admin/reviews/preview', {
      title: `How the review of “${incident.name}” will read`,
      model: {
        incident,
        locale,
        title: messages(locale)('review.title'),
        languages: [original, ...Object.keys(draft.translations)],
        heads: seenHeads(draft, { locale, original }),
        actions: [...(review?.actions ?? []), ...draft.actions],
        author: draft.author ?? signedIn(request).account.name,
      },
    })
  })
}

async function atDesk(
  desk: Desk,
  request: FastifyRequest,
): Promise<{ readonly incident: Incident; readonly review: Review | null; readonly draft: SavedDraft | null }> {
  const { id } = request.params as { id: string }
  const incident = await readIncident(desk.db, id)
  if (!incident) throw new NotFound('There is no such incident.')
  const known = await reviewAtDesk(desk.db, id)
  return { incident, review: incident.review ? (known?.review ?? null) : null, draft: known?.draft ?? null }
}

/** What stands in the form: the draft, or else what is published. */
function valuesOf(review: Review | null, draft: SavedDraft | null): Form {
  const translations = draft
    ? Object.entries(draft.translations).flatMap(([locale, texts]) => fieldsOf(`translations.${locale}`, texts ?? {}))
    : Object.entries(review?.translations ?? {}).flatMap(([locale, texts]) =>
        Object.entries(texts ?? {}).map(([head, { text: words }]) => [`translations.${locale}.${head}`, words]),
      )
  const published = Object.entries(review?.heads ?? {}).map(([head, { text: words }]) => [`heads.${head}`, words])
  return Object.fromEntries([
    ...(draft ? fieldsOf('heads', draft.heads) : published),
    ...translations,
    ['author', draft?.author ?? review?.author ?? ''],
    ...(draft?.actions ?? []).flatMap((action, index) => fieldsOf(`actions.${index}`, { ...action })),
  ]) as Form
}

function fieldsOf(prefix: string, texts: Readonly<Record<string, string | null>>): [string, string][] {
  return Object.entries(texts).map(([name, words]) => [`${prefix}.${name}`, words ?? ''])
}

/** What stands there, in one hidden field: nobody writes over what somebody else wrote meanwhile. */
function seenAt(review: Review | null, draft: SavedDraft | null): string {
  return draft?.at ?? review?.updatedAt ?? ''
}

function theirs(review: Review | null, draft: SavedDraft | null): ReviewPage['other'] {
  if (draft) return { by: draft.by, at: draft.at, texts: writtenText(draft.heads) }
  if (!review) return null
  const said = heads.map((head): [Head, string] => [head, review.heads[head]?.text ?? ''])
  return { by: null, at: review.updatedAt, texts: writtenText(Object.fromEntries(said) as Record<Head, string>) }
}

/** The rows of the form, those that are filled and some that are not. */
function rowsOf(values: Form): readonly number[] {
  const filledRows = Object.keys(values).flatMap((name) => {
    const [, index, field] = /^actions\.(\d{1,2})\.(title|dueOn|owner)$/.exec(name) ?? []
    return index !== undefined && field && text(values, name) !== '' ? [Number(index)] : []
  })
  const count = Math.max(-1, ...filledRows) + 1 + emptyRows
  return Array.from({ length: count }, (_, index) => index)
}

interface ReadReview {
  readonly act: string
  readonly reason: string
  readonly seen: string
  readonly author: string
  readonly heads: Readonly<Partial<Record<Head, string>>>
  readonly translations: ReturnType<typeof apart>['translations']
  readonly reasons: ReturnType<typeof apart>['reasons']
  readonly actions: readonly { readonly title: string; readonly dueOn: string; readonly owner: string }[]
}

function readReview(given: Form): ReadReview {
  const { rest, translations, reasons } = apart(withoutScratch(given))
  const rows = rowsOf(rest).map((index) => ({
    title: text(rest, `actions.${index}.title`).trim(),
    dueOn: text(rest, `actions.${index}.dueOn`),
    owner: text(rest, `actions.${index}.owner`),
  }))
  return {
    act: text(rest, 'act'),
    reason: text(rest, 'reason'),
    seen: text(rest, 'seen'),
    author: text(rest, 'author'),
    heads: Object.fromEntries(heads.map((head) => [head, text(rest, `heads.${head}`)])),
    translations,
    reasons,
    actions: rows.filter(({ title, dueOn, owner }) => title !== '' || dueOn !== '' || owner !== ''),
  }
}

/** What is published has a day: an empty one is said to be missing, not to be wrong. */
function whole(actions: readonly Pick<DraftedAction, 'title' | 'owner' | 'dueOn'>[]) {
  return actions.map(({ title, dueOn, owner }) => {
    if (!dueOn) throw new Invalid(`By which day will this be done: “${title}”?`, 'actions')
    return { title, dueOn, owner }
  })
}
