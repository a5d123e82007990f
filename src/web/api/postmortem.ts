import type { Db } from '../../database/database.ts'
import type { Change } from '../../domain/changes/change.ts'
import { readIncident } from '../../domain/incidents/queries.ts'
import { correctReview, discardReviewDraft, draftReview, publishReview } from '../../domain/reviews/commands.ts'
import { reviewAtDesk } from '../../domain/reviews/queries.ts'
import { type Head, heads } from '../../domain/reviews/review.ts'
import { reviewText } from '../../domain/reviews/told.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import { amongOthers, described, fields, prose } from '../../lib/fields.ts'
import { messages } from '../../lib/messages.ts'
import { type Call, reads, writes } from './call.ts'
import { type PostmortemAnswer, postmortem } from './documents.ts'
import { disclosers, readers } from './scopes.ts'
import { toTheSecond } from './shapes.ts'
import { withTheirFields } from './their-fields.ts'
import { usualReason } from './usual-words.ts'

const noun = 'Postmortems'
const path = '/pages/:page/incidents/:incident/postmortem'

const body = amongOthers(
  fields({
    postmortem: amongOthers(
      fields({
        body_draft: described(
          prose(),
          'Markdown. What stands under “## ” and the title of a head of our reviews goes there; the rest is what happened.',
        ),
      }),
    ),
  }),
)

/** What was learned from an incident: the reviews of the desk as one text. */
export const postmortemCalls: readonly Call[] = [
  reads({
    noun,
    path,
    scopes: readers,
    summary: 'What was learned, published or not',
    answer: postmortem,
    read: ({ db }, { params }) => answerOf(db, params.incident),
  }),
  writes({
    noun,
    method: 'PUT',
    path,
    scopes: disclosers,
    summary: 'Write a draft of it; readers see nothing of that',
    body,
    answer: postmortem,
    write: async (change, { params, body: { postmortem: wished } }) => {
      const { incident, draft } = await reviewOf(change.tx, params.incident)
      await draftReview(change, incident.id, {
        heads: headsIn(wished.body_draft, incident.locale),
        translations: draft?.translations ?? {},
        author: draft?.author ?? null,
        actions: [...(draft?.actions ?? [])],
      })
      return answerOf(change.tx, incident.id)
    },
  }),
  writes({
    noun,
    method: 'PUT',
    path: `${path}/publish`,
    scopes: disclosers,
    summary: 'Publish the draft',
    detail:
      'As the last word where it may be one: of a major or critical incident, where no head is missing. Else as what is ' +
      'known so far. What was published already is corrected, which readers see.',
    answer: postmortem,
    write: async (change, { params }) => {
      await withTheirFields('postmortem', () => publish(change, params.incident))
      return answerOf(change.tx, params.incident)
    },
  }),
  writes({
    noun,
    method: 'PUT',
    path: `${path}/revert`,
    scopes: disclosers,
    summary: 'Take it off the page: only what was never on it',
    answer: postmortem,
    write: async (change, { params }) => {
      const answer = await answerOf(change.tx, params.incident)
      if (answer.published_at !== null) throw stays()
      return answer
    },
  }),
  writes({
    noun,
    method: 'DELETE',
    path,
    scopes: disclosers,
    summary: 'Throw the draft away',
    status: 204,
    answer: null,
    write: async (change, { params }) => {
      const answer = await answerOf(change.tx, params.incident)
      if (answer.published_at !== null && answer.body_draft === null) throw stays()
      await discardReviewDraft(change, params.incident)
      return null
    },
  }),
]

function stays(): Conflict {
  return new Conflict(
    'What was published is not taken back: write another draft and publish that, and readers see both.',
  )
}

async function publish(change: Change, incidentId: string): Promise<void> {
  const { incident, review, draft } = await reviewOf(change.tx, incidentId)
  if (!draft) {
    if (review) return
    throw new Conflict('There is no draft to publish: write one first.')
  }
  const hasTranslations = Object.keys(draft.translations).length > 0
  const words = {
    heads: draft.heads,
    ...(hasTranslations ? { translations: draft.translations } : {}),
    author: draft.author,
    actions: draft.actions.map(({ title, dueOn, owner }) => ({ title, dueOn: dueOn ?? '', owner })),
  }
  const isPlanned = draft.actions.length + (review?.actions.length ?? 0) > 0
  const isWhole = heads.every((head) => draft.heads[head] || (head === 'next' && isPlanned))
  const mayBeLast = isWhole || !['major', 'critical'].includes(incident.severity)
  if (review?.finalAt || (review?.preliminaryAt && !mayBeLast))
    await correctReview(change, incident.id, { ...words, ...usualReason(incident.locale) })
  else await publishReview(change, incident.id, { ...words, as: mayBeLast ? 'final' : 'preliminary' })
}

async function reviewOf(db: Db, incidentId: string) {
  const incident = await readIncident(db, incidentId)
  if (!incident) throw new NotFound('There is no such incident.')
  const written = await reviewAtDesk(db, incident.id)
  const isPublished = written !== null && (written.review.preliminaryAt ?? written.review.finalAt) !== null
  return { incident, review: isPublished ? written.review : null, draft: written?.draft ?? null, row: written?.review }
}

async function answerOf(db: Db, incidentId: string): Promise<PostmortemAnswer> {
  const { incident, review, draft, row } = await reviewOf(db, incidentId)
  if (!row || (!review && !draft)) throw new NotFound('There is no postmortem of this incident.')
  const publishedAt = review && (review.finalAt ?? review.preliminaryAt)
  const createdAt = review?.preliminaryAt ?? review?.finalAt ?? draft?.at ?? row.updatedAt
  return {
    preview_key: null,
    body: review && reviewText(review, review.locale),
    body_updated_at: review && toTheSecond(review.updatedAt),
    body_draft: draft && textOf(draft.heads, incident.locale),
    body_draft_updated_at: draft && toTheSecond(draft.at),
    published_at: publishedAt && toTheSecond(publishedAt),
    notify_subscribers: false,
    notify_twitter: false,
    custom_tweet: null,
    created_at: toTheSecond(createdAt),
    updated_at: toTheSecond(draft?.at ?? row.updatedAt),
  }
}

/** As reviews are written as one text: each head under its title. */
function textOf(texts: Partial<Record<Head, string>>, locale: string): string {
  const say = messages(locale)
  const parts = heads.flatMap((head) => (texts[head] ? [`## ${say(`review.head.${head}`)}\n\n${texts[head]}`] : []))
  return parts.join('\n\n')
}

/** The same backwards. */
function headsIn(text: string, locale: string): Partial<Record<Head, string>> {
  const say = messages(locale)
  const titles = new Map(heads.map((head) => [`## ${say(`review.head.${head}`)}`, head]))
  const lines: Record<Head, string[]> = { saw: [], happened: [], why: [], duration: [], data: [], done: [], next: [] }
  let at: Head = 'happened'
  for (const written of text.split('\n')) {
    const head = titles.get(written.trim())
    if (head) at = head
    else lines[at].push(written)
  }
  return Object.fromEntries(
    heads.flatMap((head) => {
      const said = lines[head].join('\n').trim()
      return said === '' ? [] : [[head, said]]
    }),
  )
}
