import { type Account, may, whoMay } from '../accounts/account.ts'
import type { Actor } from '../changes/actor.ts'
import { Conflict, Forbidden, NotFound } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import type { Payload } from '../deliveries/message.ts'
import { queueLetter } from '../deliveries/queue.ts'
import { type Alert, aboutKinds } from './alert.ts'
import { threadOf } from './escalating.ts'
import { toAlert } from './queries.ts'

/** “I have it”: nobody else is called for this any more. That it stands is still seen at the desk. */
export async function takeAlert(change: Change, account: Account, id: string): Promise<void> {
  const row = await change.tx.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such alert.')
  if (row.over_at !== null) throw new Conflict('This is over: there is nothing to be done any more.')
  if (row.settled_at !== null) throw new Conflict('Somebody has it already.')
  const alert = toAlert(row)
  const { deed } = aboutKinds[alert.kind]
  if (!may(account.role, deed)) throw new Forbidden(`Only ${whoMay(deed)} can do anything about this.`)
  await settle(change, alert, { id: account.id, words: `${account.name} has it.` })
  await change.record({ type: 'alert.taken', subject: id, data: { name: row.name, kind: row.kind } })
}

/** Ends alerts whose reason is gone: because somebody did something about it, or by itself. */
export async function end(change: Change, alerts: readonly Alert[]): Promise<void> {
  for (const alert of alerts) {
    if (alert.settledAt === null) {
      const who = await whoReacted(change, alert)
      await settle(
        change,
        alert,
        who ? { id: who.id, words: `${who.name} saw to it.` } : { id: null, words: 'It is over.' },
      )
    }
    await change.tx.updateTable('alerts').set({ over_at: change.now }).where('id', '=', alert.id).execute()
  }
  await endThoseForMany(change)
}

interface Settling {
  readonly id: string | null
  readonly words: string
}

async function settle(change: Change, alert: Alert, by: Settling): Promise<void> {
  await change.tx
    .updateTable('alerts')
    .set({ settled_at: change.now, settled_by: by.id })
    .where('id', '=', alert.id)
    .execute()
  if (by.id !== null || !(await goesOn(change, alert))) await tellThoseCalled(change, alert, by)
  await settleThoseForMany(change, by)
}

/** What was due was missed, a draft published itself: nothing is over, it is called for under another name. */
async function goesOn({ tx }: Change, { id, about }: Alert): Promise<boolean> {
  const other = await tx
    .selectFrom('alerts')
    .select('id')
    .where('about', '=', about)
    .where('id', '!=', id)
    .where('settled_at', 'is', null)
    .where('over_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}

/** The person who did something about it since. */
async function whoReacted(change: Change, { about, at }: Alert): Promise<Extract<Actor, { kind: 'operator' }> | null> {
  const rows = await change.tx
    .selectFrom('events')
    .select('actor')
    .where('subject', '=', about)
    .where('at', '>=', at)
    .orderBy('seq', 'desc')
    .limit(50)
    .execute()
  const actors = rows.map(({ actor }) => JSON.parse(actor) as Actor)
  return actors.find((actor) => actor.kind === 'operator') ?? null
}

/** A call for many is over when all of them are, and settled when each is. */
async function settleThoseForMany(change: Change, { words, id }: Settling): Promise<void> {
  for (const row of await forManyWithout(change, 'settled_at')) {
    await change.tx
      .updateTable('alerts')
      .set({ settled_at: change.now, settled_by: id })
      .where('id', '=', row.id)
      .execute()
    await tellThoseCalled(change, toAlert(row), { words, id })
  }
}

async function endThoseForMany(change: Change): Promise<void> {
  const ids = (await forManyWithout(change, 'over_at')).map(({ id }) => id)
  if (ids.length === 0) return
  await change.tx.updateTable('alerts').set({ over_at: change.now }).where('id', 'in', ids).execute()
}

/** Those that are not settled, or over, though all that belong to them are. */
function forManyWithout({ tx }: Change, column: 'settled_at' | 'over_at') {
  return tx
    .selectFrom('alerts as lead')
    .selectAll()
    .where('calls_for', '=', 'many')
    .where('over_at', 'is', null)
    .where(column, 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('alerts as part')
            .select('part.id')
            .whereRef('part.part_of', '=', 'lead.id')
            .where(`part.${column}`, 'is', null),
        ),
      ),
    )
    .orderBy('id')
    .execute()
}

/**
 * Whoever was called for it hears once that they need not come; who reacted knows. Those whose letter had not gone out yet
 * get none at all, nor do those who heard it before and were not called again.
 */
async function tellThoseCalled(change: Change, { id, kind, name, path }: Alert, by: Settling): Promise<void> {
  const thread = threadOf(id)
  const called = await change.tx
    .selectFrom('messages')
    .innerJoin('deliveries', 'deliveries.message', 'messages.number')
    .leftJoin('alert_channels', 'alert_channels.id', 'deliveries.recipient')
    .select(['audience', 'recipient', 'deliveries.channel', 'account_id', 'payload'])
    .where('messages.thread', '=', thread)
    .where('outcome', '=', 'accepted')
    .orderBy('messages.number')
    .orderBy('recipient')
    .execute()
  const data = { kind, path, deed: 'See it', urgency: 'low', settled: 'yes' }
  const payload: Payload = { kind: 'alert', alert: id, name: `${by.words} You were called because: ${name}`, data }
  const last = new Map(called.map((one) => [`${one.audience} ${one.recipient}`, one]))
  for (const { audience, recipient, channel, account_id: owner, payload: before } of last.values()) {
    const said = JSON.parse(before) as Extract<Payload, { kind: 'alert' }>
    if ((owner ?? recipient) === by.id || said.data['settled'] === 'yes') continue
    await queueLetter(change, { payload, audience, recipient, channel: channel as never, thread })
  }
}
