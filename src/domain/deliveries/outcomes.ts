import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { browsersReached } from '../subscribers/browsers.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import type { DisabledBecause } from '../subscribers/subscriber.ts'
import { retrySeconds } from './backoff.ts'
import { type Ended, endOrCount } from './ending.ts'
import type { Audience, FailureReason, Payload } from './message.ts'
import { isTooLate } from './patience.ts'
import { quietUntil } from './quiet.ts'

/**
 * What became of an attempt. `later`: worth trying again; `never`: not, and `ends` says that nothing more should be sent
 * there at all. `code` is a status or an enhanced code, `550 5.1.1`, never words of the other side.
 */
export type Outcome =
  | { readonly became: 'accepted'; readonly code: string | null }
  | {
      readonly became: 'later'
      readonly reason: FailureReason
      readonly code: string | null
      /** As the other side asked. */
      readonly retryAfterSeconds?: number
    }
  | {
      readonly became: 'never'
      readonly reason: FailureReason
      readonly code: string | null
      readonly ends: DisabledBecause | null
    }

/** What became of it, or why there was no attempt. */
export type Became =
  | Outcome
  /** Nothing was tried: where it leads is known to be out of order, or has enough to do. */
  | { readonly became: 'put off'; readonly reason: FailureReason | null; readonly seconds: number }

/** The end of a claim. */
export interface Ending {
  readonly numbers: readonly number[]
  readonly audience: Audience
  readonly channel: ChannelKind
  readonly recipient: string
  /** Whether somebody may have it already: then it stays the letter that it is. */
  readonly isRepeat: boolean
  readonly outcome: Became
}

export interface Taking {
  readonly by: string
  readonly now: Instant
  /** Until the second attempt. */
  readonly firstSeconds: number
}

/** What was written: for whoever counts, and for the log. */
export interface Taken {
  readonly accepted: number
  readonly failed: number
  readonly retried: number
  readonly ended: readonly Ended[]
  /** What was tried again until it was worth nothing any more. */
  readonly gaveUp: readonly (Pick<Ending, 'audience' | 'channel' | 'recipient'> & { readonly reason: FailureReason })[]
  readonly reached: readonly Pick<Ending, 'audience' | 'recipient'>[]
}

/** What fails in our own program fails again; it must not do so for ever. */
const ownAttempts = 3

/**
 * Writes down what became of claims, all in one transaction. What was accepted is written whoever has claimed it since: it is
 * a fact. Everything else counts only while the claim is ours.
 */
export async function takeOutcomes(db: Db, endings: readonly Ending[], taking: Taking): Promise<Taken> {
  return inTransaction(db, async (tx) => {
    const accepted = endings.filter(({ outcome }) => outcome.became === 'accepted')
    await writeAccepted(tx, accepted, taking)
    await breath()
    const ended: Ended[] = []
    const gaveUp: Taken['gaveUp'][number][] = []
    const counts = { accepted: accepted.length, failed: 0, retried: 0 }
    for (const ending of endings) {
      if (ending.outcome.became === 'accepted') continue
      const what = await afterFailure(tx, ending, taking)
      if (what === 'failed') counts.failed += 1
      if (what === 'retried') counts.retried += 1
      if (what === 'failed' && ending.outcome.became === 'later') {
        const { audience, channel, recipient, outcome } = ending
        gaveUp.push({ audience, channel, recipient, reason: outcome.reason })
      }
      const because = endedBy(ending.outcome)
      if (what === 'failed' && because !== null) {
        const { audience, recipient, channel } = ending
        const end = await endOrCount(tx, { audience, recipient, channel, because }, taking.now)
        if (end) ended.push(end)
      }
    }
    return { ...counts, ended, gaveUp, reached: accepted }
  })
}

/** What was not there for as long as we had patience is gone, although nobody said for good. */
function endedBy(outcome: Became): DisabledBecause | null {
  if (outcome.became === 'never') return outcome.ends
  return outcome.became === 'later' && outcome.reason === 'gone' ? 'gone' : null
}

