import { type Counter, type Recorder, counter, recorder } from '../../../lib/meters.ts'

/** What is counted while checks are stored. By kind, outcome and place; never by probe, of which there are thousands. */
export interface ProbeMeters {
  readonly checks: Counter
  /** Seconds that answers took. */
  readonly took: Recorder
  /** Seconds that it took to store a batch. */
  readonly flush: Recorder
  /** Verdicts that changed, by what they changed to. */
  readonly turns: Counter
}

export function probeMeters(): ProbeMeters {
  return {
    checks: counter(),
    took: recorder([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]),
    flush: recorder([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]),
    turns: counter(),
  }
}
