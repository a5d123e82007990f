import { type Batch, claimDue } from '../../../src/domain/deliveries/claim.ts'
import { type Became, type Taken, takeOutcomes } from '../../../src/domain/deliveries/outcomes.ts'
import type { Audience } from '../../../src/domain/deliveries/message.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import type { ChannelKind, Target } from '../../../src/domain/subscribers/channel.ts'
import { sampleTold } from '../../outbound/notify/sample-told.ts'
import type { World } from '../../world.ts'

type Here = Pick<World, 'db' | 'clock'>

export interface Waits {
  readonly thread?: string
  readonly to: readonly string[]
  readonly channel?: ChannelKind
  readonly dueAt?: Instant
  readonly severity?: 'minor' | 'critical'
}

/** Something that was told and handed out; answers its number. */
export async function handsOut({ db, clock }: Here, waits: Waits): Promise<number> {
  const { thread = 'incident:inc1', to, channel = 'email', dueAt = clock.now(), severity = 'minor' } = waits
  const told = sampleTold['incident.opened']
  const { last } = await db
    .selectFrom('messages')
    .select((eb) => eb.fn.max('event_seq').as('last'))
    .executeTakeFirstOrThrow()
  const { number } = await db
    .insertInto('messages')
    .values({
      event_seq: (last ?? 0) + 1,
      kind: 'told',
      thread,
      at: clock.now(),
      due_at: dueAt,
      severity,
      payload: JSON.stringify({ kind: 'told', told: { ...told, subject: { ...told.subject, severity } } }),
      handed_out_at: clock.now(),
      recipients: to.length,
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  const rows = to.map((recipient) => ({ message: number, recipient, channel, thread, due_at: dueAt }))
  await db
    .insertInto('deliveries')
    .values(rows.map((row) => ({ ...row, audience: 'subscriber' as const })))
    .execute()
  return number
}

/** A way in which an operator is called. */
export async function isCalled(
  { db, clock, vault }: Pick<World, 'db' | 'clock' | 'vault'>,
  id: string,
  channel: ChannelKind,
  target: Target,
): Promise<void> {
  const now = clock.now()
  const account = { id: `of ${id}`, email: `${id}@example.org`, name: id, role: 'admin', password_hash: '' }
  await db
    .insertInto('accounts')
    .values({ ...account, created_at: now, updated_at: now })
    .execute()
  await db
    .insertInto('alert_channels')
    .values({
      id,
      account_id: account.id,
      channel,
      name: id,
      target_sealed: vault.seal(JSON.stringify(target), `alert target ${id}`),
      kinds: '[]',
      after_minutes: 0,
      created_at: now,
    })
    .execute()
}

interface Taking {
  readonly by?: string
  readonly channel?: ChannelKind
  readonly audience?: Audience
  readonly most?: number
}

/** What a process takes upon itself now: who, and which messages as one letter. */
export async function takes(here: Here, asked: Taking = {}): Promise<(readonly [string, readonly number[]])[]> {
  const claims = await claimsOf(here, asked)
  return claims.map(({ addressee, numbers }) => [addressee.id, numbers] as const)
}

export async function claimsOf(
  { db, clock }: Here,
  { by = 'one', channel = 'email', audience = 'subscriber', most = 100 }: Taking = {},
): Promise<Batch['claims']> {
  return (await claimDue(db, { by, now: clock.now(), channel, audience, most }))?.claims ?? []
}

export interface Ends {
  readonly numbers: readonly number[]
  readonly recipient: string
  readonly outcome: Became
  readonly by?: string
  readonly isRepeat?: boolean
}

export const accepted: Became = { became: 'accepted', code: '250 2.0.0' }
export const unreachable: Became = { became: 'later', reason: 'unreachable', code: null }

/** What became of one that was taken. */
export async function ends({ db, clock }: Here, { numbers, recipient, outcome, ...more }: Ends): Promise<Taken> {
  const { by = 'one', isRepeat = false } = more
  return takeOutcomes(db, [{ numbers, audience: 'subscriber', channel: 'email', recipient, isRepeat, outcome }], {
    by,
    now: clock.now(),
    firstSeconds: 60,
  })
}

/** One delivery as it stands. */
export async function delivery({ db }: Here, message: number, recipient: string) {
  return db
    .selectFrom('deliveries')
    .select(['due_at', 'attempts', 'outcome', 'reason', 'code', 'claimed_by', 'lead'])
    .where('message', '=', message)
    .where('recipient', '=', recipient)
    .executeTakeFirstOrThrow()
}
