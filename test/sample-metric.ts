import type { Metric } from '../src/domain/metrics/metric.ts'
import type { Instant } from '../src/lib/clock.ts'

/** A figure of the whole site, which readers see. */
export const sampleMetric: Metric = {
  id: 'metric1',
  number: 1,
  name: 'Orders',
  translations: { fr: { name: 'Commandes' } },
  suffix: 'a minute',
  decimals: 0,
  componentId: null,
  shown: 'yes',
  createdAt: '2026-11-01T12:00:00.000Z' as Instant,
  updatedAt: '2026-11-01T12:00:00.000Z' as Instant,
}
