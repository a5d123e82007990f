import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { NotFound } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import { addressHash, sealTarget } from './addresses.ts'
import { welcome } from './answering.ts'
import type { Target } from './channel.ts'
import { usualWishes } from './input.ts'
import { forget } from './leaving.ts'
import { writeAboutSubscription } from './letters.ts'
import { linkToken } from './links.ts'
import { askToSubscribe } from './signing-up.ts'
import type { Wishes } from './subscriber.ts'

// What a browser does to its own subscription. Nobody else knows where it takes its messages, so whoever says it is the
// browser, and its own question was the consent. That there is such a browser its push service says, by taking the first
// message for it. No events: it is theirs, and is forgotten with them.

interface BrowserParts {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
}

/** Tells this browser of everything, once a message reaches it; what it wants to hear of is changed by its link. */
export async function subscribeBrowser(
  parts: BrowserParts & { readonly ids: Ids },
  target: Target,
  { locale, zone }: Pick<Wishes, 'locale' | 'zone'>,
): Promise<void> {
  if (await tellAgain(parts, target)) return
  const wishes = usualWishes({ locale, zone })
  await askToSubscribe(parts, { channel: 'web-push', target, wishes, source: 'form', proof: 'by letter' })
}

/** Of a browser that was reached before: what it chose stays. */
async function tellAgain({ db, vault }: BrowserParts, target: Target): Promise<boolean> {
  const again = await db
    .updateTable('subscribers')
    .set({ paused_at: null, disabled_at: null, disabled_because: null })
    .where('address_hash', '=', addressHash(vault, 'web-push', target))
    .where('confirmed_at', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  return again !== undefined
}

/** Their push service took a message for them: there are such browsers. The first that it takes is the proof. */
export async function browsersReached(tx: Tx, ids: readonly string[], now: Instant): Promise<void> {
  const proven = await tx
    .updateTable('subscribers')
    .set((eb) => ({
      confirmed_at: now,
      // When they pressed the button, wherever they were reached then.
      consented_at: eb.fn.coalesce('consented_at', 'created_at'),
      disabled_at: null,
      disabled_because: null,
    }))
    .where('id', 'in', ids)
    .where('confirmed_at', 'is', null)
    .returning('address_hash')
    .execute()
  for (const { address_hash: hash } of proven) await welcome(tx, hash)
}

/**
 * A browser is reached elsewhere from now on: what it chose goes along. That there is one it proves anew, by the first
 * message that is taken for it. `no`: it was not known under its old address.
 */
export async function moveBrowser(
  { db, clock, vault }: BrowserParts,
  from: Target,
  to: Target,
): Promise<'moved' | 'no'> {
  return inTransaction(db, async (tx) => {
    const now = clock.now()
    const row = await found(tx, vault, from)
    if (!row || (await found(tx, vault, to))) return 'no'
    const moved = await tx
      .updateTable('subscribers')
      .set({
        target_sealed: sealTarget(vault, row.id, to),
        address_hash: addressHash(vault, 'web-push', to),
        confirmed_at: null,
        created_at: now,
        asked: 1,
        asked_since: now,
        disabled_at: null,
        disabled_because: null,
      })
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await writeAboutSubscription({ tx, now }, moved, 'confirm')
    return 'moved'
  })
}

/** What opens all that is known of this browser, for an hour: it can ask again. */
export async function linkOfBrowser({ db, clock, vault }: BrowserParts, target: Target): Promise<string> {
  const row = await found(db, vault, target)
  if (!row || row.confirmed_at === null) throw new NotFound('This browser is not told anything.')
  return linkToken(vault, 'manage', row, later(clock.now(), 3600))
}

/** Ends it, however often it is said. */
export async function endBrowser({ db, clock, vault }: BrowserParts, target: Target): Promise<void> {
  await inTransaction(db, async (tx) => {
    const row = await found(tx, vault, target)
    if (row) await forget({ tx, now: clock.now() }, row, 'left')
  })
}

function found(db: Db, vault: Vault, target: Target) {
  return db
    .selectFrom('subscribers')
    .select(['id', 'links', 'address_hash', 'confirmed_at'])
    .where('address_hash', '=', addressHash(vault, 'web-push', target))
    .executeTakeFirst()
}
