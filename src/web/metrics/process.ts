import { type monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { type Family, count, gauge } from '../../lib/exposition.ts'

/** The process and its event loop, under the names that dashboards know. Reads the delay since it was last read. */
export function processFamilies(delay: ReturnType<typeof monitorEventLoopDelay>): Family[] {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const { utilization } = performance.eventLoopUtilization(last)
  last = performance.eventLoopUtilization()
  const [mean, p50, p99, most] = [delay.mean, delay.percentile(50), delay.percentile(99), delay.max].map(
    // Nobody measured yet: a mean of nothing is not a number.
    (ns) => (Number.isFinite(ns) ? ns / 1e9 : 0),
  ) as [number, number, number, number]
  delay.reset()
  return [
    count('process_cpu_seconds', 'Processor time of this process.', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Memory that this process holds.', rss),
    gauge('process_start_time_seconds', 'When this process was started.', Math.round(performance.timeOrigin) / 1000),
    gauge('nodejs_heap_size_used_bytes', 'Heap that is used.', heapUsed),
    gauge('nodejs_heap_size_total_bytes', 'Heap that is held.', heapTotal),
    gauge('nodejs_external_memory_bytes', 'Memory outside of the heap that objects hold.', external),
    gauge('nodejs_eventloop_lag_mean_seconds', 'How late the event loop was since the last reading, on average.', mean),
    gauge('nodejs_eventloop_lag_p50_seconds', 'The same, at the 50th percentile.', p50),
    gauge('nodejs_eventloop_lag_p99_seconds', 'The same, at the 99th percentile.', p99),
    gauge('nodejs_eventloop_lag_max_seconds', 'The same, at most.', most),
    gauge('nodejs_eventloop_utilization_ratio', 'Share of the time that the event loop worked.', utilization),
  ]
}

let last = performance.eventLoopUtilization()
