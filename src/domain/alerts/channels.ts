import { check } from '../../lib/check.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import { type Account, may, whoMay } from '../accounts/account.ts'
import type { Change } from '../changes/change.ts'
import { withSecret } from '../subscribers/addresses.ts'
import type { ChannelKind, Target } from '../subscribers/channel.ts'
import { readTarget } from '../subscribers/targets.ts'
import { type AlertKind, aboutKinds, alertKinds } from './alert.ts'
import { type NewWay, type WayWishes, newWay, wayWishes } from './input.ts'
import { queueTest, sealWay } from './ways.ts'
import { type AlertChannel, toChannel } from './queries.ts'

/** More ways to reach one person help nobody. */
const mostWays = 10

/** Adds a way to be called; answers its id. Where it leads is sealed for it, and stands in no event. */
export async function addWay(change: Change, account: Account, way: NewWayIn): Promise<string> {
  const { wish, offered } = way
  const given = check(newWay, wish)
  if (!offered.includes(given.channel)) throw new Invalid('This way does not work here.', 'channel')
  const { length } = await waysOf(change, account.id)
  if (length >= mostWays) throw new Conflict(`There are ${mostWays} ways already: remove one first.`)
  const id = change.ids.next()
  await change.tx
    .insertInto('alert_channels')
    .values({
      id,
      account_id: account.id,
      channel: given.channel,
      name: given.name,
      target_sealed: sealWay(change.vault, id, leadingTo(change, account, { ...way, channel: given.channel })),
      kinds: kindsOf(account, given.kinds),
      after_minutes: given.afterMinutes,
      proven_at: null,
      disabled_at: null,
      disabled_because: null,
      secret_changed_at: null,
      created_at: change.now,
    })
    .execute()
  await change.record({
    type: 'alert.way-added',
    subject: account.id,
    data: { name: account.name, channel: given.channel },
  })
  return id
}

interface NewWayIn {
  readonly wish: Unchecked<NewWay>
  /** The fields of its channel. */
  readonly target: Readonly<Record<string, unknown>>
  /** Push services that the operator of this machine added. */
  readonly pushHosts: readonly string[]
  readonly offered: readonly ChannelKind[]
}

/** Mail goes to the address of one's own account, which was proven; programs get a secret by which they know us. */
function leadingTo(
  { ids }: Change,
  { email }: Account,
  { channel, target, pushHosts }: Pick<NewWayIn, 'target' | 'pushHosts'> & { readonly channel: ChannelKind },
): Target {
  if (channel === 'email') return { address: email }
  return withSecret(ids, channel, readTarget(channel, target, { pushHosts }))
}

export async function changeWay(
  change: Change,
  account: Account,
  id: string,
  input: Unchecked<WayWishes>,
): Promise<void> {
  const given = check(wayWishes, input)
  const way = await wayOf(change, account, id)
  const next = { name: given.name, kinds: kindsOf(account, given.kinds), after_minutes: given.afterMinutes }
  if (next.name === way.name && next.after_minutes === way.afterMinutes && next.kinds === JSON.stringify(way.kinds))
    return
  await change.tx.updateTable('alert_channels').set(next).where('id', '=', id).execute()
  await recordOfWay(change, 'alert.way-changed', account, way)
}

/** What was to be sent there is not sent any more. */
export async function removeWay(change: Change, account: Account, id: string): Promise<void> {
  const way = await wayOf(change, account, id)
  await change.tx.deleteFrom('alert_channels').where('id', '=', id).execute()
  await recordOfWay(change, 'alert.way-removed', account, way)
}

/** Sends a message that says that it works, at once; one that was given up is tried again. */
export async function testWay(change: Change, account: Account, id: string): Promise<void> {
  const { channel } = await wayOf(change, account, id)
  if ((await queueTest(change, { id, channel, by: account.name })) === 'on its way')
    throw new Conflict('A test is on its way already.')
  await change.tx
    .updateTable('alert_channels')
    .set({ disabled_at: null, disabled_because: null })
    .where('id', '=', id)
    .execute()
}

/** “It arrived”: only its owner can know that. */
export async function proveWay(change: Change, account: Account, id: string): Promise<void> {
  const way = await wayOf(change, account, id)
  if (way.provenAt !== null) return
  await change.tx.updateTable('alert_channels').set({ proven_at: change.now }).where('id', '=', id).execute()
  await recordOfWay(change, 'alert.way-proven', account, way)
}

export async function recordOfWay(
  change: Change,
  type: 'alert.way-changed' | 'alert.way-proven' | 'alert.way-removed' | 'alert.way-secret-renewed',
  { id, name }: Account,
  { channel }: AlertChannel,
): Promise<void> {
  await change.record({ type, subject: id, data: { name, channel } })
}

/** In one order, and each once. */
function kindsOf({ role }: Account, chosen: readonly AlertKind[]): string {
  const other = chosen.find((kind) => !may(role, aboutKinds[kind].deed))
  if (other) {
    const { deed, thing } = aboutKinds[other]
    throw new Invalid(`Only ${whoMay(deed)} are called for ${thing}.`, 'kinds')
  }
  if (chosen.length === 0) throw new Invalid('Choose at least one thing to be called for.', 'kinds')
  return JSON.stringify(alertKinds.filter((kind) => chosen.includes(kind)))
}

async function waysOf({ tx }: Change, accountId: string) {
  return tx.selectFrom('alert_channels').selectAll().where('account_id', '=', accountId).orderBy('id').execute()
}

/** One's own: nobody sees or changes those of others. */
export async function wayOf(change: Change, account: Account, id: string): Promise<AlertChannel> {
  const row = (await waysOf(change, account.id)).find((each) => each.id === id)
  if (!row) throw new NotFound('There is no such way to call you.')
  return toChannel(row)
}
