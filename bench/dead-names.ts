/**
 * What names that nobody answers for do to probes that are well: how late those begin, beside 0, 4 and 500 dead ones, in
 * the worker as it ships. Nothing else should run.
 *
 *     node bench/dead-names.ts [seconds each, 40]
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import dnsPacket from 'dns-packet'
import { kinds } from '../src/domain/probes/kinds/index.ts'
import { nextSlot, rhythmOf } from '../src/outbound/probing/slots.ts'
import type { FromWorker, ProbeJob, ToWorker, WorkerSettings } from '../src/outbound/probing/wire.ts'

const [seconds = 40] = process.argv.slice(2).map(Number)
const siteId = 'bench'
const healthyProbes = 20
const warmUpMs = 6000

/** Knows one name, and the root; of everything else it says nothing, as a black hole does. */
const names = createSocket('udp4')
names.on('message', (message, from) => {
  const { id = 0, questions = [] } = dnsPacket.decode(message)
  const [question] = questions
  if (!question || !(question.name === 'healthy.test' || question.name === '.')) return
  const answers =
    question.type === 'A'
      ? [{ type: 'A' as const, name: question.name, ttl: 0, data: '127.0.0.1' }]
      : question.type === 'NS'
        ? [{ type: 'NS' as const, name: '.', data: 'a.root-servers.net' }]
        : []
  const flags = dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE
  names.send(dnsPacket.encode({ type: 'response', id, flags, questions, answers }), from.port, from.address)
})
names.bind(0, '127.0.0.1')
await once(names, 'listening')

/** When each healthy probe was here, by its path. */
const arrivals: { readonly id: string; readonly at: number }[] = []
const web = createServer((request, response) => {
  arrivals.push({ id: (request.url ?? '/').slice(1), at: performance.timeOrigin + performance.now() })
  response.end('well')
})
web.listen(0, '127.0.0.1')
await once(web, 'listening')
const { port } = web.address() as AddressInfo

console.log(
  `${healthyProbes} healthy probes, every 2 s, with a fresh look-up each; how late their requests arrive, in ms`,
)
for (const dead of [0, 4, 500]) console.log(await lateness(dead))
names.close()
web.close()

async function lateness(dead: number): Promise<string> {
  const workerData: WorkerSettings = {
    siteId,
    dnsServers: [`127.0.0.1:${names.address().port}`],
    egressAllow: ['127.0.0.1'],
    canaries: [],
  }
  const worker = new Worker(new URL('../src/outbound/probing/worker.ts', import.meta.url), { workerData })
  let failed = 0
  worker.on('message', (message: FromWorker) => {
    if (message.type !== 'beat' || message.results.length === 0) return
    failed += message.results.filter(({ probeId, outcome }) => probeId.startsWith('h') && outcome !== 'pass').length
    // Whoever fails is looked at again soon, which is when there is most to do.
    const hangs = Object.fromEntries(
      message.results.map(({ probeId }) => [probeId, probeId.startsWith('d') ? 'yes' : 'no'] as const),
    )
    tell(worker, { type: 'taken', hangs })
  })
  const healthy = Array.from({ length: healthyProbes }, (_, index) => job(`h${index}`, 'healthy.test', 2000))
  const silent = Array.from({ length: dead }, (_, index) => job(`d${index}`, `dead-${index}.test`, 60_000))
  tell(worker, { type: 'probes', probes: [...healthy, ...silent] })
  await pause(warmUpMs + 15_000)
  arrivals.length = 0
  await pause(seconds * 1000)
  const late = arrivals.map(lateBy).toSorted((a, b) => a - b)
  tell(worker, { type: 'stop' })
  await worker.terminate()
  const at = (share: number): string =>
    (late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? NaN).toFixed(1)
  const expected = (healthyProbes * seconds) / 2
  return `${String(dead).padStart(4)} dead names: p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}; ${late.length} of ${expected} came, ${failed} did not pass`
}

function job(id: string, host: string, intervalMs: number): ProbeJob {
  const spec = kinds.http.read({ url: `http://${host}:${port}/${id}` })
  return {
    id,
    kind: 'http',
    spec,
    expects: { latencyLimitMs: null, assertions: [] },
    timeoutMs: Math.min(10_000, intervalMs - 1),
    intervalMs,
    hangs: 'no',
  }
}

/** How long after its slot began it came. */
function lateBy({ id, at }: { readonly id: string; readonly at: number }): number {
  const rhythm = rhythmOf(id, siteId, 2000)
  return at - (nextSlot(at, rhythm) - rhythm.intervalMs)
}

function tell(worker: Worker, message: ToWorker): void {
  worker.postMessage(message)
}
