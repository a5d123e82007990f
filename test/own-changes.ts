import type { Db } from '../src/database/database.ts'
import { type Changer, changer } from '../src/domain/changes/change.ts'
import { scribe } from '../src/domain/ledger/scribe.ts'
import { wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { vault } from '../src/lib/vault.ts'

const key = 'the key of a test'

/** Changes by the clock of this machine, as a process makes them that shares nothing with others but the database. */
export function ownChanges(db: Db, wake: () => void = () => undefined): Changer {
  return changer({ db, clock: wallClock, ids: randomIds, vault: vault(key), scribe: scribe(key), wake })
}
