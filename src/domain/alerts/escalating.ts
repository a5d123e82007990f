import type { Db } from '../../database/database.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { type Account, may } from '../accounts/account.ts'
import { accounts } from '../accounts/queries.ts'
import type { Change } from '../changes/change.ts'
import type { Audience, Payload } from '../deliveries/message.ts'
import { queueLetter } from '../deliveries/queue.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import { type AlertKind, aboutKinds, alertKinds } from './alert.ts'
import { type AlertChannel, channelsOfAll, kindsChosen } from './queries.ts'

/** A way to call somebody for something, and after how many minutes without anybody's reaction. */
export interface Call {
  readonly account: Account
  readonly audience: Extract<Audience, 'operator' | 'account'>
  /** Of one way of theirs; of the account itself where nobody chose anything. */
  readonly recipient: string
  readonly channel: ChannelKind
  readonly name: string
  readonly afterMinutes: number
}

/** Who is called for each kind, in order. Nobody is who could do nothing about it, or cannot come in. */
export type Roster = (kind: AlertKind) => readonly Call[]

/**
 * Read once for all that is raised. Silence is the one thing that must not happen: where nobody on the team chose anything,
 * owners and admins get a mail for everything, at once; and so they do where all ways that were chosen for something are
 * broken, or of people who have left or may not see to it any more. Nobody waits for somebody who cannot be called: the next is called at once.
 */
export async function roster(db: Db, offered: readonly ChannelKind[]): Promise<Roster> {
  const people = new Map((await accounts(db)).flatMap((one) => (one.disabledAt === null ? [[one.id, one]] : [])))
  const chosen = await channelsOfAll(db)
  if (chosen.length === 0) return byDefault([...people.values()], offered)
  const everChosen = await kindsChosen(db)
  const inNeed = byDefault([...people.values()], offered)
  return (kind) => {
    const wanted = chosen.flatMap((way): (Call & { readonly works: boolean })[] => {
      const { id, accountId, channel, name, kinds, afterMinutes } = way
      const account = people.get(accountId)
      if (!account || !kinds.includes(kind) || !may(account.role, aboutKinds[kind].deed)) return []
      return [{ account, audience: 'operator', recipient: id, channel, name, afterMinutes, works: works(way, offered) }]
    })
    const working = wanted.filter((one) => one.works)
    if (working.length === 0) return everChosen.has(kind) ? inNeed(kind) : []
    const waiting = earliest(working) - earliest(wanted)
    return working.map(({ works: _works, ...one }) => ({ ...one, afterMinutes: one.afterMinutes - waiting }))
  }
}

/** Who chose ways to be called, none of which works any more. */
export async function unreachable(db: Db, offered: readonly ChannelKind[]): Promise<readonly Account[]> {
  const ways = Map.groupBy(await channelsOfAll(db), ({ accountId }) => accountId)
  const people = ways.size === 0 ? [] : await accounts(db)
  return people.filter(({ id }) => ways.get(id)?.every((way) => !works(way, offered)))
}

/** What somebody chose to be called for, and nobody would be now: they left, or cannot be called, and no mail is sent. */
export async function orphaned(db: Db, offered: readonly ChannelKind[]): Promise<readonly AlertKind[]> {
  const who = await roster(db, offered)
  const everChosen = await kindsChosen(db)
  return alertKinds.filter((kind) => everChosen.has(kind) && who(kind).length === 0)
}

function works({ disabledAt, channel }: AlertChannel, offered: readonly ChannelKind[]): boolean {
  return disabledAt === null && offered.includes(channel)
}

function earliest(calls: readonly Call[]): number {
  return Math.min(...calls.map(({ afterMinutes }) => afterMinutes))
}

function byDefault(people: readonly Account[], offered: readonly ChannelKind[]): Roster {
  if (!offered.includes('email')) return () => []
  const called = people.filter(({ role }) => role === 'owner' || role === 'admin')
  const calls = called.map((account): Call => ({
    account,
    audience: 'account',
    recipient: account.id,
    channel: 'email',
    name: 'Mail',
    afterMinutes: 0,
  }))
  return () => calls
}

/** What one conversation is: all letters about the same alert. */
export function threadOf(alertId: string): string {
  return `alert:${alertId}`
}

interface Calling {
  readonly alert: string
  readonly kind: AlertKind
  readonly name: string
  readonly detail: string | null
  readonly path: string
  readonly deed: string
  readonly except: string | null
  /** From when on the minutes count. */
  readonly from: Instant
}

/**
 * Queues a letter for everybody who would be called, each for its time. Whoever hands letters out leaves those away whose
 * alert is settled by then, so that nothing has to be taken back.
 */
export async function call(change: Pick<Change, 'tx' | 'now'>, who: Roster, calling: Calling): Promise<void> {
  const { alert, kind, name, detail, path, deed, except, from } = calling
  const data = { kind, path, deed, urgency: aboutKinds[kind].urgency }
  const payload: Payload = { kind: 'alert', alert, name, data }
  // Who is called later would read what a draft said ten minutes ago.
  const atOnce: Payload = detail === null ? payload : { ...payload, data: { ...data, detail } }
  for (const { account, audience, recipient, channel, afterMinutes } of who(kind)) {
    if (account.id === except) continue
    const due = later(from, afterMinutes * 60)
    const dueAt = due > change.now ? due : change.now
    const said = due > change.now ? payload : atOnce
    await queueLetter(change, { payload: said, audience, recipient, channel, thread: threadOf(alert), dueAt })
  }
}

/** Those that did not go out before it was over: it would be called for by them and by new ones. */
export async function takeBackCalls({ tx, now }: Pick<Change, 'tx' | 'now'>, alert: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ done_at: now, outcome: 'dropped', reason: 'settled' })
    .where('message', 'in', (eb) => eb.selectFrom('messages').select('number').where('thread', '=', threadOf(alert)))
    .where('done_at', 'is', null)
    .where('claimed_by', 'is', null)
    .execute()
}
