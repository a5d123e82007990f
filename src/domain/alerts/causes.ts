import type { ExpressionBuilder } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { Tables } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import { worded } from '../../lib/local-times.ts'
import { openActions, owedReviews as reviewsOwed } from '../reviews/queries.ts'
import type { Alert, AlertKind, Cause } from './alert.ts'

/** When it is looked, and in which zone times are said. */
export interface Looking {
  readonly now: Instant
  readonly zone: string
}

/**
 * What waits for a person in what is told: drafts, promises, updates that wait, what is owed. Read from how things are and
 * not from what happened, so that nothing is called for that was seen to meanwhile, and nothing is forgotten by a restart.
 * Costs what is open.
 */
export async function causesInWords(db: Db, looking: Looking): Promise<Cause[]> {
  return [
    ...(await waitingDrafts(db, looking)),
    ...(await openedByThemselves(db)),
    ...(await promisedUpdates(db, looking)),
    ...(await owedReviews(db, looking)),
    ...(await waitingUpdates(db)),
    ...(await lateActions(db)),
  ]
}

/** What `causesInWords` finds. */
const ofWords: ReadonlySet<AlertKind> = new Set([
  'draft-waiting',
  'opened-by-itself',
  'promise-due',
  'promise-missed',
  'review-late',
  'update-held',
  'second-asked',
])

/**
 * Without what somebody has seen to since the clock last looked, a second or two ago: whoever just dismissed a draft is not
 * called for it on the page that follows.
 */
export async function unseenTo(db: Db, alerts: readonly Alert[], looking: Looking): Promise<readonly Alert[]> {
  if (!alerts.some(({ kind }) => ofWords.has(kind))) return alerts
  const causes = await causesInWords(db, looking)
  return alerts.filter(
    ({ kind, subject }) =>
      !ofWords.has(kind) || causes.some((cause) => cause.kind === kind && cause.subject === subject),
  )
}

/** More is no list any more. */
const most = 200

const usual = { detail: null, except: null, after: null } as const

/** A title as it stands in a sentence. */
function quoted(name: string): string {
  return `“${name}”`
}

/** Those that nobody has taken up: who edits one holds it from then on. */
async function waitingDrafts(db: Db, looking: Looking): Promise<Cause[]> {
  const rows = await db
    .selectFrom('incidents')
    .innerJoin('updates', 'updates.incident_id', 'incidents.id')
    .select(['incidents.id', 'name', 'publishes_at', 'body'])
    .where('told_at', 'is', null)
    .where('over_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .where('held_by', '=', 'engine')
    .orderBy('incidents.created_at')
    .orderBy('incidents.id')
    .limit(most)
    .execute()
  return rows.map(({ id, name, body, publishes_at: publishesAt }) => ({
    ...usual,
    detail: body,
    kind: 'draft-waiting',
    subject: id,
    about: id,
    name: publishesAt
      ? `The draft ${quoted(name)} waits for you. It publishes itself at ${timeOf(publishesAt, looking)}.`
      : `The draft ${quoted(name)} waits for you.`,
    path: '/admin#drafts',
    deed: 'Publish, edit or dismiss it',
  }))
}

/** Those on which no person has done anything yet. Whoever confirmed a draft knows of it. */
async function openedByThemselves(db: Db): Promise<Cause[]> {
  const rows = await db
    .selectFrom('incidents')
    .select(['id', 'name'])
    .where('told_at', 'is not', null)
    .where('over_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .where('held_by', '=', 'engine')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('events')
            .select('seq')
            .whereRef('events.subject', '=', 'incidents.id')
            .where((eb) => byAPerson(eb)),
        ),
      ),
    )
    .orderBy('began_at')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(({ id, name }) => ({
    ...usual,
    kind: 'opened-by-itself',
    subject: id,
    about: id,
    name: `${quoted(name)} was published by itself. Nobody has said anything on it yet.`,
    path: `/admin/incidents/${id}`,
    deed: 'Say what is known',
  }))
}

/** By somebody at the desk, or by a program that somebody gave a token. */
function byAPerson(eb: ExpressionBuilder<Tables, 'events'>) {
  return eb.or(['operator', 'token'].map((kind) => eb('events.actor', 'like', `{"kind":"${kind}"%`)))
}

const promised = { update: 'update', review: 'review', 'final-review': 'final review' } as const

