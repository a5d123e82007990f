import { createHash } from 'node:crypto'
import { hashOfSecret } from '../../../lib/secrets.ts'
import type { Change } from '../../changes/change.ts'
import { factorsOf } from './queries.ts'

const howMany = 10
/** No letters that are read as another: 32 of them, so each is worth five bits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
/** Sixteen of these are 80 bits: a plain hash keeps them, and nobody guesses one. */
const characters = 16

/** Ten new codes, this once: `7h2k-m0qv-x9fd-3c8p`. Those from before are worth nothing any more. */
export async function makeRecoveryCodes(change: Change, account: { id: string; name: string }): Promise<string[]> {
  const codes = Array.from({ length: howMany }, () => codeFrom(change.ids.secret()))
  await change.tx.deleteFrom('recovery_codes').where('account_id', '=', account.id).execute()
  await change.tx
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ account_id: account.id, code_hash: hashOf(account.id, code), used_at: null })))
    .execute()
  await change.record({ type: 'account.recovery-codes-made', subject: account.id, data: { name: account.name } })
  return codes
}

/** Takes a code, if it is one of theirs and was never taken. */
export async function useRecoveryCode(
  change: Change,
  account: { id: string; name: string },
  code: string,
): Promise<boolean> {
  const taken = await change.tx
    .updateTable('recovery_codes')
    .set({ used_at: change.now })
    .where('account_id', '=', account.id)
    .where('code_hash', '=', hashOf(account.id, code))
    .where('used_at', 'is', null)
    .returning('account_id')
    .execute()
  if (taken.length !== 1) return false
  const { codesLeft: left } = await factorsOf(change.tx, account.id)
  await change.record({ type: 'account.recovery-code-used', subject: account.id, data: { name: account.name, left } })
  return true
}

function codeFrom(secret: string): string {
  const bytes = createHash('sha256').update(secret).digest()
  const letters = Array.from({ length: characters }, (_, at) => alphabet[(bytes[at] ?? 0) % alphabet.length])
  return [0, 4, 8, 12].map((at) => letters.slice(at, at + 4).join('')).join('-')
}

/** However it was typed: hyphens, spaces and capitals do not count, and neither does O for 0, I or L for 1. */
function hashOf(accountId: string, code: string): string {
  const plain = code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1')
  return hashOfSecret(`recovery of ${accountId}: ${plain}`)
}
