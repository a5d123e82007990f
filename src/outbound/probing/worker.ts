import { availableParallelism } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { CheckDetail } from '../../domain/probes/finding.ts'
import { judged, judgedInFull } from '../../domain/probes/verdicts/judging.ts'
import type { ProbeKindName } from '../../domain/probes/kinds/index.ts'
import type { Question } from '../../domain/probes/question.ts'
import { wallClock, millisecondsOf } from '../../lib/clock.ts'
import { type Network, parseNetwork } from '../../lib/guard.ts'
import { resolver } from '../../lib/resolver.ts'
import { asksForTheRoot } from '../../lib/root-names.ts'
import type { Egress } from '../../lib/egress.ts'
import { sings } from './canaries.ts'
import type { ProbeKind } from './kind.ts'
import { loadKind } from './kinds/index.ts'
import { ownLine } from './own-line.ts'
import type { Aside } from './places.ts'
import { runner } from './runner.ts'
import { strainOfThread } from './strain.ts'
import type { FromWorker, ToWorker, WorkerSettings } from './wire.ts'

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

const kinds = new Map<ProbeKindName, ProbeKind<unknown>>()

const line = ownLine({
  canaries: settings.canaries,
  sings: (canary) => sings(egress, canary),
  namesAnswer: () => asksForTheRoot(settings.dnsServers, 1500),
  steady: () => performance.now(),
})
const strain = strainOfThread()

const checks = runner({
  mostAtOnce: Math.min(256, 32 * availableParallelism()),
  siteId: settings.siteId,
  wall: () => millisecondsOf(wallClock.now()),
  steady: () => performance.now(),
  targetOf: (job) => kinds.get(job.kind)?.targetOf(job.spec) ?? '',
  check,
  weigh: (how) => line.weigh(how),
  answered: () => line.answered(),
  isStrained: () => strain.isStrained(),
})

async function check(
  { kind, spec, expects, timeoutMs, locked }: Question,
  lookUp: 'fresh' | 'cached',
  signal: AbortSignal,
  aside: Aside,
  judge = judged,
): Promise<CheckDetail> {
  if (locked) return judge({ fault: 'sealed', ms: 0, certificate: null }, expects, wallClock.now())
  const way = kinds.get(kind)
  if (!way) throw new Error(`Nobody knows how to check ${kind}.`)
  const { resolver, allow } = egress
  const patient: Egress = {
    resolver: { ...resolver, lookUp: (name, how) => aside(resolver.lookUp(name, how)) },
    allow,
  }
  return judge(
    await way.check(spec, { egress: patient, timeoutMs, lookUp, signal, chromium: settings.chromium ?? null }),
    expects,
    wallClock.now(),
  )
}

/** Only the kinds that are used are loaded. */
async function know(names: Iterable<ProbeKindName>): Promise<void> {
  for (const name of new Set(names)) {
    const way = kinds.has(name) ? null : await loadKind(name)
    if (way) kinds.set(name, way)
  }
}

const tell = (message: FromWorker): void => port.postMessage(message)

/** While a batch is on its way, the next one gathers here, bounded. */
let isUnderWay = false
const [shortestTickMs, longestTickMs] = [5, 100]
let ticking = setTimeout(tick, longestTickMs)
function tick(): void {
  const dueInMs = checks.tick()
  ticking = setTimeout(tick, Math.min(longestTickMs, Math.max(shortestTickMs, dueInMs)))
}

const beating = setInterval(() => {
  const nothing = { results: [], overruns: [] }
  const { results, overruns } = isUnderWay ? nothing : checks.drain()
  if (results.length > 0) isUnderWay = true
  tell({ type: 'beat', results, overruns, vitals: { ...checks.vitals(), ...strain.read(), line: line.last } })
}, 1000)

/** One list after the other, also while a kind is being loaded. */
let learning = Promise.resolve()
const running = new AbortController()
const patienceMs = 5000

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'probes':
      learning = learning.then(async () => {
        await know(message.probes.map((job) => job.kind))
        // A newer version may have left kinds that this one does not know: they are not measured, and look it.
        checks.setProbes(message.probes.filter((job) => kinds.has(job.kind)))
      })
      break
    case 'changes':
      learning = learning.then(async () => {
        await know(message.probes.map((job) => job.kind))
        checks.changeProbes(
          message.probes.filter((job) => kinds.has(job.kind)),
          message.gone,
        )
      })
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

/** Somebody waits for it, so it holds no place that it could give up. */
const atOnce: Aside = (wait) => wait

async function test(id: number, job: Question): Promise<void> {
  tell({ type: 'tested', id, detail: await tested(job) })
}

async function tested(job: Question): Promise<CheckDetail> {
  try {
    await know([job.kind])
    return await check(job, 'fresh', running.signal, atOnce, judgedInFull)
  } catch {
    // A bug in a kind must not end the worker, with everything that it checks for others.
    return judged({ fault: 'prober', ms: 0, certificate: null }, job.expects, wallClock.now())
  }
}

async function stop(): Promise<void> {
  clearTimeout(ticking)
  clearInterval(beating)
  await checks.stop(patienceMs)
  running.abort(new Error('The prober stops.'))
  tell({ type: 'stopped', results: checks.drain().results })
  port?.close()
}