/** Of what was reminded of, and of updates that did not come. Both end when what was promised comes, or is let go. */
async function promisedUpdates(db: Db, looking: Looking): Promise<Cause[]> {
  const of = db
    .selectFrom('promises')
    .innerJoin('incidents', 'incidents.id', 'promises.incident_id')
    .select(['promises.id', 'incident_id', 'kind', 'due_at', 'name'])
  const due = await of
    .where('outcome', 'is', null)
    .where('reminded_at', 'is not', null)
    .orderBy('due_at')
    .orderBy('promises.id')
    .limit(most)
    .execute()
  const missed = await of
    // From what is open: updates were missed for ten years.
    .where('incident_id', 'in', (eb) =>
      eb
        .selectFrom('incidents')
        .select('id')
        .where('told_at', 'is not', null)
        .where('over_at', 'is', null)
        .where('dismissed_at', 'is', null),
    )
    .where('kind', '=', 'update')
    .where('outcome', '=', 'missed')
    .where('came_at', 'is', null)
    .orderBy('due_at')
    .orderBy('promises.id')
    .limit(most)
    .execute()
  return [
    ...due.map(({ id, incident_id: incident, kind, due_at: at, name }) => ({
      ...usual,
      kind: 'promise-due' as const,
      subject: id,
      about: incident,
      name: `The ${promised[kind]} promised for ${timeOf(at, looking)} on ${quoted(name)} is due.`,
      ...(kind === 'update'
        ? { path: `/admin/incidents/${incident}`, deed: 'Post the update' }
        : { path: `/admin/incidents/${incident}/review`, deed: 'Write the review' }),
    })),
    ...missed.map(({ id, incident_id: incident, due_at: at, name }) => ({
      ...usual,
      kind: 'promise-missed' as const,
      subject: id,
      about: incident,
      name: `The update promised for ${timeOf(at, looking)} on ${quoted(name)} was missed, and the page says so.`,
      path: `/admin/incidents/${incident}`,
      deed: 'Post the update',
      after: 'promise-due' as const,
    })),
  ]
}

/** Reviews whose time has passed. */
async function owedReviews(db: Db, looking: Looking): Promise<Cause[]> {
  const missed = (await reviewsOwed(db)).filter(({ isMissed }) => isMissed)
  return missed.map(({ incidentId, incidentName, kind, dueAt }) => ({
    ...usual,
    kind: 'review-late',
    subject: `${incidentId} ${kind}`,
    about: incidentId,
    name: `The ${promised[kind]} of ${quoted(incidentName)}, promised for ${timeOf(dueAt, looking)}, is overdue, and the page says so.`,
    path: `/admin/incidents/${incidentId}/review`,
    deed: 'Write the review',
  }))
}

async function lateActions(db: Db): Promise<Cause[]> {
  const late = (await openActions(db, most)).filter(({ overdueAt }) => overdueAt !== null)
  return late.map(({ id, title, incidentId, incidentName }) => ({
    ...usual,
    kind: 'review-late',
    subject: id,
    about: incidentId,
    name: `An action of the review of ${quoted(incidentName)} is overdue: ${title}`,
    path: '/admin/reviews',
    deed: 'See what is owed',
  }))
}

/** Words that are written and wait: those that were held back at their time, and those that somebody else has to confirm. */
async function waitingUpdates(db: Db): Promise<Cause[]> {
  const held = await db
    .selectFrom('waiting_updates')
    .innerJoin('incidents', 'incidents.id', 'waiting_updates.incident_id')
    .select(['waiting_updates.id', 'incident_id', 'incidents.name', 'held_because'])
    .where('held_because', 'is not', null)
    .orderBy('waiting_updates.id')
    .limit(most)
    .execute()
  const asked = await db
    .selectFrom('confirmations')
    .leftJoin('waiting_updates', 'waiting_updates.id', 'confirmations.subject')
    .innerJoin('incidents', (join) =>
      join.on((eb) =>
        eb.or([
          eb('incidents.id', '=', eb.ref('confirmations.subject')),
          eb('incidents.id', '=', eb.ref('waiting_updates.incident_id')),
        ]),
      ),
    )
    .select(['confirmations.subject', 'confirmations.account_id', 'confirmations.author', 'asked_at'])
    .select(['incidents.id', 'incidents.name'])
    .orderBy('asked_at')
    .orderBy('confirmations.subject')
    .limit(most)
    .execute()
  return [
    ...held.map(({ id, incident_id: incident, name, held_because: why }) => ({
      ...usual,
      kind: 'update-held' as const,
      subject: id,
      about: incident,
      name: `An update on ${quoted(name)} did not publish itself: ${why}`,
      path: '/admin#drafts',
      deed: 'Publish it or take it back',
    })),
    ...asked.map(({ subject, account_id: account, author, asked_at: at, id, name }) => ({
      ...usual,
      kind: 'second-asked' as const,
      // Asked again, it is another question.
      subject: `${subject} ${at}`,
      about: id,
      name: `${author} asks somebody else to confirm what is said on ${quoted(name)}.`,
      path: '/admin#drafts',
      deed: 'Read and confirm it',
      except: account,
    })),
  ]
}

/** `14:30`; with the day where it is another. */
function timeOf(instant: Instant, { now, zone }: Looking): string {
  const isToday = dayOf(instant, zone) === dayOf(now, zone)
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    ...(isToday ? {} : { weekday: 'short', day: 'numeric', month: 'short' }),
  })
  return worded(format, instant)
}
