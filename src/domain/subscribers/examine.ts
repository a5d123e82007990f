import type { Db } from '../../database/database.ts'
import type { Finding } from '../../lib/finding.ts'
import type { Vault } from '../../lib/vault.ts'
import { openTarget } from './addresses.ts'

const atOnce = 500

/** Whether everybody can be told: addresses open with the key alone that they were sealed with. `vault` null: there is no key. */
export async function examineSubscribers(db: Db, vault: Vault | null): Promise<Finding[]> {
  let [all, sealed, last] = [0, 0, '']
  for (;;) {
    const rows = await db
      .selectFrom('subscribers')
      .select(['id', 'target_sealed'])
      .where('id', '>', last)
      .orderBy('id')
      .limit(atOnce)
      .execute()
    const end = rows.at(-1)
    if (!end) break
    last = end.id
    all += rows.length
    sealed += rows.filter(({ id, target_sealed: target }) => !opens(vault, id, target)).length
  }
  if (sealed === 0) return []
  return [
    {
      about: 'subscribers',
      found: `${sealed} of ${all} cannot be told: their addresses are sealed with another key than that of the data folder`,
      remedy:
        'Put the file “key” of before into the data folder, and start Candor again. If it is gone for good, so are their addresses: ' +
        'they have to sign up again, and can be removed at the desk, under Subscribers.',
    },
  ]
}

function opens(vault: Vault | null, id: string, sealed: string): boolean {
  try {
    return vault !== null && openTarget(vault, id, sealed) !== null
  } catch {
    return false
  }
}
