import { Conflict } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { ledgerItself } from './chain.ts'
import { handOver } from './head.ts'
import type { LedgerKeys } from './keys.ts'
import { currentKey, ledgerEnd } from './queries.ts'
import { beginLedger } from './scribe.ts'

/** Hands the ledger over to a new key, which the old one signs; answers the new one's public half. */
export async function rotateKey(change: Change, keys: LedgerKeys): Promise<string> {
  await beginLedger(change, keys.first.publicKey)
  const end = await ledgerEnd(change.tx)
  const previous = keys.find((await currentKey(change.tx)) ?? '')
  if (!end || !previous) {
    throw new Conflict(
      'The key of the ledger is not in this data folder: copy the files “key” and “ledger-key-…” there from where it is.',
    )
  }
  const key = keys.make().publicKey
  const signature = handOver(previous, key, end.hash)
  await change.record({
    type: 'ledger.key-changed',
    subject: ledgerItself,
    data: { previous: previous.publicKey, key, signature },
  })
  return key
}
