import type { Db } from '../../database/database.ts'
import type { SubscriberRow } from '../../database/tables/subscribers.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Locale, Site } from '../site/site.ts'
import type { Target } from '../subscribers/channel.ts'
import type { Scope } from '../subscribers/subscriber.ts'
import type { Audience, Payload } from './message.ts'

/** Why something is not sent although it was due: nobody failed. */
export type DropReason = 'left' | 'paused' | 'disabled' | 'not confirmed' | 'settled' | 'taken back' | 'too late'

/** Where it goes; sealed until the moment at which it is sent. */
export type AddresseeTarget =
  { readonly sealed: string; readonly purpose: string } | { readonly open: Target; readonly purpose: null }

/** Somebody who gets a letter now, as far as the words and the way there need it. */
export interface Addressee {
  readonly id: string
  readonly links: number
  readonly target: AddresseeTarget
  readonly locale: Locale
  readonly zone: string
  readonly scope: Scope | null
  /** Nobody of ours said that it goes there: they did. */
  readonly isSelfMade: boolean
}

interface Asked {
  readonly audience: Audience
  readonly recipient: string
  readonly payload: Payload
}

/** Whoever these letters are for: or why they get nothing any more. Two queries for each audience, however many there are. */
export async function addresseesOf(
  db: Db,
  site: Site,
  asked: readonly Asked[],
): Promise<(one: Asked) => Addressee | DropReason | 'moved'> {
  const ids = (audience: Audience): string[] => [
    ...new Set(asked.filter((one) => one.audience === audience).map(({ recipient }) => recipient)),
  ]
  const subscribers = await subscribersOf(db, ids('subscriber'))
  const ways = await waysToCall(db, ids('operator'))
  const people = await peopleOf(db, ids('account'))
  const alerts = asked.flatMap(({ payload }) => (payload.kind === 'alert' ? [payload.alert] : []))
  const open = await openAlerts(db, [...new Set(alerts)])

  return ({ audience, recipient, payload }) => {
    if (payload.kind === 'alert' && calls(payload) && !open.has(payload.alert)) return 'settled'
    const here = { links: 0, locale: site.locale, zone: site.zone, scope: null, isSelfMade: false }
    if (audience === 'subscriber') {
      const subscriber = subscribers.get(recipient)
      return subscriber ? (unfit(subscriber, payload) ?? asAddressee(subscriber)) : 'left'
    }
    if (audience === 'operator') {
      const way = ways.get(recipient)
      if (!way) return 'left'
      if (way.disabledAt !== null) return 'disabled'
      return { ...here, id: recipient, target: { sealed: way.sealed, purpose: `alert target ${recipient}` } }
    }
    const address = people.get(recipient)
    return address === undefined ? 'left' : { ...here, id: recipient, target: { open: { address }, purpose: null } }
  }
}

/** One that says that nobody need come any more is for those whose alert is settled. */
function calls({ data }: Extract<Payload, { kind: 'alert' }>): boolean {
  return data['settled'] !== 'yes'
}

interface KnownSubscriber {
  readonly row: Pick<
    SubscriberRow,
    | 'id'
    | 'source'
    | 'target_sealed'
    | 'locale'
    | 'zone'
    | 'everything'
    | 'consented_at'
    | 'confirmed_at'
    | 'paused_at'
    | 'disabled_at'
  > & { readonly links: number }
  readonly scope: Scope
}

function unfit({ row }: KnownSubscriber, payload: Payload): DropReason | 'moved' | null {
  // Whoever was given up comes back by asking again: only the question whether it was they goes out.
  if (row.disabled_at !== null) return payload.kind === 'confirm' ? null : 'disabled'
  // A browser that is reached elsewhere has said long ago that it wants this, and gets it once a message reached it there.
  if (row.confirmed_at === null && payload.kind !== 'confirm') return row.consented_at ? 'moved' : 'not confirmed'
  // Whoever paused hears nothing of the page; what they ask about their own subscription they are told.
  return row.paused_at !== null && payload.kind === 'told' ? 'paused' : null
}

function asAddressee({ row, scope }: KnownSubscriber): Addressee {
  const { id, links, locale, zone, source, target_sealed: sealed } = row
  const isSelfMade = source !== 'operator' && source !== 'import'
  return { id, links, locale, zone, scope, isSelfMade, target: { sealed, purpose: `subscriber target ${id}` } }
}

async function subscribersOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, KnownSubscriber>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('subscribers')
    .select(['id', 'source', 'target_sealed', 'locale', 'zone', 'links', 'everything'])
    .select(['consented_at', 'confirmed_at', 'paused_at', 'disabled_at'])
    .where('id', 'in', ids)
    .execute()
  const choosy = rows.filter(({ everything }) => everything === 'no').map(({ id }) => id)
  const chosen = await chosenBy(db, choosy)
  return new Map(
    rows.map((row) => {
      const of = (kind: 'component' | 'group' | 'incident'): string[] =>
        (chosen.get(row.id) ?? []).filter((one) => one.kind === kind).map(({ target_id: id }) => id)
      const { everything } = row
      const scope = { everything, components: of('component'), groups: of('group'), incidents: of('incident') }
      return [row.id, { row, scope }]
    }),
  )
}

async function chosenBy(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never[]>()
  const rows = await db.selectFrom('subscriber_scopes').selectAll().where('subscriber_id', 'in', ids).execute()
  return Map.groupBy(rows, (row) => row.subscriber_id)
}

interface WayToCall {
  readonly sealed: string
  readonly disabledAt: Instant | null
}

async function waysToCall(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, WayToCall>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('alert_channels')
    .innerJoin('accounts', 'accounts.id', 'alert_channels.account_id')
    .select(['alert_channels.id', 'target_sealed', 'alert_channels.disabled_at', 'accounts.disabled_at as shut_at'])
    .where('alert_channels.id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, { sealed: row.target_sealed, disabledAt: row.disabled_at ?? row.shut_at }]))
}

/** Addresses of accounts, and of those who are invited, who have none yet. */
async function peopleOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const accounts = await db
    .selectFrom('accounts')
    .select(['id', 'email'])
    .where('id', 'in', ids)
    .where('disabled_at', 'is', null)
    .execute()
  const invited = await db
    .selectFrom('invitations')
    .select(['id', 'email'])
    .where('id', 'in', ids)
    .where('accepted_at', 'is', null)
    .execute()
  return new Map([...invited, ...accounts].map(({ id, email }) => [id, email]))
}

async function openAlerts(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('alerts')
    .select('id')
    .where('id', 'in', ids)
    .where('settled_at', 'is', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}
