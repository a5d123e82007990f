import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { type Clock, later } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import { type Locale, locales } from '../site/site.ts'
import { addressHash } from './addresses.ts'
import { answer, isBarred } from './answering.ts'
import type { Target } from './channel.ts'
import { forget } from './leaving.ts'
import { linkToken } from './links.ts'
import type { Wishes } from './subscriber.ts'

// What people do by writing to our bot. Telegram says from which chat they write: that is the proof that it is theirs, and
// their message the consent. No events: it is theirs, and is forgotten with them.

interface ChatParts {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  readonly vault: Vault
}

export const codeSeconds = 3600
/** More than an outage brings in an hour. */
const mostCodes = 20_000

/** Keeps what somebody chose until they say in a chat that it is theirs: by this code, once, within an hour. */
export async function codeForChat({ db, clock, ids, vault }: ChatParts, wishes: Wishes): Promise<string> {
  const code = ids.next()
  const hash = hashOf(vault, code)
  await inTransaction(db, async (tx) => {
    const full = await tx.selectFrom('subscriber_codes').select('at').offset(mostCodes).limit(1).executeTakeFirst()
    if (full) throw new TooMany('Very many people are signing up just now. Try again in a quarter of an hour.', 900)
    const sealed = vault.seal(JSON.stringify(wishes), purpose(hash))
    await tx.insertInto('subscriber_codes').values({ code_hash: hash, sealed, at: clock.now() }).execute()
  })
  return code
}

const hashOf = (vault: Vault, code: string): string => vault.mark(code, 'subscriber code')
const purpose = (hash: string): string => `subscriber code ${hash}`

/** What became of somebody who wrote: and how they are answered, if we know them. */
export interface Heard {
  /** `no code`: they are told nothing, and have to choose on the page first; `barred`: that would not help them. */
  readonly became: 'started' | 'told' | 'no code' | 'barred' | 'stopped' | 'not told'
  /** Null: we do not know it. */
  readonly locale: Locale | null
  /** Opens their subscription, for a month. */
  readonly manage: string | null
}

const manageSeconds = 30 * 86_400

/** They want to be told here: what was chosen under their code; or, of somebody we know, what they chose before. */
export async function startInChat(
  { db, clock, ids, vault }: ChatParts,
  { chat, code }: { readonly chat: string; readonly code: string },
): Promise<Heard> {
  return inTransaction(db, async (tx) => {
    const now = clock.now()
    const target = { chat }
    const wishes = await chosenUnder(tx, vault, { code, after: later(now, -codeSeconds) })
    if (wishes) {
      const ask = { channel: 'telegram', target, wishes, source: 'form', proof: 'given' } as const
      await answer({ tx, now, vault }, ids.next(), ask)
    } else await goOn(tx, vault, target)
    const row = await found(tx, vault, target)
    if (!row) {
      const became = (await isBarred(tx, addressHash(vault, 'telegram', target))) ? 'barred' : 'no code'
      return { became, locale: wishes?.locale ?? null, manage: null }
    }
    return { became: 'started', locale: row.locale, manage: linkToken(vault, 'manage', row, later(now, manageSeconds)) }
  })
}

/** How it stands with this chat: whoever writes anything else is not left without an answer. */
export async function lookAtChat({ db, clock, vault }: Omit<ChatParts, 'ids'>, chat: string): Promise<Heard> {
  return inTransaction(db, async (tx) => {
    const row = await found(tx, vault, { chat })
    if (row && row.paused_at === null && row.disabled_at === null) {
      const manage = linkToken(vault, 'manage', row, later(clock.now(), manageSeconds))
      return { became: 'told', locale: row.locale, manage }
    }
    const became = (await isBarred(tx, addressHash(vault, 'telegram', { chat }))) ? 'barred' : 'not told'
    return { became, locale: row?.locale ?? null, manage: null }
  })
}

/** Good once, also for two who say it at once. */
async function chosenUnder(
  tx: Tx,
  vault: Vault,
  { code, after }: { readonly code: string; readonly after: string },
): Promise<Wishes | null> {
  const hash = hashOf(vault, code)
  const row = await tx
    .deleteFrom('subscriber_codes')
    .where('code_hash', '=', hash)
    .returning(['sealed', 'at'])
    .executeTakeFirst()
  return row && row.at > after ? (JSON.parse(vault.open(row.sealed, purpose(hash))) as Wishes) : null
}

/** Who had shut the bot out, or paused, and comes back. */
async function goOn(tx: Tx, vault: Vault, target: Target): Promise<void> {
  await tx
    .updateTable('subscribers')
    .set({ paused_at: null, disabled_at: null, disabled_because: null })
    .where('address_hash', '=', addressHash(vault, 'telegram', target))
    .execute()
}

/** They want to hear nothing more, however often they say so. */
export async function stopInChat({ db, clock, vault }: Omit<ChatParts, 'ids'>, chat: string): Promise<Heard> {
  return inTransaction(db, async (tx) => {
    const row = await found(tx, vault, { chat })
    const gone = row !== undefined && (await forget({ tx, now: clock.now() }, row, 'left'))
    return { became: gone ? 'stopped' : 'not told', locale: row?.locale ?? null, manage: null }
  })
}

/** In which language somebody is answered who says `pt-PT`: in ours that is nearest, if one is. */
export function localeOfTag(tag: string): Locale | null {
  const languageOf = (one: string): string => one.toLowerCase().split('-')[0] ?? ''
  return locales.find((one) => languageOf(one) === languageOf(tag)) ?? null
}

function found(tx: Tx, vault: Vault, target: Target) {
  return tx
    .selectFrom('subscribers')
    .select(['id', 'links', 'locale', 'address_hash', 'paused_at', 'disabled_at'])
    .where('address_hash', '=', addressHash(vault, 'telegram', target))
    .executeTakeFirst()
}
