import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { WaitingUpdateRow } from '../../database/tables/composing.ts'
import { check } from '../../lib/check.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { Conflict, NotFound, Refusal, Unavailable } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import { noPublisher } from '../accounts/queries.ts'
import type { Change, Changer } from '../changes/change.ts'
import { postUpdate } from './commands.ts'
import { type Confirmation, askForSecond, confirmations, mustBeSecond, withdrawQuestion } from './confirming.ts'
import { type NewUpdate, newUpdate } from './input.ts'
import { mustBeToCome, toldIncident } from './rules.ts'

/** An update that is written and not said: it waits for its time, for a second person, or for anybody at all. */
export interface WaitingUpdate {
  readonly id: string
  readonly incidentId: string
  readonly accountId: string
  readonly author: string
  readonly word: NewUpdate
  readonly publishesAt: Instant | null
  /** Why it did not say itself when its time came. */
  readonly heldBecause: string | null
  readonly createdAt: Instant
  /** Null: anybody may publish it. */
  readonly asked: Confirmation | null
}

export interface Plan {
  readonly word: Unchecked<NewUpdate>
  /** Null: when somebody else confirms it. */
  readonly publishesAt: Instant | null
}

/** More than a few never wait; a list has to end somewhere. */
const most = 100

/** Writes an update that is said at a time to come, or once a second person confirms it; answers its id. */
export async function planUpdate(change: Change, incidentId: string, { word, publishesAt }: Plan): Promise<string> {
  const given = check(newUpdate, word)
  const incident = await toldIncident(change, incidentId)
  if (incident.over_at !== null) throw new Conflict('This incident is resolved already: nothing waits on it any more.')
  if (publishesAt !== null) mustBeToCome(change, publishesAt, 'publishesAt')
  const { actor } = change
  const id = change.ids.next()
  await change.tx
    .insertInto('waiting_updates')
    .values({
      id,
      incident_id: incidentId,
      account_id: 'id' in actor ? actor.id : '',
      author: given.author ?? ('name' in actor ? actor.name : 'Candor'),
      word: JSON.stringify(given),
      seen: await newestWord(change.tx, incidentId),
      publishes_at: publishesAt,
      held_because: null,
      created_at: change.now,
    })
    .execute()
  if (publishesAt === null) await askForSecond(change, id)
  await change.record({ type: 'update.planned', subject: incidentId, data: { name: incident.name, at: publishesAt } })
  return id
}

/** Says a waiting update now: in its author's name, by whoever decides that. */
export async function publishWaiting(change: Change, id: string): Promise<string> {
  const waiting = await waitingRow(change, id)
  await mustBeSecond(change, id)
  return speak(change, waiting)
}

/** Takes a waiting update back; answers what it would have said, so that nothing is lost. */
export async function takeBackUpdate(change: Change, id: string): Promise<WaitingUpdate> {
  const waiting = await waitingRow(change, id)
  await forget(change, id)
  const { name } = await toldIncident(change, waiting.incidentId)
  await change.record({ type: 'update.taken-back', subject: waiting.incidentId, data: { name } })
  return waiting
}

/** Those that wait on one incident, or on all of them: what is said first stands first. */
export async function waitingUpdates(db: Db, incidentId?: string): Promise<WaitingUpdate[]> {
  let query = db.selectFrom('waiting_updates').selectAll()
  if (incidentId !== undefined) query = query.where('incident_id', '=', incidentId)
  const rows = await query.orderBy('publishes_at').orderBy('created_at').orderBy('id').limit(most).execute()
  const asked = await confirmations(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => toWaiting(row, asked.get(row.id) ?? null))
}

export interface WaitingJobParts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

/**
 * Job: updates whose time has come say themselves. What was written for another moment does not: if somebody spoke in
 * between, whoever wrote it may not publish any more, or things have moved on otherwise, it waits for a person, who is
 * told why.
 */
export async function publishDueUpdates({ db, change, clock }: WaitingJobParts): Promise<void> {
  const due = await db
    .selectFrom('waiting_updates')
    .selectAll()
    .where('publishes_at', '<=', clock.now())
    .orderBy('publishes_at')
    .orderBy('id')
    .limit(most)
    .execute()
  await oneByOne(due, async (row) => {
    const author = { kind: 'operator', id: row.account_id, name: row.author } as const
    try {
      await change(author, (it) => speakIfDue(it, row.id))
    } catch (error) {
      if (!(error instanceof Refusal) || error instanceof Unavailable) throw error
      await change(author, (it) => hold(it, row, error.message))
    }
  })
}

async function speakIfDue(change: Change, id: string): Promise<void> {
  const row = await change.tx.selectFrom('waiting_updates').selectAll().where('id', '=', id).executeTakeFirst()
  // Another process, or a person, may have been faster.
  if (!row || row.publishes_at === null || row.publishes_at > change.now) return
  if (row.seen !== (await newestWord(change.tx, row.incident_id))) {
    return hold(change, row, 'Somebody posted another update after this one was written.')
  }
  const author = await noPublisher(change.tx, row.account_id)
  if (author) return hold(change, row, `${author.name}, who wrote this, may not publish any more.`)
  await speak(change, toWaiting(row, null))
}

async function speak(change: Change, { id, incidentId, author, word }: WaitingUpdate): Promise<string> {
  await forget(change, id)
  // A promise that passed while it waited is made anew, as the severity has it.
  const isLate = word.nextUpdateBy && word.nextUpdateBy <= change.now
  return postUpdate(change, incidentId, { ...word, author, ...(isLate ? { nextUpdateBy: null } : {}) })
}

async function hold(change: Change, row: Selectable<WaitingUpdateRow>, reason: string): Promise<void> {
  const { numUpdatedRows } = await change.tx
    .updateTable('waiting_updates')
    .set({ publishes_at: null, held_because: reason })
    .where('id', '=', row.id)
    .where('publishes_at', 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  const { name } = await toldIncident(change, row.incident_id)
  await change.record({ type: 'update.held', subject: row.incident_id, data: { name, reason } })
}

async function forget(change: Change, id: string): Promise<void> {
  await withdrawQuestion(change, id)
  await change.tx.deleteFrom('waiting_updates').where('id', '=', id).execute()
}

async function waitingRow(change: Change, id: string): Promise<WaitingUpdate> {
  const row = await change.tx.selectFrom('waiting_updates').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('This update does not wait any more: it was published or taken back.')
  return toWaiting(row, null)
}

async function newestWord(db: Db, incidentId: string): Promise<string | null> {
  const row = await db
    .selectFrom('updates')
    .select('id')
    .where('incident_id', '=', incidentId)
    .where('displayed_at', 'is not', null)
    .orderBy('displayed_at', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

function toWaiting(row: Selectable<WaitingUpdateRow>, asked: Confirmation | null): WaitingUpdate {
  return {
    id: row.id,
    incidentId: row.incident_id,
    accountId: row.account_id,
    author: row.author,
    word: JSON.parse(row.word) as NewUpdate,
    publishesAt: row.publishes_at,
    heldBecause: row.held_because,
    createdAt: row.created_at,
    asked,
  }
}
