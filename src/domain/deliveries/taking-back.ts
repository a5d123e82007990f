import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import type { Payload } from './message.ts'
import { asItStands } from './as-it-stands.ts'
import type { Told } from './told.ts'

/** A message that nobody has got yet, and that can be taken back until it is due. */
export interface HeldMail {
  readonly number: number
  readonly at: Instant
  readonly dueAt: Instant
  /** With its words as they stand now. */
  readonly told: Told
}

/** What can still be taken back, the one that goes first in front. Costs what is held: a handful. */
export async function mailsInHold(db: Db, now: Instant): Promise<HeldMail[]> {
  const rows = await db
    .selectFrom('messages')
    .select(['number', 'at', 'due_at', 'payload'])
    .where('handed_out_at', 'is', null)
    .where('taken_back_at', 'is', null)
    .where('due_at', '>', now)
    .orderBy('due_at')
    .orderBy('number')
    .limit(100)
    .execute()
  const held: HeldMail[] = []
  for (const { number, at, due_at: dueAt, payload: text } of rows) {
    const payload = JSON.parse(text) as Payload
    const told = payload.kind === 'told' ? await asItStands(db, payload.told, now) : null
    if (told) held.push({ number, at, dueAt, told })
  }
  return held
}

/** Nobody is written to. What was said stays on the page: to take that back as well is another step, which readers see. */
export async function takeBackMail(change: Change, number: number): Promise<void> {
  const { tx, now } = change
  const row = await tx
    .updateTable('messages')
    .set({ taken_back_at: now })
    .where('number', '=', number)
    .where('event_seq', 'is not', null)
    .where('cursor', '=', '')
    .where('handed_out_at', 'is', null)
    .where('taken_back_at', 'is', null)
    .returning('payload')
    .executeTakeFirst()
  if (!row) throw await tooLate(change, number)
  const payload = JSON.parse(row.payload) as Payload
  if (payload.kind !== 'told') throw new Error(`Message ${number} tells of an event and is a letter.`)
  const { subject, event, word } = payload.told
  await change.record({
    type: 'message.taken-back',
    subject: subject.id,
    data: { name: subject.name, told: event, word: word?.id ?? null },
  })
}

async function tooLate({ tx }: Change, number: number): Promise<NotFound | Conflict> {
  const row = await tx
    .selectFrom('messages')
    .select('taken_back_at')
    .where('number', '=', number)
    .where('event_seq', 'is not', null)
    .executeTakeFirst()
  if (!row) return new NotFound('There is no such message to subscribers.')
  return new Conflict(
    row.taken_back_at === null
      ? 'This message is on its way already: correct the update, or say more in another one.'
      : 'This message was taken back already.',
  )
}
