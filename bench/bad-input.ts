/**
 * The bad-input figure: so many requests made from the description of the API, of real ones with something wrong about
 * them, and of raw bytes, through the real listener. Each fault is told with the request and its seed. Beside the
 * answers by status it prints the memory after a collection, on the way: it has to stay where it is. The heap and, apart
 * from it, the bytes of documents: they are no part of the heap, and once grew where it hardly did.
 *
 * Over 27 000 real ones the heap grew from 59.7 to 64.9 MB, less and less: 3.2 in the first 9000 after 2250, 0.9 in the last.
 * Snapshots after 4500, 13 500 and 27 000 (the sizes of all objects, by their class) say of what: of 1.8 MB of the last 13 500
 * 1.0 is code that V8 compiled and what it noted of it; among the rest, which is spread thin, are sentences of the catalogues,
 * compiled when they are first said, and how documents were asked for, of which 4096 are kept. Documents themselves: 0.9 MB
 * beside the heap, of 64.
 *
 *     node --expose-gc bench/bad-input.ts [requests of each kind] [seed]
 */
import { openMigrated } from '../src/database/migrate.ts'
import { wallClock } from '../src/lib/clock.ts'
import { fuzzDescription, fuzzRaw, fuzzReal } from '../test/bad-input/run.ts'
import { openSite } from '../test/bad-input/site.ts'

const count = Number(process.argv[2] ?? 7000)
const seed = Number(process.argv[3] ?? 6)
const url = process.env['CANDOR_DATABASE_URL'] ?? ':memory:'

let done = 0
const faults: string[] = []
for (const [name, fuzz] of [
  ['made from the description', fuzzDescription],
  ['real, and bent', fuzzReal],
  ['raw bytes', fuzzRaw],
] as const) {
  const { database } = await openMigrated(url, wallClock)
  const site = await openSite(database)
  const began = performance.now()
  const heaps: string[] = []
  const tally = await fuzz(site, {
    seed,
    count,
    fault: (words) => {
      faults.push(words)
      if (faults.length <= 10) console.error(`${words}\n${'-'.repeat(60)}`)
    },
    each: async (of) => {
      if (of % Math.ceil(count / 7) === 0 || of === count) heaps.push(await megabytes())
    },
  })
  await site.close()
  await database.close()
  done += count
  const seconds = (performance.now() - began) / 1000
  console.log(`${count} ${name}: ${seconds.toFixed(0)} s`)
  console.log(
    `  answers ${Object.entries(tally)
      .map(([status, times]) => `${status}: ${times}`)
      .join(', ')}`,
  )
  console.log(`  heap + bytes beside it, in MB: ${heaps.join(', ')}`)
}
console.log(`${done} requests, ${faults.length} faults. Seed ${seed}.`)
process.exitCode = faults.length === 0 ? 0 : 1

/** After what can be forgotten was. */
async function megabytes(): Promise<string> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return [heapUsed, arrayBuffers].map((bytes) => (bytes / 1024 / 1024).toFixed(0)).join(' + ')
}
