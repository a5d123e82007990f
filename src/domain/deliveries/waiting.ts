import type { Db } from '../../database/database.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { type ChannelKind, channelKinds } from '../subscribers/channel.ts'
import { type Audience, audiences } from './message.ts'

/** A line of its own in what waits. */
export interface Lane {
  readonly channel: ChannelKind
  readonly audience: Audience
}

const lanes: readonly Lane[] = channelKinds.flatMap((channel) => audiences.map((audience) => ({ channel, audience })))
const nameOf = ({ channel, audience }: Lane): string => `${channel} ${audience}`

/** Of each lane the instant at which something is due next; null: nothing waits. Reads of an index, in one question. */
export async function soonestDue(db: Db): Promise<readonly (Lane & { readonly at: Instant | null })[]> {
  const row = await db
    .selectNoFrom((eb) =>
      lanes.map((lane) =>
        eb
          .selectFrom('deliveries')
          .select('due_at')
          .where('channel', '=', lane.channel)
          .where('audience', '=', lane.audience)
          .where('done_at', 'is', null)
          .orderBy('due_at')
          .limit(1)
          .as(nameOf(lane)),
      ),
    )
    .executeTakeFirstOrThrow()
  const known = row as Readonly<Record<string, Instant | null>>
  return lanes.map((lane) => ({ ...lane, at: known[nameOf(lane)] ?? null }))
}

/** How long something has been due that nobody takes, in seconds; 0: all is taken in time. */
export async function longestWait(db: Db, now: Instant): Promise<number> {
  const due = (await soonestDue(db)).flatMap(({ at }) => at ?? [])
  return Math.max(0, ...due.map((at) => secondsBetween(at, now)))
}

const longestSeconds = 300

/** In words, where somebody has to see to it: whoever has to wait for another to recover is not meant. */
export async function waitingProblem(db: Db, now: Instant): Promise<string | null> {
  const seconds = await longestWait(db, now)
  return seconds > longestSeconds
    ? `something has been waiting to be sent for ${Math.floor(seconds / 60)} minutes`
    : null
}

/** How many deliveries wait or are under way, by channel. */
export async function waitingCounts(db: Db): Promise<ReadonlyMap<ChannelKind, number>> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['channel', (eb) => eb.fn.countAll<number>().as('count')])
    .where('done_at', 'is', null)
    .groupBy('channel')
    .orderBy('channel')
    .execute()
  return new Map(rows.map(({ channel, count }) => [channel as ChannelKind, Number(count)]))
}
