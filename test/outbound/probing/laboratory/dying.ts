import { openDatabase } from '../../../../src/database/database.ts'
import type { Check } from '../../../../src/domain/probes/probe.ts'
import { instantOf } from '../../../../src/lib/clock.ts'
import { takeResults } from '../../../../src/outbound/probing/take-results.ts'
import { ownChanges } from '../../../own-changes.ts'

/** Takes in what it is told, and kills itself at the last moment before that is committed: `url probe instant…`. */
const [url = '', probeId = '', ...instants] = process.argv.slice(2)
const { db } = openDatabase(url)
const change = ownChanges(db)
const checks = instants.map((at): Check => {
  const check = { probeId, at: instantOf(Date.parse(at)), outcome: 'fail' as const, reason: 'timeout' as const, ms: 5 }
  return Object.defineProperty({ ...check, code: null }, 'code', {
    enumerable: true,
    // Read inside the transaction, when the checks are written down.
    get: () => process.kill(process.pid, 'SIGKILL'),
  })
})
await takeResults({ db, change }, new Map([[probeId, checks]]))
