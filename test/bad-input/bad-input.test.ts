import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../database.ts'
import { type Run, type Tally, fuzzDescription, fuzzRaw, fuzzReal } from './run.ts'
import { type Site, openSite } from './site.ts'

/** Of each kind; a server for a database takes several times as long. The figure of twenty thousand is bench/bad-input.ts. */
const usual = process.env['TEST_DATABASE_URL'] === undefined ? 300 : 100
const count = Number(process.env['CANDOR_BAD_INPUT'] ?? usual)
const seed = Number(process.env['CANDOR_BAD_INPUT_SEED'] ?? 6)

test.each<[string, (site: Site, run: Run) => Promise<Tally>]>([
  ['made from the description of the API', fuzzDescription],
  ['that people and programs really send, with something wrong about it', fuzzReal],
  ['of raw bytes on the socket', fuzzRaw],
])(
  'input %s ends in words, and never in a fault of ours',
  async (_, fuzz) => {
    const site = await openSite(await freshDatabase())
    onTestFinished(() => site.close())
    const tally = await fuzz(site, { seed, count })
    expect(Object.values(tally).reduce((sum, each) => sum + each, 0)).toBe(count)
  },
  120_000 + count * 200,
)
