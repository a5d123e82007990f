import type { Visit } from '../../domain/probes/visit.ts'

/** What the process that visits is told. */
export interface VisitTask {
  readonly chromium: string
  readonly url: string
  /** With what is secret filled in. */
  readonly visit: Visit
  readonly proxy: { readonly server: string; readonly username: string; readonly password: string }
  /** From the first page on, without the time that a browser needs to start. */
  readonly timeoutMs: number
}

/** How it went. `line`: of the step that did not succeed, 0 for the first page. */
export type VisitReport =
  | { readonly went: 'well'; readonly ms: number }
  | {
      readonly went: 'astray'
      readonly ms: number
      readonly line: number
      readonly host: string
      readonly fault: VisitTrouble
    }
  | { readonly went: 'nowhere' }

/** A page answered with this status; it did not load, or not in time; what was to be done or seen was not there. */
export type VisitTrouble = number | 'unloaded' | 'certificate' | 'late' | 'missing'
