import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Deps } from '../../deps.ts'
import { listPlaces } from '../../domain/places/queries.ts'
import { type Family, count, gauge } from '../../lib/exposition.ts'
import { millisecondsOf } from '../../lib/clock.ts'
import { bounds as latenessBounds } from '../../outbound/probing/histogram.ts'
import type { Prober } from '../../outbound/probing/prober.ts'
import type { Publication } from '../shared/publication.ts'
import { incidentCounts, lastHeartbeat, probeCounts } from './counts.ts'
import { deliveryFamilies } from './deliveries.ts'
import { processFamilies } from './process.ts'

export type CollectParts = Pick<Deps, 'db' | 'clock' | 'health' | 'meters' | 'deliveryMeters'> & {
  readonly publication: Publication
  readonly version: string
  prober(): Pick<Prober, 'vitals' | 'overruns' | 'lastTickAt'> | null
}

/** Answers everything that `/metrics` says, each time anew. What it asks the database is counted there, not read. */
export function collector(parts: CollectParts): () => Promise<Family[]> {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const shelf = followed(parts.publication)
  return async () => [
    gauge('candor_build_info', 'The version that runs.', 1, { version: parts.version }),
    ...probing(parts),
    ...(await stored(parts)),
    ...(await places(parts)),
    ...(await deliveryFamilies(parts)),
    ...published(parts, shelf),
    ...(await wellness(parts)),
    ...processFamilies(delay),
  ]
}

function probing({ meters, prober }: CollectParts): Family[] {
  const running = prober()
  const vitals = running?.vitals ?? null
  const overruns = running ? [...running.overruns.values()].reduce((a, b) => a + b, 0) : null
  return [
    { name: 'candor_checks', help: 'Checks that were stored.', type: 'counter', samples: meters.checks.read() },
    {
      name: 'candor_check_duration_seconds',
      help: 'How long answers took.',
      type: 'histogram',
      bounds: meters.took.bounds,
      distributions: meters.took.read(),
    },
    {
      name: 'candor_check_lateness_seconds',
      help: 'How much later than due the checks of this machine began.',
      type: 'histogram',
      bounds: latenessBounds.map((ms) => ms / 1000),
      distributions: vitals ? [{ labels: {}, counts: vitals.lateness.counts, sum: vitals.lateness.sum / 1000 }] : [],
    },
    count('candor_probe_overruns', 'Checks that were left out, because the one before still ran.', overruns),
    gauge('candor_prober_checks_running', 'Checks under way.', vitals?.running ?? null),
    gauge('candor_prober_checks_queued', 'Checks that are due and wait for their turn.', vitals?.queued ?? null),
    gauge('candor_prober_results_waiting', 'Results that wait to be stored.', vitals?.waiting ?? null),
    count('candor_prober_results_dropped', 'Results that were lost for want of room.', vitals?.dropped ?? null),
    count('candor_prober_cpu_seconds', 'Processor time of the prober.', vitals?.cpuSeconds ?? null),
    gauge(
      'candor_prober_loop_delay_seconds',
      'How late the prober’s event loop was, at the 99th percentile of a second.',
      vitals ? vitals.loopDelayMs / 1000 : null,
    ),
    gauge(
      'candor_prober_tick_timestamp_seconds',
      'When the prober last said that it is alive.',
      running?.lastTickAt ? millisecondsOf(running.lastTickAt) / 1000 : null,
    ),
    gauge(
      'candor_prober_online',
      'Whether our own line worked when it was last asked.',
      vitals?.line ? Number(vitals.line === 'online') : null,
    ),
    { name: 'candor_verdict_changes', help: 'Verdicts that changed.', type: 'counter', samples: meters.turns.read() },
    {
      name: 'candor_flush_duration_seconds',
      help: 'How long it took to store a batch of checks.',
      type: 'histogram',
      bounds: meters.flush.bounds,
      distributions: meters.flush.read(),
    },
  ]
}

async function stored({ db }: CollectParts): Promise<Family[]> {
  return [
    { name: 'candor_probes', help: 'Probes by what is found.', type: 'gauge', samples: await probeCounts(db) },
    {
      name: 'candor_incidents',
      help: 'Incidents that are not over.',
      type: 'gauge',
      samples: await incidentCounts(db),
    },
    gauge('candor_heartbeat_timestamp_seconds', 'When the database was last written to.', await lastHeartbeat(db)),
  ]
}

async function places({ db }: CollectParts): Promise<Family[]> {
  const others = (await listPlaces(db)).filter((place) => place.heardAt !== null)
  const of = (number: number): { readonly place: string } => ({ place: String(number) })
  return [
    {
      name: 'candor_place_info',
      help: 'Places that check for this page.',
      type: 'gauge',
      samples: others.map(({ number, name, version }) => ({
        labels: { ...of(number), name, version: version ?? '' },
        value: 1,
      })),
    },
    {
      name: 'candor_place_heard_timestamp_seconds',
      help: 'When a place was last heard.',
      type: 'gauge',
      samples: others.flatMap(({ number, heardAt }) =>
        heardAt === null ? [] : { labels: of(number), value: millisecondsOf(heardAt) / 1000 },
      ),
    },
    {
      name: 'candor_place_clock_offset_seconds',
      help: 'How far the clock of a place is ahead.',
      type: 'gauge',
      samples: others.flatMap(({ number, clockMs }) =>
        clockMs === null ? [] : { labels: of(number), value: clockMs / 1000 },
      ),
    },
  ]
}

interface Shelf {
  made: number
  readonly sizes: Map<string, number>
}

/** What is published, as whoever follows it is told. */
function followed(publication: Publication): Shelf {
  const shelf: Shelf = { made: 0, sizes: new Map() }
  publication.follow(({ changed, gone }) => {
    for (const path of gone) shelf.sizes.delete(path)
    for (const [path, { size }] of changed) shelf.sizes.set(path, size)
    shelf.made += changed.size
  })
  return shelf
}

function published({ publication }: CollectParts, { made, sizes }: Shelf): Family[] {
  const bytes = [...sizes.values()].reduce((a, b) => a + b, 0)
  return [
    count('candor_publication_documents_made', 'Documents that were rendered, or packed better.', made),
    gauge('candor_publication_documents', 'Documents that are ready.', sizes.size),
    gauge('candor_publication_bytes', 'Bytes of them, in every form in which they are kept.', bytes),
    gauge(
      'candor_publication_timestamp_seconds',
      'When what is published was true.',
      publication.asOf ? millisecondsOf(publication.asOf) / 1000 : null,
    ),
  ]
}

async function wellness({ health }: CollectParts): Promise<Family[]> {
  const parts = Object.entries({ ...(await health.parts()), ...(await health.remarks()) })
  return [
    {
      name: 'candor_part_healthy',
      help: 'Whether a part does its work, as /readyz says.',
      type: 'gauge',
      samples: parts.map(([part, problem]) => ({ labels: { part }, value: Number(problem === null) })),
    },
  ]
}
