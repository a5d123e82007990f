import type { Db } from '../../database/database.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { channelKinds } from '../subscribers/channel.ts'
import { audiences } from './message.ts'

/** Lets go of what somebody claimed: it is due at once, as the letter that it is, because part of it may have arrived. */
export async function releaseClaims(db: Db, by: string, now: Instant): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ claimed_by: null, claimed_until: null, due_at: now })
    .where('claimed_by', '=', by)
    .where('done_at', 'is', null)
    .execute()
}

/** Who has claimed anything. */
export async function claimants(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('claimed_by')
    .distinct()
    .where('claimed_by', 'is not', null)
    .orderBy('claimed_by')
    .execute()
  return rows.flatMap(({ claimed_by: by }) => (by === null ? [] : [by]))
}

/** Longer than anything waits, claimed or to be tried again, but for quiet hours. */
const longestSeconds = 2 * 3600
const longestQuietSeconds = 26 * 3600

/**
 * Job: makes due what a clock that ran ahead put off until then, a claim of a process that is gone or the next attempt, with
 * what stands behind it. Whoever wants quiet hours is let sleep for a day. Reads what waits for longer than two hours.
 */
export async function releaseWhatRanAhead({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const now = clock.now()
  await db
    .updateTable('deliveries')
    .set({ claimed_by: null, claimed_until: null, due_at: now })
    .where('done_at', 'is', null)
    // By the index of what is due.
    .where('channel', 'in', channelKinds)
    .where('audience', 'in', audiences)
    .where('due_at', '>', later(now, longestSeconds))
    // It was looked at before; what was only queued for later waits for that.
    .where('first_due_at', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('due_at', '>', later(now, longestQuietSeconds)),
        eb.not(
          eb.exists(
            eb
              .selectFrom('subscribers')
              .select('id')
              .whereRef('subscribers.id', '=', 'deliveries.recipient')
              .where('quiet_from', 'is not', null),
          ),
        ),
      ]),
    )
    .execute()
}