async function writeAccepted(tx: Tx, endings: readonly Ending[], { now }: Taking): Promise<void> {
  const alike = Map.groupBy(endings, (one) => `${one.audience} ${one.numbers.join()} ${codeOf(one.outcome)}`)
  for (const some of alike.values()) {
    const [one] = some
    if (!one) continue
    const recipients = some.map(({ recipient }) => recipient)
    await tx
      .updateTable('deliveries')
      .set((eb) => ({
        done_at: now,
        outcome: 'accepted',
        reason: null,
        code: codeOf(one.outcome),
        attempts: eb('attempts', '+', 1),
        claimed_by: null,
        claimed_until: null,
      }))
      .where('message', 'in', one.numbers)
      .where('audience', '=', one.audience)
      .where('recipient', 'in', recipients)
      .where('done_at', 'is', null)
      .execute()
    if (one.audience !== 'subscriber') continue
    if (one.channel === 'web-push') await browsersReached(tx, recipients, now)
    await tx
      .updateTable('subscribers')
      .set({ failures: 0, failing_since: null })
      .where('id', 'in', recipients)
      .where('failures', '>', 0)
      .execute()
  }
}

function codeOf(outcome: Became): string | null {
  return 'code' in outcome ? outcome.code : null
}

async function afterFailure(
  tx: Tx,
  { numbers, audience, recipient, isRepeat, outcome }: Ending,
  { by, now, firstSeconds }: Taking,
): Promise<'failed' | 'retried' | 'put off' | 'not ours'> {
  if (outcome.became === 'accepted') return 'not ours'
  const [lead = 0] = numbers
  const row = await tx
    .selectFrom('deliveries')
    .innerJoin('messages', 'messages.number', 'deliveries.message')
    .select(['attempts', 'first_due_at', 'deliveries.due_at', 'deliveries.thread', 'reason', 'payload'])
    .where('deliveries.message', '=', lead)
    .where('audience', '=', audience)
    .where('recipient', '=', recipient)
    .where('claimed_by', '=', by)
    .where('done_at', 'is', null)
    .executeTakeFirst()
  if (!row) return 'not ours'
  const ours = tx
    .updateTable('deliveries')
    .set({ claimed_by: null, claimed_until: null })
    .where('message', 'in', numbers)
    .where('audience', '=', audience)
    .where('recipient', '=', recipient)
    .where('claimed_by', '=', by)
    .where('done_at', 'is', null)

  const attempts = row.attempts + (outcome.became === 'put off' ? 0 : 1)
  const until = (seconds: number): Instant => later(now, Math.round(seconds * 1000) / 1000)
  const soonest =
    outcome.became === 'put off'
      ? until(outcome.seconds)
      : until(
          retrySeconds({
            attempts,
            whom: `${lead}.${recipient}`,
            asked: outcome.became === 'later' ? outcome.retryAfterSeconds : undefined,
            firstSeconds,
          }),
        )
  const payload = JSON.parse(row.payload) as Payload
  const next =
    audience === 'subscriber'
      ? await afterQuietHours(tx, { recipient, payload, thread: row.thread, at: soonest })
      : soonest
  const reason = outcome.reason ?? (row.reason as FailureReason | null)
  const code = codeOf(outcome)
  const isOver =
    outcome.became === 'never' ||
    (outcome.became === 'later' && outcome.reason === 'our own fault' && attempts >= ownAttempts) ||
    isTooLate(payload, row.first_due_at ?? row.due_at, next)
  if (isOver) {
    await ours.set({ done_at: now, outcome: 'failed', reason: reason ?? 'unreachable', code, attempts }).execute()
    return 'failed'
  }
  // What was never tried may still go out together with what comes after it.
  const lot = outcome.became === 'put off' && !isRepeat ? { lead: null } : {}
  await ours.set({ due_at: next, reason, code, attempts, ...lot }).execute()
  return outcome.became === 'put off' ? 'put off' : 'retried'
}

interface Again {
  readonly recipient: string
  readonly payload: Payload
  readonly thread: string
  readonly at: Instant
}

/** As at the first attempt: whoever wants quiet hears by night only what is critical, and what they asked for themselves. */
async function afterQuietHours(tx: Tx, { recipient, payload, thread, at }: Again): Promise<Instant> {
  if (payload.kind !== 'told' || payload.told.subject.severity === 'critical') return at
  const row = await tx
    .selectFrom('subscribers')
    .select(['zone', 'quiet_from', 'quiet_until'])
    .where('id', '=', recipient)
    .executeTakeFirst()
  const quiet = row ? quietUntil(row, at) : null
  if (quiet === null) return at
  // What waits behind this one comes after it.
  const critical = await tx
    .selectFrom('deliveries')
    .innerJoin('messages', 'messages.number', 'deliveries.message')
    .select('number')
    .where('audience', '=', 'subscriber')
    .where('recipient', '=', recipient)
    .where('deliveries.thread', '=', thread)
    .where('done_at', 'is', null)
    .where('severity', '=', 'critical')
    .limit(1)
    .executeTakeFirst()
  return critical ? at : quiet
}
