import type { CheckDetail, Outcome, Reason, Trace } from '../../domain/probes/finding.ts'
import type { Question } from '../../domain/probes/question.ts'
import type { Line } from './own-line.ts'
import type { Vitals } from './vitals.ts'

/** What the worker must know of a probe. */
export interface ProbeJob extends Question {
  readonly id: string
  readonly intervalMs: number
  /** How soon a verdict that hangs in the balance is checked again; left out: as is usual. */
  readonly confirmMs?: number | null
  /** Whether its verdict hangs in the balance, so that it is checked sooner. */
  readonly hangs: 'yes' | 'no'
}

/** A check as it leaves the worker: its age, not its time, because the clock is the main thread's. */
export interface Result {
  readonly probeId: string
  readonly ageMs: number
  readonly outcome: Outcome
  readonly reason: Reason | null
  readonly ms: number | null
  readonly code: number | null
  /** Only of checks that a verdict may rest on: of ten thousand that are well nobody asks. */
  readonly trace?: Trace
}

export interface WorkerSettings {
  readonly siteId: string
  readonly dnsServers: readonly string[]
  readonly egressAllow: readonly string[]
  readonly canaries: readonly string[]
  /** The program that visits pages, where there is one. */
  readonly chromium?: string | null
}

/** How the worker fares, for `/metrics` and for the desk. */
export interface WorkerVitals extends Vitals {
  /** Of this thread alone, since it began. */
  readonly cpuSeconds: number
  /** Milliseconds that the event loop was late, at the 99th percentile of the last second. */
  readonly loopDelayMs: number
  /** What was found last of our own line; null: nobody had to ask. */
  readonly line: Line | null
}

export type ToWorker =
  /** The whole list: what is not in it is no longer checked. */
  | { readonly type: 'probes'; readonly probes: readonly ProbeJob[] }
  /** Only what changed, and what is gone. */
  | { readonly type: 'changes'; readonly probes: readonly ProbeJob[]; readonly gone: readonly string[] }
  /** The last batch is stored; the next may come. */
  | { readonly type: 'taken'; readonly hangs: Readonly<Record<string, 'yes' | 'no'>> }
  | { readonly type: 'test'; readonly id: number; readonly job: Question }
  | { readonly type: 'stop' }

export type FromWorker =
  /** Alive, once a second, with what there is to tell. */
  | {
      readonly type: 'beat'
      readonly results: readonly Result[]
      readonly overruns: readonly string[]
      readonly vitals: WorkerVitals
    }
  | { readonly type: 'tested'; readonly id: number; readonly detail: CheckDetail }
  | { readonly type: 'stopped'; readonly results: readonly Result[] }
