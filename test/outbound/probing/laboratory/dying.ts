import { openDatabase } from '../../../../src/database/database.ts'
import { changer } from '../../../../src/domain/changes/change.ts'
import { scribe } from '../../../../src/domain/ledger/scribe.ts'
import type { Check } from '../../../../src/domain/probes/probe.ts'
import { instantOf, wallClock } from '../../../../src/lib/clock.ts'
import { randomIds } from '../../../../src/lib/ids.ts'
import { vault } from '../../../../src/lib/vault.ts'
import { takeResults } from '../../../../src/outbound/probing/take-results.ts'

/** Takes in what it is told, and kills itself at the last moment before that is committed: `url probe instant…`. */
const [url = '', probeId = '', ...instants] = process.argv.slice(2)
const { db } = openDatabase(url)
const change = changer({
  db,
  clock: wallClock,
  ids: randomIds,
  vault: vault('the key of a test'),
  scribe: scribe('the key of a test'),
  wake: () => undefined,
})
const checks = instants.map((at): Check => {
  const check = { probeId, at: instantOf(Date.parse(at)), outcome: 'fail' as const, reason: 'timeout' as const, ms: 5 }
  return Object.defineProperty({ ...check, code: null }, 'code', {
    enumerable: true,
    // Read inside the transaction, when the checks are written down.
    get: () => process.kill(process.pid, 'SIGKILL'),
  })
})
await takeResults({ db, change }, new Map([[probeId, checks]]))
