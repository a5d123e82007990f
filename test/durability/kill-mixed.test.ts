import { expect, test } from 'vitest'
import { freshDatabaseUrl } from '../database.ts'
import { killOften } from './kill-often.ts'
import { ownFolder } from '../own-folder.ts'

// Three hundred are `bench/kill.ts`.
const kills = 4

test(
  'the whole product, killed while everybody writes to it, keeps what it acknowledged, and its ledger is whole',
  { timeout: 120_000 },
  async () => {
    const folder = ownFolder()
    const { kept, losses } = await killOften({
      url: await freshDatabaseUrl(),
      folder,
      kills,
      lookEvery: kills,
      longest: 700,
    })
    expect(losses).toEqual([])
    // It was in the middle of something.
    expect(kept.values.size).toBeGreaterThan(0)
    expect(kept.words.length).toBeGreaterThan(0)
  },
)
