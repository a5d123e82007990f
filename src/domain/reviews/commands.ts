import type { Selectable } from 'kysely'
import type { IncidentRow } from '../../database/tables.ts'
import type { ReviewRow } from '../../database/tables/reviews.ts'
import { check } from '../../lib/check.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { toldIncident } from '../incidents/rules.ts'
import { authorOf } from '../incidents/updates.ts'
import { keepPromises } from '../promises/commands.ts'
import { keepRevision } from '../revisions/commands.ts'
import { reasonOf } from '../revisions/reasons.ts'
import type { Locale } from '../site/site.ts'
import { translated } from '../site/translations.ts'
import { insertActions } from './actions.ts'
import {
  type DraftWords,
  type NewReview,
  type ReviewCorrection,
  draftWords,
  newReview,
  reviewCorrection,
} from './input.ts'
import { type Head, type HeadTexts, type ReviewDraft, heads } from './review.ts'
import { rewritten, retranslated, textsOf } from './words.ts'

type Row = Selectable<ReviewRow>

/** Keeps what is written so far, for whoever goes on; readers see nothing of it. */
export async function draftReview(change: Change, incidentId: string, input: Unchecked<DraftWords>): Promise<void> {
  const { actions, ...given } = check(draftWords, input)
  const incident = await reviewable(change, incidentId)
  const row = await ensureReview(change, incident)
  mustHaveSeen(row, given.seen)
  const draft = JSON.stringify({
    heads: textsOf(given.heads),
    translations: translated(given.translations, heads, row.locale),
    author: given.author ?? null,
    actions: (actions ?? []).map(({ title, dueOn = null, owner = null }) => ({ title, dueOn, owner })),
  } satisfies ReviewDraft)
  if (draft === row.draft) return
  await change.tx
    .updateTable('reviews')
    .set({ draft, drafted_at: change.now, drafted_by: authorOf(change, null) })
    .where('id', '=', row.id)
    .execute()
  await change.record({
    type: 'review.drafted',
    subject: incidentId,
    data: { name: incident.name, review: row.id },
  })
}

/**
 * Tells readers what was learned: what is known so far, or the last word. Of a major or critical incident no head may be
 * missing in the last word; before that, one that is left open reads “we do not know yet”.
 */
export async function publishReview(change: Change, incidentId: string, input: Unchecked<NewReview>): Promise<void> {
  const given = check(newReview, input)
  const incident = await reviewable(change, incidentId)
  const row = await ensureReview(change, incident)
  const isFinal = given.as === 'final'
  if (row.final_at !== null) throw new Conflict('The final review is published already: correct it instead.')
  if (!isFinal && row.preliminary_at !== null)
    throw new Conflict('A preliminary review is published already: correct it, or publish the final one.')
  mustHaveSeen(row, given.seen)
  const before = JSON.parse(row.heads) as HeadTexts
  const after = rewritten(before, given.heads, change.now)
  await mustBeWhole(change, incident, { after, as: given.as, actions: given.actions?.length ?? 0 })

  const translations = retranslated(row, after, given.translations)
  await change.tx
    .updateTable('reviews')
    .set({
      heads: JSON.stringify(after),
      translations: JSON.stringify(translations),
      author: authorOf(change, given.author),
      ...(isFinal ? { final_at: change.now } : { preliminary_at: change.now }),
      corrected_at: null,
      ...nothingDrafted,
      updated_at: change.now,
    })
    .where('id', '=', row.id)
    .execute()
  const actions = await insertActions(change, incident, given.actions ?? [])
  await change.tx
    .updateTable('incidents')
    .set({ reviewed_at: incident.reviewed_at ?? change.now, latest_update_at: change.now, updated_at: change.now })
    .where('id', '=', incidentId)
    .execute()
  // Not a correction: that another one follows was said. What the first one said stays readable all the same.
  if (row.preliminary_at !== null) {
    const said = { shown: 'no', reason: null } as const
    await keepRevision(change, { of: 'review', subject: row.id, owner: incidentId, ...changes(before, after), ...said })
  }
  await change.record({
    type: 'review.published',
    subject: incidentId,
    data: { name: incident.name, review: row.id, as: given.as, actions: actions.map(({ id }) => id) },
  })
  await keepPromises(change, { incident: incidentId, kind: 'review', by: row.id })
  if (isFinal) await keepPromises(change, { incident: incidentId, kind: 'final-review', by: row.id })
}

