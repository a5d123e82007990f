/**
 * Everybody is told of an update by a mail server that takes its time, refuses one in twenty for now and one in a hundred for
 * good, while the product is killed with -9 and started again: each who is to be told is told, what comes twice was under way
 * at a kill and has the same Message-ID, and the log says it all. Then once more without kills, while readers look at the
 * page and at a bare server, and how long the slowest of them wait with and without sending. On PostgreSQL two processes send.
 *
 *     node bench/notify.ts [subscribers, 50000] [sqlite or postgres] [kills, 5] [seconds until the second attempt, 60]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Notified, notifyOften } from '../test/durability/notify-often.ts'
import { ownPostgres } from '../test/durability/own-postgres.ts'
import { type Waits, compared, readWhile } from './steady-reader.ts'

const [subscribers = '50000', kind = 'sqlite', kills = '5', retry = '60'] = process.argv.slice(2)
const readers = Number(subscribers)
const folder = mkdtempSync(join(tmpdir(), 'candor-notify-'))

console.log(
  `${readers} subscribers, ${kind}, ${kills} kills, ${retry} s until the second attempt; Node ${process.version}, ${cpus().length} cores`,
)
try {
  const wrong = [...(Number(kills) > 0 ? await once(Number(kills)) : []), ...(await once(0))]
  for (const fault of wrong.slice(0, 20)) console.log(fault)
  process.exitCode = wrong.length > 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true })
}

async function once(deaths: number): Promise<readonly string[]> {
  const own = join(folder, String(deaths))
  mkdirSync(own)
  const server = kind === 'postgres' ? await ownPostgres() : null
  const waits: { sending?: Waits; resting?: Waits } = {}
  try {
    const found = await notifyOften({
      url: server?.url ?? join(own, 'candor.db'),
      folder: own,
      readers,
      kills: deaths,
      processes: server ? 2 : 1,
      leisureMs: 10,
      retrySeconds: Number(retry),
      tell: (line) => console.log(`  ${line}`),
      ...(deaths === 0
        ? {
            whileSending: async ([page = '']) => void (waits.sending = await readWhile(page, () => pause(20_000))),
            afterwards: async ([page = '']) => void (waits.resting = await readWhile(page, () => pause(20_000))),
          }
        : {}),
    })
    report(deaths, found)
    if (waits.sending && waits.resting) console.log(`  ${compared(waits.resting, waits.sending)}`)
    return found.wrong
  } finally {
    await server?.stop()
  }
}

function report(
  deaths: number,
  { wrong, twice, inFlight, seconds, sendingSeconds, fanOutSeconds, memory }: Notified,
): void {
  console.log(`${deaths} kills: ${wrong.length} faults, ${twice} came twice of ${inFlight} under way at kills`)
  console.log(
    `  fan-out ${fanOutSeconds.toFixed(1)} s; nine in ten sent in ${sendingSeconds.toFixed(0)} s (${((0.9 * readers) / sendingSeconds).toFixed(0)}/s), all with second attempts in ${seconds.toFixed(0)} s`,
  )
  console.log(`  memory ${memory.first.toFixed(0)} MB at the start, at most ${memory.most.toFixed(0)} MB`)
}
