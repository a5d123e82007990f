import { type Db, type Tx, inTransaction } from '../../../database/database.ts'
import type { Clock, Instant } from '../../../lib/clock.ts'
import { Refusal } from '../../../lib/errors.ts'
import type { Vault } from '../../../lib/vault.ts'
import { endOrCount } from '../../deliveries/ending.ts'
import { addressHash } from '../addresses.ts'
import { forget } from '../leaving.ts'
import { barAddress } from '../suppressions.ts'
import { readTarget } from '../targets.ts'

/** What somebody else found out about a mail of ours. */
export interface MailReport {
  readonly address: string
  /** `bounce`: there is no such mailbox; what may arrive later is none. `complaint`: they called it spam. */
  readonly kind: 'bounce' | 'complaint'
}

export interface HearingParts {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
}

/**
 * Believes what a mail provider says. An address that bounces is given up after some times within days, as when the server
 * tells us itself; one that complains at once. No event: fifty thousand of them would be the log.
 */
export async function hearReports({ db, clock, vault }: HearingParts, reports: readonly MailReport[]): Promise<void> {
  // In one order, so that no two who hear the same wait for each other.
  const heard = reports
    .flatMap(({ address, kind }) => {
      const hash = hashOf(vault, address)
      return hash === null ? [] : [{ hash, kind }]
    })
    .toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
  await inTransaction(db, async (tx) => {
    for (const one of heard) await hear(tx, one, clock.now())
  })
}

/** Null: it is none that we would write to. */
function hashOf(vault: Vault, address: string): string | null {
  try {
    return addressHash(vault, 'email', readTarget('email', { address }))
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

async function hear(tx: Tx, { hash, kind }: { hash: string; kind: MailReport['kind'] }, now: Instant): Promise<void> {
  const row = await tx
    .selectFrom('subscribers')
    .select(['id', 'address_hash', 'confirmed_at'])
    .where('address_hash', '=', hash)
    .executeTakeFirst()
  if (kind === 'bounce') {
    if (row) await endOrCount(tx, recipientOf(row.id, 'bounced'), now)
    return
  }
  // Whoever called our very first letter spam never asked: they are not kept, and asked by nobody again.
  if (row?.confirmed_at === null) await forget({ tx, now }, row, 'complained')
  if (row && row.confirmed_at !== null) await endOrCount(tx, recipientOf(row.id, 'complained'), now)
  else await barAddress({ tx, now }, hash, 'complained')
}

function recipientOf(recipient: string, because: 'bounced' | 'complained') {
  return { audience: 'subscriber', recipient, channel: 'email', because } as const
}

/** A letter came back. It proves itself by naming the letter, whose id nobody else knows, and the address it went to. */
export async function hearReturned(
  { db, clock, vault }: HearingParts,
  { recipient, addresses }: { readonly recipient: string; readonly addresses: readonly string[] },
): Promise<'heard' | 'not ours'> {
  return inTransaction(db, async (tx) => {
    const row = await tx
      .selectFrom('subscribers')
      .select(['id', 'address_hash'])
      .where('id', '=', recipient)
      .where('channel', '=', 'email')
      .executeTakeFirst()
    if (!row || !addresses.some((address) => hashOf(vault, address) === row.address_hash)) return 'not ours'
    await endOrCount(tx, recipientOf(row.id, 'bounced'), clock.now())
    return 'heard'
  })
}
