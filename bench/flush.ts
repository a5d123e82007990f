/**
 * What it costs to store what 10 000 probes of a minute find in a second: 167 checks a batch, each probe in its turn.
 *
 *     node bench/flush.ts [probes, 10000] [batches, 300]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMigrated } from '../src/database/migrate.ts'
import { changer } from '../src/domain/changes/change.ts'
import { wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { vault } from '../src/lib/vault.ts'
import { batchOf, takeResults } from '../src/outbound/probing/take-results.ts'
import { fillWithProbes } from './watched-site.ts'

const [probes = 10_000, batches = 300] = process.argv.slice(2, 4).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'candor-flush-'))
const file = join(folder, 'candor.db')
await fillWithProbes(file, { count: probes, addresses: ['http://127.0.0.1:8080'] })
const { database } = await openMigrated(file, wallClock)
const { db } = database
const change = changer({
  db,
  clock: wallClock,
  ids: randomIds,
  vault: vault('a key'),
  scribe: async () => {},
  wake() {},
})
try {
  const ids = (await db.selectFrom('probes').select('id').orderBy('id').execute()).map(({ id }) => id)
  const size = Math.ceil(ids.length / 60)
  const result = { outcome: 'pass', reason: null, ms: 12, code: 200 } as const
  const took: number[] = []
  for (let batch = 0; batch < batches; batch += 1) {
    const from = (batch * size) % ids.length
    const results = ids.slice(from, from + size).map((probeId) => ({ ...result, probeId, ageMs: 0 }))
    const begun = performance.now()
    await takeResults({ db, change }, batchOf(results, wallClock))
    took.push(performance.now() - begun)
  }
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)} ms`
  console.log(`${size} checks a batch: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, most ${at(1)}`)
} finally {
  await database.close()
  rmSync(folder, { recursive: true })
}
