import type { Tx } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Change, Scribe } from '../changes/change.ts'
import { type Disclosed, type End, type Entry, ledgerItself, nextEntry } from './chain.ts'
import { disclosedBy } from './entries.ts'
import { ledgerEnd } from './queries.ts'
import { recordsOf } from './records.ts'

/**
 * Writes what a change made public into the ledger, in the same transaction. It reads the rows of that change and the
 * last entry, whatever the ledger's length. `firstKey`: of what signs a ledger that begins now.
 */
export function scribe(firstKey: string): Scribe {
  return async (tx, now, events) => {
    const disclosed: Disclosed[] = []
    for (const event of events) disclosed.push(...(await disclosedBy(tx, event, now)))
    if (disclosed.length > 0) await append(tx, now, { disclosed, firstKey })
  }
}

/** Begins the ledger, if it has not begun yet, with what was on the page before there was one. */
export async function beginLedger({ tx, now }: Change, firstKey: string): Promise<void> {
  if ((await ledgerEnd(tx)) === null) await append(tx, now, { disclosed: await recordsOf(tx, 'all', null), firstKey })
}

/** A statement holds only so many values. */
const atOnce = 500

async function append(
  tx: Tx,
  now: Instant,
  { disclosed, firstKey }: { disclosed: readonly Disclosed[]; firstKey: string },
): Promise<void> {
  let last: End | null = await ledgerEnd(tx)
  const beginning = last === null ? [{ kind: 'ledger.begun', subject: ledgerItself, entry: { key: firstKey } }] : []
  const rows: (Entry & End)[] = []
  for (const one of [...beginning, ...disclosed]) {
    const next = nextEntry(last, now, one)
    rows.push(next)
    last = next
  }
  for (let at = 0; at < rows.length; at += atOnce) {
    await tx
      .insertInto('ledger')
      .values(rows.slice(at, at + atOnce))
      .execute()
  }
}
