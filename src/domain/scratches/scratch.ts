import type { Instant } from '../../lib/clock.ts'

/** Where somebody writes: a first word, an update, a draft of somebody's, a maintenance, or a word on one. */
const kinds = ['incident', 'update', 'draft', 'maintenance', 'work'] as const
export type ScratchKind = (typeof kinds)[number]

/** `incident`, `update:abc…`: at most one scratch of each person's stands under one subject. */
export interface Subject {
  readonly kind: ScratchKind
  /** Of the incident or maintenance; null: of a new one. */
  readonly id: string | null
}

export function subjectOf(text: string): Subject | null {
  const [, kind, id = null] = /^(incident|update|draft|maintenance|work)(?::([\w-]{1,64}))?$/.exec(text) ?? []
  const isNew = kind === 'incident' || kind === 'maintenance'
  return kind === undefined || isNew !== (id === null) ? null : { kind: kind as ScratchKind, id }
}

/** The fields of a form as the browser sends them. */
export type ScratchForm = Readonly<Record<string, string | readonly string[]>>

/** What somebody is writing and has not said yet. Known at the desk alone, and forgotten when it is said or grows old. */
export interface Scratch {
  readonly subject: string
  readonly accountId: string
  /** Of who writes. */
  readonly name: string
  readonly form: ScratchForm
  readonly version: number
  readonly beganAt: Instant
  readonly updatedAt: Instant
}

/** After so many days nobody comes back to it. */
export const keptDays = 30
/** Of one person; the oldest goes first. */
export const mostScratches = 20
/** In characters, as JSON: five languages of the longest text there may be. */
export const longestScratch = 200_000
