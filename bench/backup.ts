/**
 * What a backup and a restore cost: how fast, how much memory, and how long the loop stands still meanwhile.
 *
 *     node bench/backup.ts [years, otherwise 10] [megabytes of checks, otherwise 200]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { openMigrated } from '../src/database/migrate.ts'
import { createDeps } from '../src/deps.ts'
import { wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { backUp } from '../src/outbound/backup/backup.ts'
import { openArchive } from '../src/outbound/backup/open.ts'
import { draftFile, fileOfBackup } from '../src/outbound/backup/place.ts'
import { restore } from '../src/outbound/backup/restore.ts'
import { fillHistory } from './history.ts'

const [years = 10, megabytes = 200] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'))
const url = join(folder, 'candor.db')
const mega = 1024 ** 2

const { database } = await openMigrated(url, wallClock)
const config = readConfig({ CANDOR_DATA_DIR: folder })
const log = pino({ level: 'silent' })
await createDeps({ config, database, clock: wallClock, ids: randomIds, log, key: 'k'.repeat(43) })
await fillHistory(database.db, { years, components: 20, incidents: years * 100, words: 6 })
fillSamples(megabytes)
const size = statSync(url).size
console.log(`${(size / mega).toFixed(0)} MB of database`)

for (const [how, readers] of [
  ['open', null],
  ['encrypted for a recipient', { recipients: [process.env['RECIPIENT'] ?? (await recipient())] }],
] as const) {
  const file = join(folder, `${how}.candor`)
  const own = openDatabase(url)
  await measured(`back up, ${how}`, async () => {
    const facts = { now: wallClock.now(), product: 'bench', secrets: [], readers, report: () => undefined }
    await backUp(own.db, await draftFile(file, randomIds), facts)
  })
  await own.close()
  console.log(`  ${(statSync(file).size / mega).toFixed(1)} MB of archive`)
  if (readers) continue
  await measured('restore', async () => {
    await restore({
      url: join(folder, 'restored.db'),
      dataDir: folder,
      open: () => openArchive(fileOfBackup(file), { passphrase: null, identities: [] }),
      existing: 'keep',
      because: 'moved',
      // What is written straight into the tables has no ledger that speaks of it.
      brokenLedger: 'accept',
      clock: wallClock,
      ids: randomIds,
      report: () => undefined,
    })
  })
}
await database.close()
rmSync(folder, { recursive: true })

/** Packed checks, as they lie there by the year: bytes that do not pack well. */
function fillSamples(mb: number): void {
  const columns = database.file?.prepare(`select name, type from pragma_table_info('check_samples')`).all() as {
    name: string
    type: string
  }[]
  const bytes = Buffer.alloc(4096)
  const insert = database.file?.prepare(
    `insert into check_samples (${columns.map(({ name }) => name).join()}) values (${columns.map(() => '?').join()})`,
  )
  database.file?.exec('begin')
  for (let row = 0; row < (mb * mega) / bytes.length; row += 1) {
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE((row * 2654435761 + at * 40503) >>> 0, at)
    insert?.run(columns.map(({ name, type }) => (type.toLowerCase() === 'blob' ? bytes : name === 'hour' ? row : 1)))
  }
  database.file?.exec('commit')
}

async function recipient(): Promise<string> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption')
  return identityToRecipient(await generateX25519Identity())
}

async function measured(what: string, work: () => Promise<void>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
  delay.enable()
  const processor = process.cpuUsage()
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(processor)
  delay.disable()
  clearInterval(watch)
  const [p99, max] = [delay.percentile(99) / 1e6, delay.max / 1e6]
  console.log(
    `${what}: ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of processor), ${(size / mega / seconds).toFixed(0)} MB/s, ` +
      `+${((most - before) / mega).toFixed(0)} MB of memory, loop p99 ${p99.toFixed(0)} ms, longest ${max.toFixed(0)} ms`,
  )
}
