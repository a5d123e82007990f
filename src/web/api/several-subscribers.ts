import type { Change } from '../../domain/changes/change.ts'
import { removeSubscribers } from '../../domain/subscribers/adding.ts'
import { reactivateSubscribers, remindAllToConfirm } from '../../domain/subscribers/operating.ts'
import { subscribersById, subscribersPage } from '../../domain/subscribers/queries.ts'
import { Invalid } from '../../lib/errors.ts'
import { type Static, amongOthers, choice, either, fields, id, list, optional } from '../../lib/fields.ts'
import { type Call, writes } from './call.ts'
import { managers } from './scopes.ts'
import { channelsOf, modeOf, modes, mostAtOnce, stateNames, statesOf } from './subscriber-body.ts'

const noun = 'Subscribers'

const several = amongOthers(
  fields({
    subscribers: either(choice(['all']), list(id, mostAtOnce)),
    type: optional(choice(modes)),
    state: optional(choice(stateNames)),
  }),
)

/** What is done to many subscribers at once. */
export const severalSubscribersCalls: readonly Call[] = [
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/subscribers/resend_confirmation',
    scopes: managers,
    summary: 'Ask subscribers who have not said yes once more',
    detail: `Those of these ids who are there, or all, if they are ${mostAtOnce} at most. Who said yes meanwhile, or was asked three times today, is left out.`,
    body: amongOthers(fields({ subscribers: either(choice(['all']), list(id, mostAtOnce)) })),
    answer: null,
    write: async (change, { body: { subscribers } }) => {
      await remindAllToConfirm(change, await meant(change, { subscribers }, 'unconfirmed'))
      return null
    },
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/subscribers/unsubscribe',
    scopes: managers,
    summary: 'End subscriptions, without a word to whose they were',
    detail: `Those of these ids who are there; or all that are meant by state and type, if they are ${mostAtOnce} at most.`,
    body: several,
    answer: null,
    write: async (change, { body: given }) => {
      await removeSubscribers(change, await meant(change, given, given.state ?? 'active'))
      return null
    },
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/subscribers/reactivate',
    scopes: managers,
    summary: 'Try again with subscribers who were given up',
    detail: 'Those whose place was gone or refused us. Where mail bounced, or who complained, is left as it is.',
    body: several,
    answer: null,
    write: async (change, { body: given }) => {
      await reactivateSubscribers(change, await meant(change, given, 'quarantined'))
      return null
    },
  }),
]

/** By their ids; or everybody in a state, as far as they are not too many for a slip. */
async function meant(
  { tx: db, vault }: Change,
  { subscribers, type }: Pick<Static<typeof several>, 'subscribers' | 'type'>,
  state: keyof typeof statesOf,
): Promise<readonly string[]> {
  const channels = type ? { channels: channelsOf(type) } : {}
  if (typeof subscribers !== 'string') {
    const all = await subscribersById({ db, vault }, subscribers)
    return [...all.values()].flatMap(({ id: one, channel }) => (!type || modeOf(channel) === type ? [one] : []))
  }
  const { subscribers: all, next } = await subscribersPage(
    { db, vault },
    { limit: mostAtOnce, states: statesOf[state], ...channels },
  )
  if (next) throw new Invalid(`means more than ${mostAtOnce}: name them by their ids`, 'subscribers')
  return all.map(({ id: one }) => one)
}