/** Says something else than was said, visibly. Translations that are added or mended are no correction of what was said. */
export async function correctReview(
  change: Change,
  incidentId: string,
  input: Unchecked<ReviewCorrection>,
): Promise<void> {
  const given = check(reviewCorrection, input)
  const incident = await toldIncident(change, incidentId)
  const row = await reviewRow(change, incidentId)
  if (!row || !isPublished(row)) throw new Conflict('There is no published review: publish it first.')
  mustHaveSeen(row, given.seen)
  const before = JSON.parse(row.heads) as HeadTexts
  const after = rewritten(before, given.heads, change.now)
  await mustBeWhole(change, incident, { after, as: row.final_at ? 'final' : 'preliminary', actions: 0 })
  const corrected = heads.filter((head) => before[head]?.text !== after[head]?.text)
  const translations = JSON.stringify(retranslated(row, after, given.translations))
  const isTranslated = translations !== row.translations
  const actions = await insertActions(change, incident, given.actions ?? [])
  if (corrected.length > 0 && !given.reason)
    throw new Invalid('Say why it is corrected: readers see that it was, and the reason.', 'reason')

  await change.tx
    .updateTable('reviews')
    .set({
      heads: JSON.stringify(after),
      translations,
      ...(given.author ? { author: given.author } : {}),
      ...(corrected.length > 0 ? { corrected_at: change.now } : {}),
      ...(corrected.length > 0 || isTranslated ? { updated_at: change.now } : {}),
      ...nothingDrafted,
    })
    .where('id', '=', row.id)
    .execute()
  const data = { name: incident.name, review: row.id }
  if (corrected.length > 0) {
    const reason = given.reason ? reasonOf({ ...given, reason: given.reason }, row.locale as Locale) : null
    const said = { author: given.author ?? null, reason, ...changes(before, after) }
    const revision = await keepRevision(change, { of: 'review', subject: row.id, owner: incidentId, ...said })
    const more = { heads: corrected, revision }
    await change.record({ type: 'review.corrected', subject: incidentId, data: { ...data, ...more } })
  } else if (isTranslated) {
    await change.record({ type: 'review.translated', subject: incidentId, data })
  }
  for (const action of actions) {
    await change.record({ type: 'action.added', subject: incidentId, data: { name: action.title, action: action.id } })
  }
  if (corrected.length > 0 || isTranslated) {
    await change.tx.updateTable('incidents').set({ updated_at: change.now }).where('id', '=', incidentId).execute()
  }
}

const nothingDrafted = { draft: null, drafted_at: null, drafted_by: null }

/** Nothing that somebody else wrote meanwhile goes without having been seen. Programs, which show nothing, say nothing. */
function mustHaveSeen(row: Row, seen: string | null | undefined): void {
  const published = isPublished(row) ? row.updated_at : null
  if (seen === undefined || seen === (row.draft === null ? published : row.drafted_at)) return
  throw new Conflict(
    row.draft === null
      ? 'This review was published or changed meanwhile: what it says now stands beside yours.'
      : `${row.drafted_by ?? 'Somebody'} saved this draft meanwhile: what they wrote stands beside yours.`,
  )
}

function isPublished({ preliminary_at: preliminaryAt, final_at: finalAt }: Row): boolean {
  return preliminaryAt !== null || finalAt !== null
}

/** Forgets what was written and not published; answers whether there was anything. */
export async function discardReviewDraft(change: Change, incidentId: string): Promise<boolean> {
  const incident = await toldIncident(change, incidentId)
  const row = await reviewRow(change, incidentId)
  if (!row || row.draft === null) return false
  await change.tx.updateTable('reviews').set(nothingDrafted).where('id', '=', row.id).execute()
  await change.record({ type: 'review.drafted', subject: incidentId, data: { name: incident.name, review: row.id } })
  return true
}

/** An incident of which one can look back: readers know of it, and it is over. One that was reopened keeps its review. */
async function reviewable(change: Change, id: string): Promise<Selectable<IncidentRow>> {
  const incident = await toldIncident(change, id)
  if (incident.over_at === null) throw new Conflict('This incident is not over: a review looks back on one that is.')
  return incident
}

async function reviewRow(change: Change, incidentId: string): Promise<Row | undefined> {
  return change.tx.selectFrom('reviews').selectAll().where('incident_id', '=', incidentId).executeTakeFirst()
}

/** The row of an incident's review, made when the first word of it is written. */
async function ensureReview(change: Change, incident: Selectable<IncidentRow>): Promise<Row> {
  const known = await reviewRow(change, incident.id)
  if (known) return known
  return change.tx
    .insertInto('reviews')
    .values({
      id: change.ids.next(),
      incident_id: incident.id,
      locale: incident.locale,
      heads: '{}',
      translations: '{}',
      author: null,
      preliminary_at: null,
      final_at: null,
      corrected_at: null,
      ...nothingDrafted,
      created_at: change.now,
      updated_at: change.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** What will be done may be said by actions alone. */
async function mustBeWhole(
  change: Change,
  incident: Selectable<IncidentRow>,
  review: { readonly after: HeadTexts; readonly as: NewReview['as']; readonly actions: number },
): Promise<void> {
  if (!heads.some((head) => review.after[head]))
    throw new Invalid('A review says something: write at least one head.', 'heads.saw')
  const severity = incident.severity_override ?? incident.severity
  if (review.as === 'preliminary' || !['major', 'critical'].includes(severity)) return
  const action = await change.tx
    .selectFrom('actions')
    .select('id')
    .where('incident_id', '=', incident.id)
    .limit(1)
    .execute()
  const isPlanned = review.actions + action.length > 0
  const missing = heads.find((head) => !review.after[head] && !(head === 'next' && isPlanned))
  if (missing)
    throw new Invalid(
      `The final review of a ${severity} incident leaves no head out: write this one too.`,
      `heads.${missing}`,
    )
}

/** Of the heads that changed, what stood there and what stands there now. */
function changes(before: HeadTexts, after: HeadTexts) {
  const changed = heads.filter((head) => before[head]?.text !== after[head]?.text)
  const texts = (of: HeadTexts): Partial<Record<Head, string | null>> =>
    Object.fromEntries(changed.map((head) => [head, of[head]?.text ?? null]))
  return { before: texts(before), after: texts(after) }
}
