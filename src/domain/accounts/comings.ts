import type { Db } from '../../database/database.ts'
import { evenIfItCannotBeTold, whereItCanBeKept } from '../../database/unavailable.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { Conflict } from '../../lib/errors.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import type { Actor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'
import type { Account } from './account.ts'
import { accountById } from './queries.ts'
import { type Beginning, type SessionParts, beginSession, endSession } from './sessions.ts'

type Person = Pick<Account, 'id' | 'name'>

export interface ComingParts extends SessionParts {
  readonly change: Changer
}

/** Asked in the same breath in which a session begins: what ends all sessions of somebody comes before it, or ends it too. */
export type IsStillSo = (db: Db) => Promise<boolean>

/**
 * Begins a session and says so in the log. Where only the log cannot be kept, they come in all the same. Refuses where what
 * they proved is worth nothing any more.
 */
export function comeIn(
  parts: ComingParts,
  { id, name }: Person,
  beginning: Beginning,
  isStillSo: IsStillSo = async (db) => (await accountById(db, id))?.disabledAt === null,
): Promise<string> {
  const { from, via } = beginning
  const actor: Actor = { kind: 'operator', id, name, ...(from === undefined ? {} : { from }) }
  const begin = async (db: Db): Promise<string> => {
    if (!(await isStillSo(db))) throw new Conflict('Something about this account was changed meanwhile. Sign in again.')
    return beginSession({ ...parts, db }, id, beginning)
  }
  return evenIfItCannotBeTold(
    () =>
      parts.change(actor, async (it) => {
        const secret = await begin(it.tx)
        await it.record({ type: 'account.signed-in', subject: id, data: { name, via } })
        return secret
      }),
    () => begin(parts.db),
  )
}

/** Whose account was made only just. */
export async function comeInFirst(parts: ComingParts, id: string, beginning: Beginning): Promise<string> {
  return comeIn(parts, (await accountById(parts.db, id)) ?? { id, name: '' }, beginning)
}

/** Ends the session in which they sit. */
export async function goOut(
  { db, change }: Pick<ComingParts, 'db' | 'change'>,
  {
    actor,
    account: { id, name },
    secret,
  }: { readonly actor: Actor; readonly account: Person; readonly secret: string },
): Promise<void> {
  await evenIfItCannotBeTold(
    () =>
      change(actor, async (it) => {
        // Of two tabs, the first.
        if (!(await endSession(it.tx, secret))) return
        await it.record({ type: 'account.signed-out', subject: id, data: { name } })
      }),
    async () => {
      await endSession(db, secret)
    },
  )
}

/** Whose name was given at the door, known or not. */
export interface HeldBack {
  readonly account: Person | null
  /** What they are told apart by: never what was typed. */
  readonly key: string
  readonly from: string | undefined
}

const noteEvery = 60
const most = 30
const everybody = 'told:everybody'

/**
 * Says in the log that somebody was kept waiting at the door: once a minute of each account, and so often of all
 * together that a flood writes next to nothing. Where nobody has the address the same is done but the word itself, so
 * that the time it takes tells nobody who is on the team.
 */
export async function noteHeldBack(
  { db, change, clock }: { readonly db: Db; readonly change: Changer; readonly clock: Clock },
  { account, key, from }: HeldBack,
): Promise<void> {
  const own = `told:${hashOfSecret(key)}`
  if (!(await isDue(db, own, clock.now()))) return
  const actor: Actor = { kind: 'setup', ...(from === undefined ? {} : { from }) }
  const note = change(actor, async (it) => {
    if (!(await isDue(it.tx, own, it.now))) return
    await count(it.tx, own, it.now)
    await count(it.tx, everybody, it.now)
    if (!account) return
    const { id, name } = account
    await it.record({ type: 'account.sign-in-refused', subject: id, data: { name } })
  })
  await whereItCanBeKept(note)
}

async function isDue(db: Db, own: string, now: Instant): Promise<boolean> {
  const rows = await db
    .selectFrom('sign_in_failures')
    .select(['key', 'failures'])
    .where('key', 'in', [own, everybody])
    .where('last_at', '>', later(now, -noteEvery))
    // A clock that was set back keeps nobody from being told of.
    .where('last_at', '<=', now)
    .execute()
  return rows.every(({ key, failures }) => key === everybody && failures < most)
}

/** How often since the first time within a minute. */
async function count(db: Db, key: string, now: Instant): Promise<void> {
  const since = later(now, -noteEvery)
  await db.deleteFrom('sign_in_failures').where('key', '=', key).where('last_at', '<=', since).execute()
  await db.deleteFrom('sign_in_failures').where('key', '=', key).where('last_at', '>', now).execute()
  await db
    .insertInto('sign_in_failures')
    .values({ key, failures: 1, last_at: now })
    .onConflict((on) => on.column('key').doUpdateSet((row) => ({ failures: row('sign_in_failures.failures', '+', 1) })))
    .execute()
}
