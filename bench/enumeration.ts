/**
 * Whether the time of an answer at the door tells if somebody is on the team: an unknown address, a wrong password and a
 * disabled account, taken in turns, each with hashes as in production. Prints the medians, their differences, and how
 * often the slower of two answers is of the one kind (AUC; 0.5 tells nothing). Security A4 asks for at most 5 ms and
 * 0.45 to 0.55.
 *
 *     node bench/enumeration.ts [samples of each]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { createDeps } from '../src/deps.ts'
import { createAccount, disableAccount } from '../src/domain/accounts/commands.ts'
import { signIn } from '../src/domain/accounts/sign-in.ts'
import { type Instant, later, wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { passwords } from '../src/lib/passwords.ts'
import { areaUnder, median } from './figures.ts'

const samples = Number(process.argv[2] ?? 2000)
const right = 'three unrelated herons'
const kinds = [
  { name: 'unknown', email: 'nobody@example.org', password: right },
  { name: 'wrong password', email: 'ada@example.org', password: 'wrong wrong wrong' },
  { name: 'disabled', email: 'ben@example.org', password: right },
] as const

const folder = mkdtempSync(join(tmpdir(), 'candor-enumeration-'))
try {
  const database = openDatabase(join(folder, 'candor.db'))
  let now: Instant = wallClock.now()
  const clock = { now: () => now }
  await migrate(database.db, clock)
  const config = readConfig({ CANDOR_DATA_DIR: folder })
  const log = pino({ level: 'silent' })
  const deps = await createDeps({ config, database, clock, ids: randomIds, log, key: 'a key for measuring' })
  const hashing = passwords()
  const passwordHash = await hashing.hash(right)
  for (const name of ['ada', 'ben']) {
    await deps.change({ kind: 'command', name: 'bench' }, async (it) => {
      const id = await createAccount(it, { email: `${name}@example.org`, name, role: 'responder', passwordHash })
      if (name === 'ben') await disableAccount(it, id)
    })
  }
  const times = kinds.map(() => [] as number[])
  for (let index = 0; index < samples + 20; index += 1) {
    for (const turn of kinds.keys()) {
      const at = (index + turn) % kinds.length
      const { email, password } = kinds[at] ?? kinds[0]
      // Nobody waits: each comes a day after the one before.
      now = later(now, 2 * 24 * 3600)
      const begun = performance.now()
      const beginning = { browser: '', network: '', via: 'password' } as const
      await signIn({ ...deps, passwords: hashing }, { email, password, network: 'n', device: null, beginning })
      if (index >= 20) times[at]?.push(performance.now() - begun)
    }
  }
  console.log(`${samples} samples each; Node ${process.version}`)
  for (const [at, { name }] of kinds.entries()) {
    const own = times[at] ?? []
    const first = times[0] ?? []
    const difference = median(own) - median(first)
    console.log(
      `${name.padEnd(15)} median ${median(own).toFixed(2)} ms  difference ${difference.toFixed(2)} ms  AUC ${areaUnder(own, first).toFixed(3)}`,
    )
  }
  await database.close()
} finally {
  rmSync(folder, { recursive: true })
}
