import { later } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import type { FailureReason } from './message.ts'

/** Where these lead is for each subscriber to see to: one server that does not answer is not our trouble. */
const theirOwn: ReadonlySet<ChannelKind> = new Set(['webhook', 'mattermost', 'ntfy'])

/** So often, at most, it is said again that nothing gets through. */
const hourSeconds = 3600

/**
 * Writes down that nothing gets through on a channel, so that somebody sees to it. Whom it keeps waiting is not said: the
 * log is kept when a person is forgotten.
 */
export async function noteFailing(
  change: Change,
  { channel, reason }: { readonly channel: ChannelKind; readonly reason: FailureReason },
): Promise<void> {
  if (theirOwn.has(channel)) return
  const last = await change.tx
    .selectFrom('events')
    .select('at')
    .where('noun', '=', 'delivery')
    .where('subject', '=', channel)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last && last.at > later(change.now, -hourSeconds)) return
  await change.record({ type: 'delivery.failing', subject: channel, data: { name: channel, reason } })
}
