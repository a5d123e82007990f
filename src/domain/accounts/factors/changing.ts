import type { Change } from '../../changes/change.ts'
import { endSessionsOf } from '../sessions.ts'
import type { FactorKind } from './factor.ts'
import { factorsOf } from './queries.ts'
import { hasFactor } from './factor.ts'

/** Writes down that somebody's factors are others now. Every session of theirs ends with the old ones. */
export async function factorChanged(
  change: Change,
  { id, name }: { id: string; name: string },
  { type, factor }: { type: 'account.factor-added' | 'account.factor-removed'; factor: FactorKind },
): Promise<void> {
  await endSessionsOf(change.tx, id)
  // Codes that stand in for a factor are worth nothing where there is none.
  if (!hasFactor(await factorsOf(change.tx, id))) {
    await change.tx.deleteFrom('recovery_codes').where('account_id', '=', id).execute()
  }
  await change.record({ type, subject: id, data: { name, factor } })
}
