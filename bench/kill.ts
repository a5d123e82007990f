/**
 * `kill -9` at random instants, in the middle of everything that the product does: words at the desk, values of programs,
 * signs of life, checks, incidents and drafts that publish themselves. Nothing that was acknowledged is lost, nothing stands
 * there by half, and the ledger is whole.
 *
 *     node bench/kill.ts [kills, 300] [sqlite or postgres]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countsOf, killOften } from '../test/durability/kill-often.ts'
import { ownPostgres } from '../test/durability/own-postgres.ts'

const [kills = '300', kind = 'sqlite'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'candor-kill-'))
const server = kind === 'postgres' ? await ownPostgres() : null
try {
  const { kept, losses, starts } = await killOften({
    url: server?.url ?? join(folder, 'candor.db'),
    folder,
    kills: Number(kills),
    lookEvery: 10,
    longest: 1200,
    tell: (line) => console.log(line),
  })
  console.log(`${kills} kills, ${kind}; ${countsOf(kept)}; ${losses.length} losses`)
  for (const [until, of] of [
    ['a reader has the page', 'read'],
    ['it is ready for everything', 'ready'],
  ] as const) {
    const sorted = starts.map((start) => start[of]).toSorted((a, b) => a - b)
    const at = (share: number): string => ((sorted[Math.floor(sorted.length * share)] ?? Number.NaN) / 1000).toFixed(2)
    console.log(`from its beginning until ${until}, in s: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(0.99999)}`)
  }
  for (const loss of losses.slice(0, 20)) console.log(loss)
  process.exitCode = losses.length > 0 ? 1 : 0
} finally {
  await server?.stop()
  rmSync(folder, { recursive: true })
}
