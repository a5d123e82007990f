import type { Probe } from './probe.ts'

/** What is asked and what is accepted, without a rhythm. */
export interface Question extends Pick<Probe, 'kind' | 'spec' | 'expects' | 'timeoutMs'> {
  /** A secret of it does not open with our key, so that nothing can be asked. */
  readonly locked?: 'yes'
}
