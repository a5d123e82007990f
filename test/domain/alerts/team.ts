import { createAccount } from '../../../src/domain/accounts/commands.ts'
import { type Account, type Role, may } from '../../../src/domain/accounts/account.ts'
import { accountById } from '../../../src/domain/accounts/queries.ts'
import type { Actor } from '../../../src/domain/changes/actor.ts'
import { type AlertKind, aboutKinds, alertKinds } from '../../../src/domain/alerts/alert.ts'
import { addWay } from '../../../src/domain/alerts/channels.ts'
import { alertWatch } from '../../../src/domain/alerts/watch.ts'
import { publishDueDrafts } from '../../../src/domain/probes/engine/recovering.ts'
import { watchPromises } from '../../../src/domain/promises/watch.ts'
import { type ChannelKind, channelKinds } from '../../../src/domain/subscribers/channel.ts'
import { type Desk, desk } from '../desk.ts'

export interface Team extends Desk {
  /** Somebody on the team. */
  person(name: string, role?: Role): Promise<Account>
  /** A webhook of theirs; answers its id. */
  isCalled(who: Account, wish?: { after?: number; kinds?: readonly AlertKind[] }): Promise<string>
  /** What runs by itself, once: what was promised, drafts whose time is up, alerts. */
  ticks(): Promise<void>
  /** Whose letters are due by now and have a reason still, with their sentence, in order. */
  rings(): Promise<string[]>
  /** Says of all that are due that they arrived, as the sender does. */
  arrives(): Promise<void>
}

export interface TeamOptions {
  readonly offered?: readonly ChannelKind[]
  disk?(): Promise<string | null>
  readonly backsUp?: boolean
}

export async function team({ offered = channelKinds, disk, backsUp = true }: TeamOptions = {}): Promise<Team> {
  const here = await desk()
  const { db, change, clock } = here
  const watch = alertWatch({ db, change, clock, offered, backsUp, disk: disk ?? (() => Promise.resolve(null)) })
  const due = () =>
    db
      .selectFrom('deliveries')
      .innerJoin('messages', 'messages.number', 'deliveries.message')
      .leftJoin('alert_channels', 'alert_channels.id', 'recipient')
      .innerJoin('accounts', (join) =>
        join.on((eb) =>
          eb.or([eb('accounts.id', '=', eb.ref('account_id')), eb('accounts.id', '=', eb.ref('recipient'))]),
        ),
      )
      .select(['accounts.name', 'payload', 'deliveries.message', 'recipient', 'audience'])
      .where('done_at', 'is', null)
      .where('deliveries.due_at', '<=', clock.now())
      .orderBy('deliveries.due_at')
      .orderBy('message')
      .execute()
  const open = async () => {
    const settled = await db.selectFrom('alerts').select('id').where('settled_at', 'is not', null).execute()
    const gone = new Set(settled.map(({ id }) => id))
    return (await due())
      .map((row) => ({ ...row, said: JSON.parse(row.payload) as Said }))
      .filter(({ said }) => said.data['settled'] === 'yes' || !gone.has(said.alert))
  }
  return {
    ...here,
    async person(name, role = 'responder') {
      const email = `${name.toLowerCase()}@example.org`
      const id = await change({ kind: 'setup' }, (it) => createAccount(it, { email, name, role, passwordHash: 'x' }))
      return (await accountById(db, id)) as Account
    },
    isCalled: (who, { after = 0, kinds = alertKinds.filter((kind) => may(who.role, aboutKinds[kind].deed)) } = {}) =>
      change(by(who), (it) =>
        addWay(it, who, {
          wish: { channel: 'webhook', name: 'Pager', kinds, afterMinutes: after },
          target: { url: `https://hooks.example/${who.id}` },
          offered: channelKinds,
          pushHosts: [],
        }),
      ),
    async ticks() {
      await watchPromises(here)
      await publishDueDrafts(here)
      await watch.look()
    },
    rings: async () => (await open()).map(({ name, said }) => `${name}: ${said.name}`),
    async arrives() {
      for (const { message, recipient, audience } of await due()) {
        await db
          .updateTable('deliveries')
          .set({ done_at: clock.now(), outcome: 'accepted' })
          .where('message', '=', message)
          .where('recipient', '=', recipient)
          .where('audience', '=', audience)
          .execute()
      }
    },
  }
}

interface Said {
  readonly alert: string
  readonly name: string
  readonly data: Readonly<Record<string, string>>
}

/** Somebody at the desk. */
export function by({ id, name }: Pick<Account, 'id' | 'name'>): Actor {
  return { kind: 'operator', id, name }
}
