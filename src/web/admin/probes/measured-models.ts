import type { Metric } from '../../../domain/metrics/metric.ts'
import type { Cost, keptWithin } from '../../../domain/probes/checks/keeping.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { FormState } from '../../shared/forms.ts'
import type { Reader } from '../../../domain/site/reader.ts'
import type { MeasuredChart } from '../../shared/measured-charts.ts'
import type { MetricChart } from '../../shared/metric-charts.ts'
import type { Choice } from '../choices.ts'

/** What the page of it shows beside the fields: what each costs for the probes that there are. */
export interface MeasuringPage {
  readonly state: FormState
  readonly within: typeof keptWithin
  readonly probes: number
  readonly costs: Readonly<Record<keyof Cost | 'all', string>>
}

export interface MetricPage {
  /** Null: a new one. */
  readonly metric: Metric | null
  readonly state: FormState
  readonly components: readonly Choice[]
  readonly charts: readonly MetricChart[]
  readonly say: Reader['say']
  /** The latest of its values. */
  readonly last: { readonly at: Instant; readonly value: string } | null
  /** Where programs send its values. */
  readonly address: string | null
}

export interface ProbeChartsPage {
  readonly probe: { readonly id: string; readonly name: string }
  readonly charts: readonly MeasuredChart[]
  readonly say: Reader['say']
}
