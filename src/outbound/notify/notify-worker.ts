import { parentPort, workerData } from 'node:worker_threads'
import { wallClock } from '../../lib/clock.ts'
import type { Egress } from '../../lib/egress.ts'
import { giveWay } from '../../lib/give-way.ts'
import { type Network, parseNetwork } from '../../lib/guard.ts'
import { resolver } from '../../lib/resolver.ts'
import { vault } from '../../lib/vault.ts'
import { sender } from './sender.ts'
import type { Done, FromWorker, SendingSettings, ToWorker } from './wire.ts'

/**
 * The thread that writes letters and sends them: signatures, templates and slow servers are its own, and readers wait for
 * none of them. It knows no database.
 */
const port = parentPort
if (!port) throw new Error('notify-worker.ts runs as a worker thread.')
const settings = workerData as SendingSettings
// Nobody sees whether a letter leaves a tenth of a second later; that a page opens later, they do.
giveWay()

const egress: Egress = {
  resolver: resolver({ servers: settings.dnsServers }),
  allow: settings.egressAllow.map(parseNetwork).filter((network): network is Network => network !== null),
}

const tell = (message: FromWorker): void => port.postMessage(message)

/** Told together: what was sent is written down soon, and not one by one. */
const mostAtOnce = 100
const soonMs = 50
let gathered: Done[] = []
let telling: NodeJS.Timeout | null = null
function hand(): void {
  if (telling) clearTimeout(telling)
  telling = null
  if (gathered.length > 0) tell({ type: 'done', done: gathered })
  gathered = []
}

const letters = sender({
  vault: vault(settings.key),
  url: settings.url,
  means: settings.means,
  egress,
  clock: wallClock,
  done(one) {
    gathered.push(one)
    if (gathered.length >= mostAtOnce) hand()
    else telling ??= setTimeout(hand, soonMs)
  },
  broken: (which) => tell({ type: 'broken', ...which }),
  slow: (id) => tell({ type: 'slow', id }),
  fault: (fault) => tell({ type: 'fault', ...fault }),
})

const beating = setInterval(() => tell({ type: 'beat', broken: letters.brokenOnes() }), 1000)

port.on('message', (message: ToWorker) => {
  if (message.type === 'send') letters.take(message)
  else void stop(message.patienceMs)
})

async function stop(patienceMs: number): Promise<void> {
  await letters.stop(patienceMs)
  clearInterval(beating)
  hand()
  tell({ type: 'stopped' })
  port?.close()
}
