import { expect, test } from 'vitest'
import { freshDatabaseUrl } from '../database.ts'
import { notifyOften } from './notify-often.ts'
import { ownFolder } from '../own-folder.ts'

// Fifty thousand, and five kills, are `bench/notify.ts`.
const readers = 300

test(
  'everybody who is to be told is told, although the product is killed in the middle of it',
  { timeout: 120_000 },
  async () => {
    const folder = ownFolder()
    const { wrong } = await notifyOften({
      url: await freshDatabaseUrl(),
      folder,
      readers,
      kills: 2,
      processes: 1,
      leisureMs: 20,
      retrySeconds: 1,
    })
    expect(wrong).toEqual([])
  },
)
