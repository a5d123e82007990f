/**
 * 2 000 requests a second, half of them on kept connections and half on new ones, three in four for what the front door
 * answers, the others for what the server behind it does, while processes come and go on one socket, as with `examples/systemd`: first one
 * process alone, that ends before the next begins, then two in turn. No request fails, and no connection is refused.
 * In the second before each signal it counts what is answered, and the processor time of either side. While there is no
 * process nobody is answered, and 80 clients wait: over the whole time it is less than what was asked for.
 *
 *     node bench/rolling-restart.ts [a second, 2000] [restarts, 4] [sqlite or postgres]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ownPostgres } from '../test/durability/own-postgres.ts'
import { type Asked, asking } from '../test/process/asking.ts'
import { type OneSocket, type Started, oneSocket } from '../test/process/one-socket.ts'

const [perSecond = 2000, restarts = 4] = process.argv.slice(2, 4).map(Number)
const kind = process.argv[4] ?? 'sqlite'
const clients = 80
const everyMs = (1000 * clients) / perSecond

const folder = mkdtempSync(join(tmpdir(), 'candor-rolling-'))
const server = kind === 'postgres' ? await ownPostgres() : null
const socket = oneSocket()
try {
  console.log(`${perSecond} a second, ${restarts} restarts, ${kind}; Node ${process.version}`)
  let [older, newer] = [await start(), await start()]
  await under('two in turn', socket, async (second) => {
    for (let count = 0; count < restarts; count += 1) {
      await second([older, newer])
      await ends(older)
      older = newer
      newer = await start()
    }
  })
  await ends(older)
  await under('one alone', socket, async (second) => {
    for (let count = 0; count < restarts; count += 1) {
      await second([newer])
      await ends(newer)
      newer = await start()
    }
  })
} finally {
  socket.close()
  await server?.stop()
  rmSync(folder, { recursive: true })
}

function start(): Promise<Started> {
  const url = server?.url ?? join(folder, 'candor.db')
  return socket.start({ CANDOR_DATABASE_URL: url, CANDOR_DATA_DIR: folder })
}

async function ends(one: Started): Promise<void> {
  const how = await one.stop('SIGTERM')
  if (how === 0) return
  console.log(`A process ended with ${how}.`)
  process.exitCode = 1
}

function pathOf(index: number): string {
  if (index % 40 < 2) return '/admin/sign-in'
  return index % 8 < 2 ? '/healthz' : '/'
}

/** Of a process, in milliseconds. */
function processorTime({ pid }: Pick<Started, 'pid'>): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function under(
  name: string,
  { url }: OneSocket,
  work: (second: (servers: readonly Started[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  const all = Array.from({ length: clients }, (_, index) =>
    asking(`${url}${pathOf(index)}`, { keeps: index % 2 === 0, everyMs }),
  )
  const began = performance.now()
  await pause(2000)
  await work(async (servers) => {
    const now = () => ({
      at: performance.now(),
      answered: all.reduce((sum, client) => sum + client.asked.answered, 0),
      own: processorTime(process),
      servers: servers.reduce((sum, server) => sum + processorTime(server), 0),
    })
    const before = now()
    await pause(1000)
    const after = now()
    const seconds = (after.at - before.at) / 1000
    const core = (of: 'own' | 'servers'): string => ((after[of] - before[of]) / seconds / 1000).toFixed(2)
    const rate = ((after.answered - before.answered) / seconds).toFixed(0)
    console.log(`  before the signal ${rate} a second; cores: who asks ${core('own')}, who answers ${core('servers')}`)
  })
  const asked: Asked[] = await Promise.all(all.map((client) => client.end()))
  const seconds = (performance.now() - began) / 1000
  const answered = asked.reduce((sum, one) => sum + one.answered, 0)
  const failed = asked.flatMap((one) => one.failed)
  console.log(`${name}: ${answered} answered, ${(answered / seconds).toFixed(0)} a second, ${failed.length} failed`)
  for (const words of new Set(failed)) console.log(`  ${words}`)
  if (failed.length > 0) process.exitCode = 1
}
