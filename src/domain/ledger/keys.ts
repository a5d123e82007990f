import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Ids } from '../../lib/ids.ts'
import { secretFile } from '../../lib/secret-file.ts'
import { type SigningKey, signingKey } from '../../lib/signing.ts'

/** The private halves that this installation holds. Which of them signs is what the ledger itself says. */
export interface LedgerKeys {
  /** With which a ledger begins: it follows from the secret of the installation. */
  readonly first: SigningKey
  /** Null: this installation does not hold it. */
  find(publicKey: string): SigningKey | null
  /** A key that follows from nothing that was there before, kept in a file of its own. */
  make(): SigningKey
}

const fileName = 'ledger-key-'

export function ledgerKeys({ key, folder, ids }: { key: string; folder: string; ids: Ids }): LedgerKeys {
  const keyOf = (secret: string): SigningKey => signingKey(secret, 'candor ledger')
  const first = keyOf(key)
  const found = new Map([[first.publicKey, first]])
  return {
    first,
    find(publicKey) {
      const known = found.get(publicKey)
      if (known || !existsSync(folder)) return known ?? null
      // Another process may have made it since.
      for (const name of readdirSync(folder).filter((one) => one.startsWith(fileName) && !one.includes('.'))) {
        const made = keyOf(readFileSync(join(folder, name), 'utf8').trim())
        found.set(made.publicKey, made)
      }
      return found.get(publicKey) ?? null
    },
    make() {
      const made = keyOf(secretFile(folder, `${fileName}${ids.next()}`, ids))
      found.set(made.publicKey, made)
      return made
    },
  }
}
