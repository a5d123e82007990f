import { parentPort, workerData } from 'node:worker_threads'
import type { CheckDetail } from '../../domain/probes/probe.ts'
import { wallClock, millisecondsOf } from '../../lib/clock.ts'
import { type Network, parseNetwork } from '../../lib/guard.ts'
import { resolver } from '../../lib/resolver.ts'
import type { Egress } from '../../lib/safe-fetch.ts'
import { probeKinds } from './kinds/index.ts'
import { runner } from './runner.ts'
import type { FromWorker, ProbeJob, ToWorker, WorkerSettings } from './wire.ts'

/**
 * The thread that checks: its own event loop, resolver and sockets, so that neither visitors nor checks wait for each
 * other. It knows no database; what it imports is loaded twice, so it imports little.
 */
const port = parentPort
if (!port) throw new Error('worker.ts runs as a worker thread.')
const settings = workerData as WorkerSettings

const egress: Egress = {
  resolver: resolver({ servers: settings.dnsServers }),
  allow: settings.egressAllow.map(parseNetwork).filter((network): network is Network => network !== null),
}

const checks = runner({
  siteId: settings.siteId,
  wall: () => millisecondsOf(wallClock.now()),
  steady: () => performance.now(),
  targetOf: (job) => probeKinds[job.kind].targetOf(job.spec),
  check,
})

function check(
  { kind, spec, timeoutMs }: Pick<ProbeJob, 'kind' | 'spec' | 'timeoutMs'>,
  lookUp: 'fresh' | 'cached',
  signal: AbortSignal,
): Promise<CheckDetail> {
  return probeKinds[kind].check(spec, { egress, timeoutMs, lookUp, signal })
}

const tell = (message: FromWorker): void => port.postMessage(message)

/** While a batch is on its way, the next one gathers here, bounded. */
let isUnderWay = false
const ticking = setInterval(() => checks.tick(), 100)
const beating = setInterval(() => {
  const nothing = { results: [], overruns: [] }
  const { results, overruns } = isUnderWay ? nothing : checks.drain()
  if (results.length > 0) isUnderWay = true
  tell({ type: 'beat', results, overruns })
}, 1000)

const running = new AbortController()
const patienceMs = 5000

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'probes':
      // A newer version may have left kinds that this one does not know: they are not measured, and look it.
      checks.setProbes(message.probes.filter((job) => Object.hasOwn(probeKinds, job.kind)))
      break
    case 'taken':
      isUnderWay = false
      checks.setHanging(message.hangs)
      break
    case 'test':
      void test(message.id, message.job)
      break
    case 'stop':
      void stop()
      break
  }
})

async function test(id: number, job: Pick<ProbeJob, 'kind' | 'spec' | 'timeoutMs'>): Promise<void> {
  tell({ type: 'tested', id, detail: await check(job, 'fresh', running.signal) })
}

async function stop(): Promise<void> {
  clearInterval(ticking)
  clearInterval(beating)
  await checks.stop(patienceMs)
  running.abort(new Error('The prober stops.'))
  tell({ type: 'stopped', results: checks.drain().results })
  port?.close()
}
