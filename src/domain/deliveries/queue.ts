import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import type { Audience, Payload } from './message.ts'

/** A message to one recipient that no event tells of. */
export interface NewLetter {
  readonly payload: Payload
  readonly audience: Audience
  readonly recipient: string
  readonly channel: ChannelKind
  /** What belongs to one conversation. */
  readonly thread: string
  /** Left out: at once. */
  readonly dueAt?: Instant
}

/** Puts a letter into the outbox, in the change that it belongs to: it is sent if that is kept. Answers its number. */
export async function queueLetter(
  { tx, now }: Pick<Change, 'tx' | 'now'>,
  { payload, audience, recipient, channel, thread, dueAt = now }: NewLetter,
): Promise<number> {
  const { number } = await tx
    .insertInto('messages')
    .values({
      event_seq: null,
      kind: payload.kind,
      thread,
      at: now,
      due_at: dueAt,
      payload: JSON.stringify(payload),
      handed_out_at: now,
      taken_back_at: null,
      recipients: 1,
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('deliveries')
    .values({
      message: number,
      audience,
      recipient,
      channel,
      thread,
      due_at: dueAt,
      claimed_by: null,
      claimed_until: null,
      lead: null,
      done_at: null,
      outcome: null,
      reason: null,
      code: null,
    })
    .execute()
  return number
}
