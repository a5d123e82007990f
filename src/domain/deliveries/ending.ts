import type { Tx } from '../../database/database.ts'
import { type Instant, later } from '../../lib/clock.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import type { DisabledBecause } from '../subscribers/subscriber.ts'
import type { Audience } from './message.ts'

/** A recipient to whom nothing is sent any more. */
export interface Ended {
  readonly audience: Audience
  readonly recipient: string
  readonly channel: ChannelKind
  readonly because: DisabledBecause
}

/** An address that bounces so often within so many days is given up; once may be a mistake of the other side. */
const mostBounces = 3
const bounceSeconds = 7 * 24 * 3600

/**
 * Gives up a recipient whom the other side will not have; answers null where that is too early to say. An account is not
 * given up: nobody else could tell its owner.
 */
export async function endOrCount(tx: Tx, given: Ended, now: Instant): Promise<Ended | null> {
  const { audience, recipient, because } = given
  if (audience === 'account') return null
  if (audience === 'operator') return because === 'bounced' ? null : disable(tx, 'alert_channels', given, now)
  if (because !== 'bounced') return disable(tx, 'subscribers', given, now)
  const row = await tx
    .selectFrom('subscribers')
    .select(['failures', 'failing_since'])
    .where('id', '=', recipient)
    .executeTakeFirst()
  if (!row) return null
  const isRecent = row.failing_since !== null && row.failing_since > later(now, -bounceSeconds)
  const failures = (isRecent ? row.failures : 0) + 1
  const since = isRecent ? row.failing_since : now
  await tx.updateTable('subscribers').set({ failures, failing_since: since }).where('id', '=', recipient).execute()
  return failures >= mostBounces ? disable(tx, 'subscribers', given, now) : null
}

async function disable(
  tx: Tx,
  table: 'subscribers' | 'alert_channels',
  given: Ended,
  now: Instant,
): Promise<Ended | null> {
  const done = await tx
    .updateTable(table)
    .set({ disabled_at: now, disabled_because: given.because })
    .where('id', '=', given.recipient)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n ? given : null
}
