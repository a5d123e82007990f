import { answerAsks, askToSubscribe } from '../../../src/domain/subscribers/signing-up.ts'
import { changeWishes } from '../../../src/domain/subscribers/changing.ts'
import { confirmSubscription } from '../../../src/domain/subscribers/confirming.ts'
import { usualWishes } from '../../../src/domain/subscribers/input.ts'
import { type LinkPurpose, linkToken } from '../../../src/domain/subscribers/links.ts'
import { subscriberByAddress } from '../../../src/domain/subscribers/queries.ts'
import type { Subscriber, Wishes } from '../../../src/domain/subscribers/subscriber.ts'
import { later } from '../../../src/lib/clock.ts'
import type { World } from '../../world.ts'

export const everything: Wishes = usualWishes({ locale: 'en', zone: 'UTC' })

export const only = (chosen: Partial<Omit<Wishes['scope'], 'everything'>>): Wishes => ({
  ...everything,
  scope: { everything: 'no', components: [], groups: [], incidents: [], ...chosen },
})

/** What readers do, from outside. */
export function readers(it: World) {
  const ask = async (address: string, wishes: Wishes = everything): Promise<void> => {
    await askToSubscribe(it, { channel: 'email', target: { address }, wishes, source: 'form', proof: 'by letter' })
    await answerAsks(it)
  }
  const found = async (address: string): Promise<Subscriber> => {
    const subscriber = await subscriberByAddress(it, 'email', { address })
    if (!subscriber) throw new Error(`${address} is not subscribed.`)
    return subscriber
  }
  const link = async (address: string, purpose: LinkPurpose): Promise<string> => {
    const { id } = await found(address)
    return linkToken(it.vault, purpose, { id, links: 1 }, purpose === 'confirm' ? later(it.clock.now(), 86_400) : null)
  }
  return {
    ask,
    found,
    link,
    isKnown: async (address: string): Promise<boolean> =>
      (await subscriberByAddress(it, 'email', { address })) !== null,
    confirms: async (address: string) => confirmSubscription(it, await link(address, 'confirm')),
    subscribes: async (address: string, wishes: Wishes = everything): Promise<void> => {
      await ask(address, wishes)
      await confirmSubscription(it, await link(address, 'confirm'))
    },
    chooses: async (address: string, wishes: Wishes): Promise<void> =>
      changeWishes(it, await link(address, 'manage'), wishes),
    /** Kinds of the letters to them, oldest first. */
    letters: async (address: string): Promise<string[]> => {
      const rows = await it.db
        .selectFrom('messages')
        .innerJoin('deliveries', 'deliveries.message', 'messages.number')
        .select('messages.kind')
        .where('deliveries.recipient', '=', (await found(address)).id)
        .orderBy('messages.number')
        .execute()
      return rows.map(({ kind }) => kind)
    },
    /** Every row that is about subscribers and what they get, as text; messages are kept apart. */
    rows: async (): Promise<string> => {
      const tables = ['subscribers', 'subscriber_scopes', 'subscriber_asks', 'suppressions', 'deliveries'] as const
      const all = []
      for (const table of tables) all.push([table, await it.db.selectFrom(table).selectAll().execute()])
      return JSON.stringify(all)
    },
    suppressed: async (): Promise<string[]> =>
      (await it.db.selectFrom('suppressions').select('reason').orderBy('reason').execute()).map(({ reason }) => reason),
  }
}
