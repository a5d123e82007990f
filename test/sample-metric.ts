import type { Metric } from '../src/domain/metrics/metric.ts'

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
}
